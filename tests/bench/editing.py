"""What an edit costs: a section moved in a song, with few clips in the project and with thousands."""

from __future__ import annotations

import logging
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.document.edits.made import add_clips, put_run
from app.document.edits.sections import move_sections, place_clip
from app.document.edits.songs import add_song
from app.document.model import SONG_RATE, Clip, Project, Run
from app.document.store import save_project
from tests.bench.measuring import Figure

_FEW, _MANY = 8, 3_008
_SECTIONS = 6
_EDITS = 60
_RATE, _CLIP_SECONDS = 16_000, 20


def measure() -> Iterator[tuple[str, Figure]]:
    """ms from the call of an edit until all that is shown is right, in the whole window; painting comes after it."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    logging.disable(logging.WARNING)  # the clips have no sound, which is told of each
    for name, clips in (("small", _FEW), ("large", _MANY)):
        yield f"edit.{name}_ms", _moving(clips)
    logging.disable(logging.NOTSET)


def _moving(clips: int) -> Figure:
    from app.desktop import make_application
    from app.document.store import load_project
    from app.screens.window.main_window import MainWindow
    from app.screens.window.settings import Memory
    from app.session.open_project import OpenProject

    application = QApplication.instance() or make_application()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "Bench.deepcuts"
        path.mkdir()
        save_project(path, _project(clips))
        project = OpenProject(path, load_project(path))
        window = MainWindow(project, Memory(Path(folder) / "w.json", Path(folder)))
        window.resize(1440, 900)
        window.workspace.go("arrange")
        window.show()
        _settle(application, 2.0)
        section = project.value.songs[0].lanes[0].sections[-1].id
        times = []
        for step in range(_EDITS):
            began = time.perf_counter()
            project.edit("Move", move_sections, [section], SONG_RATE if step % 2 else -SONG_RATE)
            times.append((time.perf_counter() - began) * 1000)
            project.settle()  # saving is in a thread of its own, and is not what is measured
            _settle(application, 0.02)
        window.stop_and_close()
        while not window.is_closed:
            _settle(application, 0.05)
    median = statistics.median(times)
    worst = sorted(times)[int(len(times) * 0.95)]
    note = f"a section moved, {clips} clips in the list; 95 % within {worst:.1f} ms"
    return Figure(median, "ms", (max(times) - min(times)) / median, note)


def _project(clips: int) -> Project:
    """A song of a few sections on three lanes; the clips have no files, as only what is shown is measured."""
    made = [
        Clip(
            id=f"c{number:04d}", run="r", epoch=number % 38 + 1, file=f"clips/c{number:04d}.flac", rate=_RATE,
            samples=_CLIP_SECONDS * _RATE, seed=number, temperature=1.0,
        )
        for number in range(clips)
    ]  # fmt: skip
    project = add_clips(put_run(Project(name="bench"), Run(id="r", preset="sketch", epoch=38)), made)
    project = add_song(project, lanes=3)
    for place in range(_SECTIONS):
        lane = project.songs[0].lanes[place % 3].id
        project = place_clip(project, lane, made[place].id, (1 + place // 3 * 10) * SONG_RATE, length=8 * SONG_RATE)
    return project


def _settle(application: QApplication, seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        application.processEvents()
        time.sleep(0.005)
