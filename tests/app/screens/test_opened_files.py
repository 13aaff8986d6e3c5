"""An edit is shown without a file of the project being opened in the thread of the window."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.document.edits.songs import add_song
from app.document.model import Project
from app.studio.training.instrument import album_report
from app.studio.training.train import prepare
from samplernn.config import Preset
from tests.app.screens.conftest import OpenWindow

MINUTE = 60_000


class Opened:
    """The files under a folder that this thread opens, between `begin` and `end`."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._thread = str(folder), threading.get_ident()
        self._is_on = False
        self.paths: list[str] = []
        sys.addaudithook(self._take)  # stays as long as the process; it does nothing while it is off

    def _take(self, event: str, arguments: tuple[object, ...]) -> None:
        if self._is_on and event == "open" and threading.get_ident() == self._thread:
            path = str(arguments[0])
            if path.startswith(self._folder):
                self.paths.append(path)

    def begin(self) -> None:
        self.paths.clear()
        self._is_on = True

    def end(self) -> None:
        self._is_on = False


def test_an_edit_opens_no_file_in_the_thread_of_the_window(
    qtbot: QtBot, open_window: OpenWindow, album_project: tuple[Path, Project], tiny: Preset
) -> None:
    folder, project = album_project
    prepare(project, folder, tiny)
    window = open_window(folder)
    opened = Opened(folder)
    for name in window.workspace.screens:
        window.workspace.go(name)
        qtbot.waitUntil(lambda: not window.workspace.jobs.running, timeout=MINUTE)
        opened.begin()
        with qtbot.waitSignal(window.project.saved, timeout=MINUTE, check_params_cb=bool):
            window.project.edit("Add song", add_song)
        qtbot.waitUntil(lambda: not window.workspace.jobs.running, timeout=MINUTE)
        opened.end()
        assert opened.paths == [], name


def test_a_dataset_that_is_prepared_anew_is_looked_at_anew(album_project: tuple[Path, Project], tiny: Preset) -> None:
    folder, project = album_project
    assert album_report(folder) is None
    prepare(project, folder, tiny)
    first = album_report(folder)
    assert first is not None
    assert album_report(folder) is first
    index = folder / "dataset" / "dataset.json"
    index.write_bytes(b"{")
    assert album_report(folder) is None
    prepare(project, folder, tiny)
    assert album_report(folder) == first
