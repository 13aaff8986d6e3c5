"""Plays a song in the real window, by its key; a program of its own, because Qt asks for the sound server only once.

    python -m tests.playback.in_window PROJECT [--learn] [--starts N | --until-told]

What happens is told as lines of JSON on the standard output.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest

from app.desktop import Collector, make_application
from app.document.store import load_project
from app.jobs.train import PRESETS, TrainingJob, TrainingPlan, start_training
from app.playback.player import Player
from app.screens.arrange.screen import ArrangeScreen
from app.screens.window.main_window import MainWindow
from app.screens.window.settings import Memory
from app.session.open_project import OpenProject

_PATIENCE_SECONDS = 300.0
_BETWEEN_SECONDS = 1.0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("project", type=Path)
    parser.add_argument("--learn", action="store_true", help="let a model learn meanwhile")
    parser.add_argument("--starts", type=int, default=0, help="only begin to play, so many times")
    parser.add_argument("--until-told", action="store_true", help="play until something comes on the standard input")
    arguments = parser.parse_args()
    application = make_application()
    Collector(application)
    with tempfile.TemporaryDirectory() as place:
        project = OpenProject(arguments.project, load_project(arguments.project))
        window = MainWindow(project, Memory(Path(place) / "window.json", Path(place)))
        window.show()
        window.workspace.go("arrange")
        player = window.workspace.player
        player.failed.connect(lambda why: tell("failed", words=why))
        player.found.connect(lambda name: tell("found", words=name, at=player.position))
        wait(_BETWEEN_SECONDS)
        job = learn(project, window) if arguments.learn else None
        steps = job.log.step.step if job is not None and job.log.step is not None else 0
        if arguments.starts:
            for _ in range(arguments.starts):
                player.seek(_BETWEEN_SECONDS)
                press(window)
                wait(_BETWEEN_SECONDS)
                press(window)
                wait(_BETWEEN_SECONDS)
        elif arguments.until_told:
            press(window)
            play_until_told(player)
        else:
            press(window)
            until(lambda: not player.is_playing)
        learnt = job.log.step.step - steps if job is not None and job.log.step is not None else 0
        tell("done", position=player.position, is_playing=player.is_playing, steps=learnt)
        window.stop_and_close()
        until(lambda: window.is_closed)


def learn(project: OpenProject, window: MainWindow) -> TrainingJob:
    """Starts learning on all cores; returns once it is under way."""
    sketch = PRESETS["sketch"]
    plan = TrainingPlan(replace(sketch, train=replace(sketch.train, steps_per_epoch=200)), epochs=1000)
    job = start_training(project, window.workspace.jobs, plan)
    job.failed.connect(lambda why: tell("failed", words=why))
    until(lambda: job.log.step is not None or not job.is_running)
    return job


def press(window: MainWindow) -> None:
    """Space: plays, or stops."""
    screen = window.workspace.screens["arrange"]
    assert isinstance(screen, ArrangeScreen)
    tell("key", at=time.monotonic())
    QTest.keyClick(screen.timeline, Qt.Key.Key_Space)


def play_until_told(player: Player) -> None:
    told = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), told.set()), daemon=True).start()
    until(lambda: player.position > 0.3)
    tell("playing", at=player.position)
    while not told.is_set():
        before = player.position
        wait(_BETWEEN_SECONDS / 3)
        if player.position > before:
            tell("still playing", at=player.position)


def wait(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def until(done: Callable[[], bool]) -> None:
    patience = time.monotonic() + _PATIENCE_SECONDS
    while not done() and time.monotonic() < patience:
        wait(0.05)


def tell(what: str, **more: object) -> None:
    sys.stdout.write(json.dumps({"what": what, **more}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
