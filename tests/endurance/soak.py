"""Half an hour in the window: titles are invented, drawn and undone, screens are changed; memory stays flat."""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from app.desktop import Collector, make_application
from app.document.edits.album import set_catalogue
from app.document.store import load_project, save_project
from app.screens.window.main_window import MainWindow
from app.screens.window.settings import Memory
from app.session.open_project import OpenProject
from tests.app.conftest import build_project
from tests.endurance.saying import say

_WARM_SECONDS = 300.0
"""What is kept once, such as caches and modules, has been kept by then."""
_MOST_GROWTH = 100 * 2**20
_SAY_EVERY_SECONDS = 30.0
_FIRST = ("Iron", "Hollow", "Slow", "Cold", "Northern", "Burning", "Silent", "Black", "Broken", "Last")
_LAST = ("Harvest", "Engine", "Rust", "Room", "Static", "Meridian", "Orchard", "Signal", "Shelter", "Liturgy")


def run(arguments: argparse.Namespace) -> int:
    dice = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory(prefix="deepcuts-soak-") as place:
        folder = Path(place, "Soak.deepcuts")
        names = [f"{first} {last}" for first in _FIRST for last in _LAST]
        save_project(folder, set_catalogue(build_project(folder), names))
        application = make_application()
        Collector(application)
        window = MainWindow(
            OpenProject(folder, load_project(folder)), Memory(Path(place, "window.json"), Path(place, "shelf"))
        )
        window.resize(1440, 900)
        window.show()
        grown = _soak(window, dice, arguments.minutes * 60)
        window.stop_and_close()
        while window.isVisible():
            application.processEvents()
    say(f"after the first {_WARM_SECONDS / 60:.0f} min memory grew by {grown / 2**20:.0f} MB")
    return int(grown > _MOST_GROWTH)


def _soak(window: MainWindow, dice: random.Random, seconds: float) -> int:
    """Works in the window for so long; gives by how many bytes its memory grew after the warm-up."""
    began = time.monotonic()
    warm, most, told, rounds = 0, 0, -_SAY_EVERY_SECONDS, 0
    while (passed := time.monotonic() - began) < seconds:
        _round(window, dice)
        rounds += 1
        memory = resident_bytes()
        if passed < _WARM_SECONDS:
            warm = max(warm, memory)
        most = max(most, memory)
        if passed - told >= _SAY_EVERY_SECONDS:
            told = passed
            say(f"{passed / 60:5.1f} min: {memory / 2**20:6.0f} MB, {rounds} rounds")
    return most - warm


def _round(window: MainWindow, dice: random.Random) -> None:
    """A thousand new titles, some of them put on songs, a step back, and a look at another screen."""
    workspace = window.workspace
    workspace.go("titles")
    titles = workspace.screens["titles"]
    titles.invent()
    _until_idle(window)
    titles.draw.click()
    titles.fill.click()
    if dice.random() < 0.3:
        window.project.undo()
    workspace.go(dice.choice(list(workspace.screens)))
    _wait(50)


def _until_idle(window: MainWindow) -> None:
    while window.workspace.jobs.running:
        _wait(10)


def _wait(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
    QApplication.sendPostedEvents()


def resident_bytes() -> int:
    """Of this process, as Linux tells."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096
