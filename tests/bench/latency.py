"""How long the window keeps one waiting while a model learns in a thread beside it.

    python -m tests.bench.latency [--seconds 30] [--idle]

A timer of 10 ms runs in the thread of the window, which shows the Train screen of a real training. Its lag is what a
click would wait: the time beyond the 10 ms that passes between two turns. The display is offscreen, but all is painted.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.document.model import Album, Project, Track
from app.studio.training.instrument import Preset
from tests.bench.measuring import Figure

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_INTERVAL_MS = 10
_STEPS_PER_EPOCH = 300
_RATE = 16_000
_ALBUM_SECONDS = 600
_PATIENCE_SECONDS = 300.0


def measure() -> Iterator[tuple[str, Figure]]:
    """For `python -m tests.bench`."""
    found = event_latency()
    for name in ("p50", "p99", "max"):
        yield f"event loop while learning, {name}", Figure(found[name], "ms", note="10 ms timer, Train screen shown")


def event_latency(seconds: float = 30.0, *, learning: bool = True) -> dict[str, float]:
    """Lag of the timer in ms: p50, p99 and max; steps, epochs and previews meanwhile; the seconds measured."""
    from app.desktop import Collector, make_application
    from app.document.store import create_project
    from app.jobs.job import JobList
    from app.jobs.train import PRESETS
    from app.playback.player import Player
    from app.screens.train.screen import TrainScreen
    from app.session.open_project import OpenProject

    application = QApplication.instance() or make_application()
    assert isinstance(application, QApplication)
    Collector(application)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "Latency.deepcuts"
        project = OpenProject(folder, _with_album(create_project(folder), Path(place)))
        jobs, player = JobList(), Player()
        screen = TrainScreen(project, jobs, player)
        screen.resize(1272, 800)
        screen.show()
        _turn(application, lambda: not jobs.running)
        if learning:
            screen.panel.choose(_with_short_epochs(PRESETS["sketch"]))
            screen.panel.epochs.setValue(1_000)
            screen.start_learning()
            _turn(application, lambda: screen.log.step is not None)
        ticks: list[float] = []
        timer = QTimer()
        timer.setTimerType(timer.timerType().PreciseTimer)
        timer.setInterval(_INTERVAL_MS)
        timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
        begun = screen.log.step.step if screen.log.step else 0
        timer.start()
        QTimer.singleShot(round(seconds * 1000), application.quit)
        application.exec()
        timer.stop()
        steps = (screen.log.step.step if screen.log.step else 0) - begun
        epochs, previews = len(screen.log.held_out), len(project.value.clips)
        screen.learning.stop()
        _turn(application, lambda: not jobs.running)
        project.close()
        player.close()
        screen.deleteLater()
    lags = np.maximum(np.diff(ticks) * 1000 - _INTERVAL_MS, 0.0)
    return {
        "p50": float(np.percentile(lags, 50)),
        "p99": float(np.percentile(lags, 99)),
        "max": float(lags.max()),
        "steps": float(steps),
        "epochs": float(epochs),
        "previews": float(previews),
        "seconds": seconds,
    }


def _with_short_epochs(preset: Preset) -> Preset:
    """So that scores, checkpoints and previews fall into the time that is measured."""
    return replace(preset, name="custom", train=replace(preset.train, steps_per_epoch=_STEPS_PER_EPOCH))


def _turn(application: QApplication, until: Callable[[], bool]) -> None:
    """Turns the event loop until something is so."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while not until() and time.monotonic() < end:
        application.processEvents()
        time.sleep(0.01)


def _with_album(project: Project, place: Path) -> Project:
    import soundfile
    from msgspec.structs import replace as changed

    chance = np.random.default_rng(0)
    time_in = np.arange(_ALBUM_SECONDS * _RATE) / _RATE
    sound = 0.3 * np.sin(2 * np.pi * 110 * time_in) * np.exp(-4 * (time_in % 0.5)) + 0.1 * chance.normal(
        size=len(time_in)
    )
    path = place / "album.wav"
    soundfile.write(path, sound.astype(np.float32), _RATE)
    track = Track(id="t1", path=str(path), title="One", seconds=float(_ALBUM_SECONDS), rate=_RATE, channels=1)
    return changed(project, album=Album(title="Album", tracks=(track,)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--idle", action="store_true", help="without learning, to see what the machine itself does")
    arguments = parser.parse_args()
    sys.stdout.write(json.dumps(event_latency(arguments.seconds, learning=not arguments.idle), indent=1) + "\n")
