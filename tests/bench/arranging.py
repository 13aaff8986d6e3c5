"""What the timeline costs: 200 sections on 8 lanes, 10 hours of clips in the list."""

from __future__ import annotations

import logging
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from app.document.edits.made import add_clips, put_run
from app.document.edits.songs import add_song
from app.document.model import SONG_RATE, Clip, Lane, Project, Run, Section, Song
from app.document.store import save_project
from app.document.tree import change_song
from app.studio.analysis.peaks import PeaksBuilder, keep_peaks
from tests.bench.measuring import Figure

if TYPE_CHECKING:
    from app.widgets.timeline.view import TimelineView

_CLIPS, _CLIP_SECONDS, _RATE = 150, 240, 16_000
_LANES, _SECTIONS = 8, 25
_FRAMES = 120


def measure() -> Iterator[tuple[str, Figure]]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from app.desktop import make_application
    from app.document.store import load_project
    from app.screens.arrange.screen import ArrangeScreen
    from app.screens.window.main_window import MainWindow
    from app.screens.window.settings import Memory
    from app.session.open_project import OpenProject

    application = QApplication.instance() or make_application()
    logging.disable(logging.WARNING)  # the clips have no sound, which is told of each
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "Bench.deepcuts"
        peaks_bytes = _make_project(path)
        began = time.perf_counter()
        window = MainWindow(OpenProject(path, load_project(path)), Memory(Path(folder) / "w.json", Path(folder)))
        window.resize(1440, 900)
        window.workspace.go("arrange")
        window.show()
        application.processEvents()
        window.workspace.repaint()
        yield "arrange.open_s", Figure(time.perf_counter() - began, "s", note="from the folder to the first paint")
        _settle(3.0)
        screen = window.workspace.screens["arrange"]
        assert isinstance(screen, ArrangeScreen)
        yield from _moving(screen.timeline)
        hours = _CLIPS * _CLIP_SECONDS / 3600
        yield "arrange.peaks_mb_per_hour", Figure(peaks_bytes / 1e6 / hours, "MB/h", note="all scales, in memory")
        window.stop_and_close()
        while not window.is_closed:
            _settle(0.05)
    logging.disable(logging.NOTSET)


def _moving(timeline: TimelineView) -> Iterator[tuple[str, Figure]]:
    """Repaints while the hand moves things. `arrange.repaint_ms` is the median over scrolling and dragging together."""
    timeline.state.fit()
    _settle(0.5)
    yield "arrange.still_ms", _figure(_times(lambda _: timeline.viewport().repaint()), "nothing moves, 200 in view")
    timeline.state.zoom(3.0, 0)
    _settle(0.5)

    def scroll(step: int) -> None:
        timeline.state.scroll_by(9)
        timeline.viewport().repaint()

    scrolling = _times(scroll)
    timeline.state.fit()
    _settle(0.5)

    def drag(step: int) -> None:
        timeline.state.drag(300 + step, 60, timeline.snap.now())
        timeline.viewport().repaint()

    _grab(timeline)
    one = _times(drag)
    timeline.state.cancel()
    timeline.state.select(part.id for lane in timeline.state.song.lanes for part in lane.sections)
    _grab(timeline)
    every = _times(drag)
    timeline.state.cancel()

    def zoom(step: int) -> None:
        timeline.state.zoom(1.1 if step % 40 < 20 else 1 / 1.1, 500)
        timeline.viewport().repaint()

    yield "arrange.repaint_ms", _figure([*scrolling, *one, *every], "scrolling, and dragging one and all 200 sections")
    yield "arrange.scroll_ms", _figure(scrolling, "scrolling 9 px a frame")
    yield "arrange.drag_ms", _figure(one, "one section dragged, with snapping")
    yield "arrange.drag_all_ms", _figure(every, "all 200 dragged")
    yield "arrange.zoom_ms", _figure(_times(zoom), "a step of zoom")


def _make_project(path: Path) -> int:
    """Clips whose waveforms are in the cache, and no sound: only looks are measured. Gives the size of their peaks."""
    noise = np.random.default_rng(0)
    clips, size = [], 0
    (path / "clips").mkdir(parents=True)
    for number in range(_CLIPS):
        file = f"clips/c{number:04d}.flac"
        (path / file).write_bytes(b"fLaC")
        builder = PeaksBuilder(_RATE)
        builder.add(noise.uniform(-0.8, 0.8, _CLIP_SECONDS * _RATE).astype(np.float32))
        peaks = builder.peaks()
        size += peaks.bytes
        keep_peaks(path / file, path / "cache", peaks)
        clips.append(
            Clip(
                id=f"c{number:04d}", run="r", epoch=number // 4 + 1, file=file, rate=_RATE,
                samples=_CLIP_SECONDS * _RATE, seed=number, temperature=1.0,
            )
        )  # fmt: skip
    project = add_clips(put_run(Project(name="bench"), Run(id="r", preset="sketch", epoch=38)), clips)
    project = add_song(project, lanes=0)
    save_project(path, change_song(project, project.songs[0].id, lambda song: _song(song.id, noise)))
    return size


def _song(id: str, noise: np.random.Generator) -> Song:
    length = 8 * SONG_RATE
    lanes = []
    for lane in range(_LANES):
        sections = tuple(
            Section(
                id=f"x{lane * _SECTIONS + place}",
                clip=f"c{noise.integers(_CLIPS):04d}",
                start=place * length,
                offset=int(noise.integers(100 * SONG_RATE)),
                length=length + (2000 if place % 3 == 0 else -4000),
                gain_db=-1.5,
                fade_in=4000,
                fade_out=8000,
            )
            for place in range(_SECTIONS)
        )
        lanes.append(Lane(id=f"l{lane}", sections=sections))
    return Song(id=id, lanes=tuple(lanes))


def _grab(timeline: TimelineView) -> None:
    from app.widgets.timeline.gestures import Move

    song = timeline.state.song
    first = song.lanes[0].sections[3]
    chosen = timeline.state.selection or frozenset((first.id,))
    timeline.state.begin(Move(song, chosen, first, timeline.state.scale.frame(300), 0))


def _times(work: Callable[[int], object]) -> list[float]:
    """In ms."""
    times = []
    for step in range(_FRAMES):
        began = time.perf_counter()
        work(step)
        times.append((time.perf_counter() - began) * 1000)
    return times


def _figure(times: list[float], note: str) -> Figure:
    median = statistics.median(times)
    worst = sorted(times)[int(len(times) * 0.95)]
    return Figure(median, "ms", (max(times) - min(times)) / median, f"{note}; 95 % within {worst:.1f} ms")


def _settle(seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        QCoreApplication.processEvents()
        time.sleep(0.005)
