"""The window, where a document is damaged or cannot be saved: a question, answered with the mouse."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.document.edits.songs import add_song
from app.document.model import Project
from app.document.store import ProjectFolder, create_project, load_project, save_project
from app.screens.window.entry import _last_or_fresh
from app.screens.window.main_window import MainWindow
from app.screens.window.settings import Memory
from tests.app.screens.conftest import OpenWindow

MINUTE = 60_000


class Answers:
    """Clicks a button of every question that comes up, one after the other, and keeps what was asked."""

    def __init__(self, qtbot: QtBot, *buttons: str) -> None:
        self.asked: list[str] = []
        self._qtbot, self._buttons = qtbot, list(buttons)
        self._timer = QTimer()
        self._timer.timeout.connect(self._look)
        self._timer.start(20)

    def _look(self) -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox) and box.isVisible() and self._buttons:
            wanted = self._buttons.pop(0)
            self.asked.append(f"{box.text()} {box.informativeText()}")
            button = next(button for button in box.buttons() if button.text().startswith(wanted))
            self._qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def damaged(tmp_path: Path) -> tuple[Path, Project]:
    """A project of one song whose document was damaged; what it was before."""
    path = tmp_path / "Damaged.deepcuts"
    project = add_song(create_project(path))
    save_project(path, project)
    ProjectFolder(path).document.write_bytes(b'{"version": 2, "songs": 3}')
    return path, project


def test_the_good_copy_of_a_damaged_project_is_offered_and_opened(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, damaged: tuple[Path, Project]
) -> None:
    window = open_window(tmp_path / "Untitled.deepcuts")
    answers = Answers(qtbot, "Cancel", "Open the copy of")
    window.open_project(damaged[0])
    assert window.project.folder == tmp_path / "Untitled.deepcuts"
    window.open_project(damaged[0])
    qtbot.waitUntil(lambda: not window.is_closed and window.project.folder == damaged[0], timeout=MINUTE)
    assert window.project.value == damaged[1]
    assert len(answers.asked) == 2
    assert "what stands at “songs” does not belong there" in _plain(answers.asked[0])


def test_a_start_on_a_damaged_project_offers_its_copy(
    qtbot: QtBot, memory: Memory, damaged: tuple[Path, Project]
) -> None:
    memory.opened(damaged[0])
    answers = Answers(qtbot, "Open the copy of")
    window = _last_or_fresh(memory)
    assert (window.project.folder, window.project.value) == damaged
    assert len(answers.asked) == 1
    _closed(qtbot, window)


def test_a_start_on_a_damaged_project_without_a_copy_says_so_and_goes_on_afresh(
    qtbot: QtBot, memory: Memory, damaged: tuple[Path, Project]
) -> None:
    (damaged[0] / "project.last-good.json").write_bytes(b"{")
    memory.opened(damaged[0])
    answers = Answers(qtbot, "OK")
    window = _last_or_fresh(memory)
    assert window.project.folder == memory.shelf / "Untitled.deepcuts"
    assert "is damaged" in answers.asked[0]
    _closed(qtbot, window)


@pytest.mark.parametrize("does", [add_song, None], ids=["an edit before", "a name typed at the end"])
def test_closing_asks_where_something_is_not_saved(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, does: Callable[[Project], Project] | None
) -> None:
    window = open_window(tmp_path / "P.deepcuts")
    assert window.project.settle() == ""
    place = window.project.folder / "project.json"
    place.unlink()
    place.mkdir()
    (place / "in the way").touch()
    if does is not None:
        window.project.edit("Add song", does)
    else:
        qtbot.keyClick(window, Qt.Key.Key_F2)
        qtbot.keyClicks(window.workspace.top.name.field, "Typed")
    answers = Answers(qtbot, "Stay here")
    window.close()
    assert not window.is_closed
    assert "The last changes are not saved." in answers.asked[0]
    shutil.rmtree(place)
    value = window.project.value
    window.close()
    qtbot.waitUntil(window.isHidden, timeout=MINUTE)
    assert len(answers.asked) == 1
    [kept] = [path for path in tmp_path.glob("*.deepcuts") if path.is_dir()]
    assert load_project(kept) == value


def _plain(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")


def _closed(qtbot: QtBot, window: MainWindow) -> None:
    window.close()
    qtbot.waitUntil(window.isHidden, timeout=MINUTE)
    window.deleteLater()
