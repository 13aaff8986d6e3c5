"""The window: its life from opening to closing, moving about, finding things."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.document.edits.songs import add_song
from app.document.errors import UserError
from app.document.lock import ProjectLock
from app.document.model import Project
from app.document.store import create_project, load_project
from app.screens.artwork.screen import ArtworkScreen
from app.screens.titles.screen import TitlesScreen
from app.screens.window import closing as closing_module
from app.screens.window import entry as entry_module
from app.screens.window import main_window as window_module
from app.screens.window.closing import Closing
from app.screens.window.entry import _last_or_fresh
from app.screens.window.main_window import MainWindow
from app.screens.window.settings import Memory
from app.session.open_project import OpenProject
from app.widgets.frame.action_palette import ActionPalette
from resources.progress import Cancelled, Report

LEFT = Qt.MouseButton.LeftButton
CONTROL, NO_KEYS = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
Open = Callable[[Path], MainWindow]


def close(qtbot: QtBot, window: MainWindow) -> None:
    window.close()
    qtbot.waitUntil(lambda: window.is_closed, timeout=20_000)


def until_cancelled(report: Report, cancelled: Cancelled) -> str:
    """Work that goes on until it is asked to stop, and saves what it has."""
    while not cancelled():
        report(0.3, "working")
    return "saved"


def test_every_screen_is_a_key_away(qtbot: QtBot, open_window: Open, made_project: tuple[Path, Project]) -> None:
    window = open_window(made_project[0])
    names = ["album", "train", "arrange", "artwork", "titles", "export"]
    assert list(window.workspace.screens) == names
    for place, name in enumerate(names):
        qtbot.keyClick(window, Qt.Key(Qt.Key.Key_1 + place), CONTROL)
        assert window.workspace.screen_name == name
        assert window.workspace.rail.step(place).isChecked()
    qtbot.keyClick(window, Qt.Key.Key_2, NO_KEYS)
    assert window.workspace.screen_name == "export"  # digits alone rate clips
    qtbot.mouseClick(window.workspace.rail.step(4), LEFT)
    assert window.workspace.screen_name == "titles"


def test_the_keys_of_a_screen_work_wherever_the_focus_is(
    qtbot: QtBot, open_window: Open, made_project: tuple[Path, Project]
) -> None:
    window = open_window(made_project[0])
    window.workspace.go("artwork")
    screen = cast(ArtworkScreen, window.workspace.screens["artwork"])
    qtbot.mouseClick(screen.settings.make, LEFT)
    assert screen.hasFocus()
    focus = window.workspace.rail.step(0)
    focus.setFocus()
    with qtbot.waitSignal(screen.pictures.view_changed, timeout=20_000):
        qtbot.keyClick(focus, Qt.Key.Key_B)
    window.workspace.go("titles")
    with qtbot.assertNotEmitted(screen.pictures.view_changed, wait=0):
        qtbot.keyClick(window.workspace.rail.step(0), Qt.Key.Key_B)


def test_no_key_does_two_things_on_one_screen(open_window: Open, made_project: tuple[Path, Project]) -> None:
    window = open_window(made_project[0])
    everywhere = [keys for action in window.actions() for keys in action.shortcuts()]
    for name, screen in window.workspace.screens.items():
        keys = [*everywhere, *(keys for action in screen.actions() for keys in action.shortcuts())]
        twice = {key.toString() for key in keys if keys.count(key) > 1}
        assert not twice, name


def test_all_actions_and_buttons_have_names(open_window: Open, made_project: tuple[Path, Project]) -> None:
    window = open_window(made_project[0])
    for group in window.action_groups():
        assert all(action.text() for action in group.actions if not action.isSeparator())


def test_the_palette_finds_and_does(qtbot: QtBot, open_window: Open, tmp_path: Path) -> None:
    window = open_window(tmp_path / "Untitled.deepcuts")
    qtbot.keyClick(window, Qt.Key.Key_K, CONTROL)
    palette = window.findChild(ActionPalette)
    assert palette is not None
    qtbot.keyClicks(palette.field, "titles go")
    assert palette.shown() == ["Go to Titles"]
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.workspace.screen_name == "titles"


def test_undo_is_named(qtbot: QtBot, open_window: Open, tmp_path: Path) -> None:
    window = open_window(tmp_path / "Untitled.deepcuts")
    assert not window.actions_.undo.isEnabled()
    window.project.edit("Add song", add_song)
    assert window.actions_.undo.text() == "Undo add song"
    window.actions_.undo.trigger()
    assert window.actions_.redo.text() == "Redo add song"
    assert not window.project.value.songs


def test_the_name_is_changed_in_place_and_the_folder_follows(qtbot: QtBot, open_window: Open, tmp_path: Path) -> None:
    window = open_window(tmp_path / "Untitled.deepcuts")
    qtbot.keyClick(window, Qt.Key.Key_F2)
    qtbot.keyClicks(window.workspace.top.name.field, "Inorganic Third")
    qtbot.keyClick(window.workspace.top.name.field, Qt.Key.Key_Return)
    assert window.project.value.name == "Inorganic Third"
    assert window.windowTitle().startswith("Inorganic Third")
    close(qtbot, window)
    assert load_project(tmp_path / "Inorganic Third.deepcuts").name == "Inorganic Third"
    assert window.memory.recent == [tmp_path / "Inorganic Third.deepcuts"]


def test_an_untouched_project_leaves_nothing(qtbot: QtBot, open_window: Open, tmp_path: Path) -> None:
    path = tmp_path / "Untitled.deepcuts"
    window = open_window(path)
    assert path.exists()
    close(qtbot, window)
    assert not path.exists()
    assert window.memory.recent == []


def test_a_project_opens_in_one_window_only(
    open_window: Open, made_project: tuple[Path, Project], memory: Memory
) -> None:
    path, value = made_project
    open_window(path)
    second = OpenProject(path, value)
    with pytest.raises(UserError, match="another window"):
        MainWindow(second, memory)
    second.close()


def test_another_project_takes_the_place_of_this_one(
    qtbot: QtBot, open_window: Open, made_project: tuple[Path, Project], tmp_path: Path
) -> None:
    other = tmp_path / "Other.deepcuts"
    create_project(other)
    window = open_window(made_project[0])
    window.project.edit("Add song", add_song)
    songs = len(window.project.value.songs)
    window.open_project(other)
    qtbot.waitUntil(lambda: window.project.folder == other, timeout=20_000)
    assert not window.actions_.undo.isEnabled()
    assert len(load_project(made_project[0]).songs) == songs
    assert window.memory.recent[:2] == [other, made_project[0]]
    window.open_project(made_project[0])
    qtbot.waitUntil(lambda: window.project.folder == made_project[0], timeout=20_000)


def test_a_project_that_cannot_be_opened_changes_nothing(
    open_window: Open, made_project: tuple[Path, Project], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(window_module, "tell", lambda parent, title, text: told.append(text))
    window = open_window(made_project[0])
    window.open_project(tmp_path / "None.deepcuts")
    assert "is not there" in told[0]
    assert window.project.folder == made_project[0]


def test_closing_in_the_middle_asks_and_stops_cleanly(
    qtbot: QtBot, open_window: Open, made_project: tuple[Path, Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([1, 0])
    asked: list[str] = []

    def answer(parent: object, title: str, question: str, choices: object, *, detail: str = "") -> int:
        asked.append(question)
        return next(answers)

    monkeypatch.setattr(window_module, "ask_choice", answer)
    window = open_window(made_project[0])
    qtbot.waitUntil(lambda: not window.workspace.jobs.running, timeout=20_000)
    job = window.workspace.jobs.start("Learning", until_cancelled)
    values: list[object] = []
    job.finished.connect(values.append)
    window.close()
    assert window.isVisible()
    assert job.is_running
    assert not job.is_asked_to_stop
    window.close()
    qtbot.waitUntil(window.isHidden, timeout=20_000)
    assert asked == ["“Learning” is still running."] * 2
    assert values == ["saved"]


def test_whoever_does_not_wait_leaves_the_project_to_the_job_that_still_writes(
    qtbot: QtBot, open_window: Open, made_project: tuple[Path, Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing_module, "_OFFER_AFTER_MS", 0)
    folder, may_end = made_project[0], threading.Event()

    def stubborn(report: object, cancelled: object) -> None:
        may_end.wait(60)
        (folder / "written late").touch()

    window = open_window(folder)
    qtbot.waitUntil(lambda: not window.workspace.jobs.running, timeout=20_000)
    window.workspace.jobs.start("Writing", stubborn)
    QTimer.singleShot(0, window, window.stop_and_close)
    qtbot.waitUntil(lambda: any(ask.leave.isVisible() for ask in window.findChildren(Closing)), timeout=20_000)
    qtbot.mouseClick(window.findChild(Closing).leave, LEFT)
    qtbot.waitUntil(window.isHidden, timeout=20_000)
    with pytest.raises(UserError, match="open in another window"):
        ProjectLock(folder)
    may_end.set()
    qtbot.waitUntil(lambda: is_free(folder), timeout=20_000)
    assert (folder / "written late").exists()


def is_free(folder: Path) -> bool:
    try:
        ProjectLock(folder).release()
    except UserError:
        return False
    return True


def test_the_pill_shows_and_cancels_jobs(qtbot: QtBot, open_window: Open, made_project: tuple[Path, Project]) -> None:
    window = open_window(made_project[0])
    job = window.workspace.jobs.start("Counting", until_cancelled)
    pill = window.workspace.top.jobs
    qtbot.waitUntil(lambda: pill.text() == "counting · working", timeout=20_000)
    qtbot.mouseClick(pill, LEFT)
    assert pill.list.isVisible()
    row = pill.row(id(job))
    with qtbot.waitSignal(job.ended, timeout=20_000):
        qtbot.mouseClick(row.cancel, LEFT)
    qtbot.waitUntil(lambda: pill.text() == "nothing running", timeout=20_000)
    pill.list.hide()


def test_return_presses_the_button_with_the_focus(qtbot: QtBot, open_window: Open, tmp_path: Path) -> None:
    window = open_window(tmp_path / "Untitled.deepcuts")
    step = window.workspace.rail.step(3)
    step.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is step)
    qtbot.keyClick(step, Qt.Key.Key_Return)
    assert window.workspace.screen_name == "artwork"


def test_the_place_of_the_window_is_remembered(
    qtbot: QtBot, open_window: Open, made_project: tuple[Path, Project]
) -> None:
    window = open_window(made_project[0])
    window.resize(1200, 777)
    close(qtbot, window)
    again = open_window(made_project[0])
    assert Memory(again.memory._path, again.memory.shelf).geometry == window.memory.geometry != b""


def test_a_start_opens_the_last_project_or_a_fresh_one(
    qtbot: QtBot, open_window: Open, made_project: tuple[Path, Project], memory: Memory
) -> None:
    fresh = _last_or_fresh(memory)
    assert fresh.project.folder == memory.shelf / "Untitled.deepcuts"
    fresh.open_project(made_project[0])
    qtbot.waitUntil(lambda: fresh.project.folder == made_project[0], timeout=20_000)
    close(qtbot, fresh)
    assert not (memory.shelf / "Untitled.deepcuts").exists()
    last = _last_or_fresh(memory)
    assert last.project.folder == made_project[0]
    close(qtbot, last)


@pytest.mark.skipif(sys.platform == "win32", reason="only the privileged make links there")
def test_a_start_says_why_the_last_project_is_not_opened(
    qtbot: QtBot, made_project: tuple[Path, Project], memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = made_project
    memory.opened(folder)
    (folder / "clips").rename(folder.parent / "elsewhere")
    (folder / "clips").symlink_to(folder.parent / "elsewhere")
    told: list[str] = []
    monkeypatch.setattr(entry_module, "tell", lambda parent, title, text: told.append(text))
    fresh = _last_or_fresh(memory)
    assert fresh.project.folder == memory.shelf / "Untitled.deepcuts"
    assert len(told) == 1
    assert "clips" in told[0]
    close(qtbot, fresh)


def test_a_name_is_taken_where_one_clicks_elsewhere_or_closes_and_not_after_escape(
    qtbot: QtBot, open_window: Open, tmp_path: Path
) -> None:
    window = open_window(tmp_path / "Untitled.deepcuts")
    field = window.workspace.top.name.field
    qtbot.keyClick(window, Qt.Key.Key_F2)
    qtbot.keyClicks(field, "First")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert window.project.value.name == "Untitled"
    qtbot.keyClick(window, Qt.Key.Key_F2)
    qtbot.keyClicks(field, "Second")
    qtbot.mouseClick(window.workspace.rail.step(3), LEFT)
    assert window.project.value.name == "Second"
    window.workspace.go("titles")
    album = cast(TitlesScreen, window.workspace.screens["titles"]).album
    album.setFocus()
    qtbot.keyClicks(album, "Third")
    close(qtbot, window)
    assert load_project(tmp_path / "Second.deepcuts").release.title == "Third"


def test_recent_projects_of_one_name_are_told_apart(qtbot: QtBot, open_window: Open, tmp_path: Path) -> None:
    for place in ("a", "b"):
        create_project(tmp_path / place / "Foo.deepcuts")
    window = open_window(tmp_path / "a" / "Foo.deepcuts")
    assert window.windowTitle() == "Foo – Deep Cuts"
    window.open_project(tmp_path / "b" / "Foo.deepcuts")
    qtbot.waitUntil(lambda: window.project.folder.parent.name == "b", timeout=20_000)
    assert window.windowTitle() == "Foo (in b) – Deep Cuts"
    assert [action.text() for action in window.actions_._recent.actions()] == ["Foo (in a)"]


def test_a_start_where_new_projects_cannot_be_kept_says_so_and_saves_once_they_can(
    qtbot: QtBot, memory: Memory, tmp_path: Path
) -> None:
    memory.shelf = tmp_path / "file"
    memory.shelf.touch()
    window = _last_or_fresh(memory)
    window.show()
    qtbot.waitUntil(lambda: bool(window.findChildren(QMessageBox)), timeout=20_000)
    asked = window.findChildren(QMessageBox)
    assert [box.windowTitle() for box in asked] == ["This project cannot be saved"]
    qtbot.mouseClick(asked[0].buttons()[-1], LEFT)
    window.project.edit("Add song", add_song)
    memory.shelf.unlink()
    assert window.project.settle() == ""
    assert len(load_project(memory.shelf / "Untitled.deepcuts").songs) == 1
    close(qtbot, window)
