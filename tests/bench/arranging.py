"""What the timeline costs: 200 sections on 8 lanes, 10 hours of clips in the list."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from app.document.edits.made import add_clips, put_run
from app.document.edits.songs import add_song
from app.document.edits.tree import change_song
from app.document.model import SONG_RATE, Clip, Lane, Project, Run, Section, Song
from app.studio.peaks import PeaksBuilder, keep_peaks
from tests.bench.measuring import Figure

_CLIPS, _CLIP_SECONDS, _RATE = 150, 240, 16_000
_LANES, _SECTIONS = 8, 25
_FRAMES = 120


def measure() -> Iterator[tuple[str, Figure]]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from app.desktop import make_application
    from app.jobs.job import JobList
    from app.jobs.open_project import OpenProject
    from app.jobs.player import Player
    from app.screens.arrange import ArrangeScreen

    application = QApplication.instance() or make_application()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        project, bytes_of_peaks = _project(path)
        opened = OpenProject(path, project)
        player = Player()
        began = time.perf_counter()
        screen = ArrangeScreen(opened, JobList(), player)
        screen.resize(1272, 804)
        screen.show()
        application.processEvents()
        yield "arrange.open_s", Figure(time.perf_counter() - began, "s", note="to the first paint")
        _settle(1.5)
        timeline = screen.timeline
        timeline.set_scale(timeline.scene.scale.zoomed(1.0, 0))
        yield "arrange.repaint_ms", _each(lambda _: timeline.viewport().repaint(), "nothing moves")
        timeline.zoom(3.0, 0)
        _settle(0.5)

        def scroll(step: int) -> None:
            timeline.scroll_by(9)
            timeline.viewport().repaint()

        yield "arrange.scroll_ms", _each(scroll, "scrolling 9 px a frame")
        timeline.fit()
        _settle(0.5)

        def drag(step: int) -> None:
            timeline.drag(_point(300 + step, 60), snap=True)
            timeline.viewport().repaint()

        _grab(timeline)
        yield "arrange.drag_ms", _each(drag, "one section dragged, with snapping")
        timeline.cancel()
        timeline.select(part.id for lane in timeline.song.lanes for part in lane.sections)
        _grab(timeline)
        yield "arrange.drag_all_ms", _each(drag, "all 200 dragged")
        timeline.cancel()

        def zoom(step: int) -> None:
            timeline.zoom(1.1 if step % 40 < 20 else 1 / 1.1, 500)
            timeline.viewport().repaint()

        yield "arrange.zoom_ms", _each(zoom, "a step of zoom")
        hours = _CLIPS * _CLIP_SECONDS / 3600
        yield "arrange.peaks_mb_per_hour", Figure(bytes_of_peaks / 2**20 / hours, "MB/h")
        screen.shut()
        player.close()
        opened.close()


def _project(path: Path) -> tuple[Project, int]:
    """Clips whose waveforms are in the cache, and no sound: only looks are measured."""
    noise = np.random.default_rng(0)
    clips, size = [], 0
    (path / "clips").mkdir()
    for number in range(_CLIPS):
        file = f"clips/c{number:04d}.flac"
        (path / file).write_bytes(b"fLaC")
        builder = PeaksBuilder(_RATE)
        builder.add(noise.uniform(-0.8, 0.8, _CLIP_SECONDS * _RATE).astype(np.float32))
        peaks = builder.peaks()
        size += peaks.finest.nbytes * 4 // 3
        keep_peaks(path / file, path / "cache", peaks)
        clips.append(
            Clip(
                id=f"c{number:04d}", run="r", epoch=number // 4 + 1, file=file, rate=_RATE,
                samples=_CLIP_SECONDS * _RATE, seed=number, temperature=1.0,
            )
        )  # fmt: skip
    project = add_clips(put_run(Project(name="bench"), Run(id="r", preset="sketch", epoch=38)), clips)
    project = add_song(project, lanes=0)
    return change_song(project, project.songs[0].id, lambda song: _song(song.id, noise)), size


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


def _grab(timeline: object) -> None:
    from app.widgets.timeline.gestures import Move
    from app.widgets.timeline.view import TimelineView

    assert isinstance(timeline, TimelineView)
    song = timeline.song
    first = song.lanes[0].sections[3]
    chosen = timeline.selection or frozenset((first.id,))
    timeline.begin(Move(song, chosen, first, timeline.scene.scale.frame(300), 0))


def _point(x: int, y: int) -> object:
    from PySide6.QtCore import QPoint

    return QPoint(x, y)


def _each(work: Callable[[int], object], note: str) -> Figure:
    times = []
    for step in range(_FRAMES):
        began = time.perf_counter()
        work(step)
        times.append((time.perf_counter() - began) * 1000)
    median = statistics.median(times)
    worst = sorted(times)[int(len(times) * 0.95)]
    return Figure(median, "ms", (max(times) - min(times)) / median, f"{note}; 95 % within {worst:.1f} ms")


def _settle(seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        QCoreApplication.processEvents()
        time.sleep(0.005)
