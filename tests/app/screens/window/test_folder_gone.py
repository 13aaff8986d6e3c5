"""A project whose folder is moved, removed or read-only: it is said, nothing is lost, and nothing is begun anew."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from app.document.edits.songs import add_song
from app.document.model import Project
from app.document.store import create_project, load_project
from app.screens.window import folder_gone
from app.screens.window.main_window import MainWindow
from app.screens.window.settings import Memory
from app.session.open_project import OpenProject

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no folder with an open file is moved there")
Open = Callable[[Path], MainWindow]
WAIT = 30_000


def asked(qtbot: QtBot, window: MainWindow) -> QMessageBox:
    """The question that stands open."""
    boxes = window.findChildren(QMessageBox)
    qtbot.waitUntil(lambda: bool(boxes.extend(window.findChildren(QMessageBox)) or boxes), timeout=WAIT)
    box = boxes[-1]
    qtbot.waitUntil(box.isVisible, timeout=WAIT)
    return box


def moved_meanwhile(folder: Path) -> Path:
    """The new place of a folder that somebody moves while it is open."""
    moved = folder.with_name("Moved.deepcuts")
    folder.rename(moved)
    return moved


def answer(qtbot: QtBot, box: QMessageBox, words: str) -> None:
    button = next(button for button in box.findChildren(QPushButton) if button.text() == words)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def removed(qtbot: QtBot, folder: Path) -> None:
    """Removes a folder that is still being written into."""

    def try_again() -> bool:
        shutil.rmtree(folder, ignore_errors=True)
        return not folder.exists()

    qtbot.waitUntil(try_again, timeout=WAIT)


def edited(window: MainWindow) -> None:
    window.project.edit("Add song", add_song)


def saved(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    """Waits until the newest value lies in the folder."""
    qtbot.waitUntil(lambda: load_project(folder) == window.project.value, timeout=WAIT)


def test_a_folder_that_is_renamed_is_gone_on_with(
    qtbot: QtBot, open_window: Open, made_project: tuple[Path, Project]
) -> None:
    folder, _ = made_project
    window = open_window(folder)
    window.workspace.go("titles")
    edited(window)
    saved(qtbot, window, folder)
    moved = moved_meanwhile(folder)
    with qtbot.waitSignal(window.project.save_failed, timeout=WAIT) as failed:
        edited(window)
    box = asked(qtbot, window)
    assert str(moved) in box.text()
    told = "was moved, renamed or removed while it was open."
    assert told in failed.args[0]
    assert told in box.text()
    assert not folder.exists()
    answer(qtbot, box, "Go on there")
    qtbot.waitUntil(lambda: not window.is_closed and window.project.folder == moved, timeout=WAIT)
    saved(qtbot, window, moved)
    assert window.workspace.screen_name == "titles"
    assert len(window.project.value.songs) == 4
    window.undo()
    assert len(window.project.value.songs) == 3
    saved(qtbot, window, moved)
    assert not folder.exists()


def test_a_folder_that_is_removed_is_not_made_again(
    qtbot: QtBot, open_window: Open, made_project: tuple[Path, Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = made_project
    window = open_window(folder)
    removed(qtbot, folder)
    edited(window)
    box = asked(qtbot, window)
    assert "moved, renamed or removed" in box.text()
    to = folder.with_name("Kept")
    monkeypatch.setattr(folder_gone, "ask_save_file", lambda *_: to)
    answer(qtbot, box, "Keep it elsewhere…")
    kept = to.with_name("Kept.deepcuts")
    qtbot.waitUntil(lambda: not window.is_closed and window.project.folder == kept, timeout=WAIT)
    saved(qtbot, window, kept)
    assert len(window.project.value.songs) == 3
    assert not folder.exists()


def test_a_folder_on_another_disk_is_found_by_hand_and_no_other_is_taken(
    qtbot: QtBot, open_window: Open, made_project: tuple[Path, Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = made_project
    copy, other = folder.with_name("Copy.deepcuts"), folder.with_name("Other.deepcuts")
    shutil.copytree(folder, copy)
    create_project(other)
    shutil.copy(folder / "project.json", other / "project.json")
    (other / "project.json").write_text((other / "project.json").read_text().replace('"c0001"', '"c0009"'))
    before = (other / "project.json").read_bytes()
    window = open_window(folder)
    removed(qtbot, folder)
    edited(window)
    told: list[str] = []
    monkeypatch.setattr(folder_gone, "tell", lambda *words: told.append(words[-1]))
    monkeypatch.setattr(folder_gone, "ask_open_folder", lambda *_: other)
    box = asked(qtbot, window)
    answer(qtbot, box, "Say where it is…")
    assert told == ["“Other.deepcuts” is another project. Choose the folder of this one."]
    assert (other / "project.json").read_bytes() == before
    monkeypatch.setattr(folder_gone, "ask_open_folder", lambda *_: copy)
    folder_gone._find(window, folder, window.project.value, window._go_on_at)
    qtbot.waitUntil(lambda: not window.is_closed and window.project.folder == copy, timeout=WAIT)
    saved(qtbot, window, copy)


def test_another_project_in_its_place_is_not_written_over(
    qtbot: QtBot, open_window: Open, made_project: tuple[Path, Project]
) -> None:
    folder, _ = made_project
    window = open_window(folder)
    moved = moved_meanwhile(folder)
    create_project(folder)
    before = (folder / "project.json").read_bytes()
    edited(window)
    box = asked(qtbot, window)
    assert (folder / "project.json").read_bytes() == before
    answer(qtbot, box, "Go on there")
    qtbot.waitUntil(lambda: not window.is_closed and window.project.folder == moved, timeout=WAIT)
    saved(qtbot, window, moved)
    assert (folder / "project.json").read_bytes() == before


def test_a_folder_that_comes_back_is_saved_into(
    qtbot: QtBot, open_window: Open, made_project: tuple[Path, Project]
) -> None:
    folder, _ = made_project
    window = open_window(folder)
    moved = moved_meanwhile(folder)
    edited(window)
    answer(qtbot, asked(qtbot, window), "Close")
    moved.rename(folder)
    saved(qtbot, window, folder)


def test_where_nothing_can_be_saved_it_is_said_on_opening(
    qtbot: QtBot, memory: Memory, made_project: tuple[Path, Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    import resource

    folder, value = made_project
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (32 * 1024, limit[1]))
    try:
        window = MainWindow(OpenProject(folder, value), memory)
        window.show()
        box = asked(qtbot, window)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert "cannot be saved" in box.text()
    to = folder.with_name("Copy.deepcuts")
    monkeypatch.setattr("app.screens.window.main_window.ask_save_file", lambda *_: to)
    answer(qtbot, box, "Save a copy…")
    qtbot.waitUntil(lambda: (to / "project.json").exists(), timeout=WAIT)
    assert {path.name for path in (to / "clips").iterdir()} == {path.name for path in (folder / "clips").iterdir()}
    window.stop_and_close()
    qtbot.waitUntil(window.isHidden, timeout=WAIT)
    window.deleteLater()
