"""The keys of Arrange beside the keys of the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.document.model import SONG_RATE, Project
from app.screens.arrange.screen import ArrangeScreen
from app.screens.window.main_window import MainWindow
from app.widgets.frame.action_palette import KeySheet, plain_name
from app.widgets.frame.history_list import HistoryList

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(open_window: Callable[[Path], MainWindow], made_project: tuple[Path, Project], qtbot: QtBot) -> MainWindow:
    made = open_window(made_project[0])
    made.activateWindow()
    made.workspace.go("arrange")
    qtbot.waitUntil(lambda: arrange(made).timeline.hasFocus())
    return made


def arrange(window: MainWindow) -> ArrangeScreen:
    screen = window.workspace.screens["arrange"]
    assert isinstance(screen, ArrangeScreen)
    return screen


def test_split_undo_redo_and_play_by_keys_alone(window: MainWindow, qtbot: QtBot) -> None:
    screen = arrange(window)
    before = screen.project.value
    for _ in range(3):
        QTest.keyClick(screen.timeline, Qt.Key.Key_Right)
    assert screen.timeline.state.playhead > 0
    QTest.keyClick(screen.timeline, Qt.Key.Key_S)
    split = screen.project.value
    assert split != before
    QTest.keyClick(screen.timeline, Qt.Key.Key_Z, CTRL)
    assert screen.project.value == before
    QTest.keyClick(screen.timeline, Qt.Key.Key_Z, CTRL | SHIFT)
    assert screen.project.value == split
    QTest.keyClick(screen.timeline, Qt.Key.Key_Space)
    assert window.workspace.player.is_playing
    qtbot.waitUntil(lambda: screen.timeline.state.playhead > SONG_RATE // 4, timeout=10_000)
    QTest.keyClick(screen.timeline, Qt.Key.Key_Space)
    assert not window.workspace.player.is_playing
    QTest.keyClick(screen.timeline, Qt.Key.Key_Home)
    assert screen.timeline.state.playhead == 0


def test_undo_reaches_from_the_list_to_the_stars(window: MainWindow) -> None:
    screen = arrange(window)
    clips = screen.clips.list
    clips.setFocus()
    clips.setCurrentIndex(clips.clips.index(0))
    QTest.keyClick(clips, Qt.Key.Key_5)
    assert screen.project.value.clips[5].stars == 5
    QTest.keyClick(clips, Qt.Key.Key_Z, CTRL)
    assert screen.project.value.clips[5].stars == 0
    QTest.keyClick(clips, Qt.Key.Key_Space)
    assert window.workspace.player.length == pytest.approx(9.0, abs=0.01)
    QTest.keyClick(clips, Qt.Key.Key_Space)
    assert not window.workspace.player.is_playing


def test_letters_typed_into_the_title_are_letters(window: MainWindow) -> None:
    screen = arrange(window)
    before = screen.project.value.songs[0].lanes
    screen.head.title.setFocus()
    screen.head.title.selectAll()
    QTest.keyClicks(screen.head.title, "Snare Zone")
    QTest.keyClick(screen.head.title, Qt.Key.Key_Return)
    song = screen.project.value.songs[0]
    assert song.title == "Snare Zone"
    assert song.lanes == before
    assert screen.timeline.snap.on


def test_no_key_of_the_screen_is_a_key_of_the_window(window: MainWindow) -> None:
    ours = {key.toString() for action in arrange(window).actions() for key in action.shortcuts()}
    theirs = {key.toString() for action in window.actions() for key in action.shortcuts()}
    assert ours
    assert theirs
    assert not ours & theirs


def test_the_history_lists_the_steps_and_a_click_goes_there(window: MainWindow) -> None:
    screen = arrange(window)
    before = screen.project.value
    screen.sound.seek(SONG_RATE)
    for key in (Qt.Key.Key_S, Qt.Key.Key_M):
        QTest.keyClick(screen.timeline, key)
    end = screen.project.value
    QTest.keyClick(screen.timeline, Qt.Key.Key_H, CTRL)
    history = QApplication.activePopupWidget()
    assert isinstance(history, HistoryList)
    names = [history.list.item(place).text() for place in range(history.list.count())]
    assert names == ["As it was opened", "Split", "Add marker"]
    assert history.list.currentRow() == 2
    at = history.list.visualItemRect(history.list.item(0)).center()
    QTest.mouseClick(history.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert screen.project.value == before
    assert history.list.currentRow() == 0
    QTest.keyClick(history.list, Qt.Key.Key_Down)
    QTest.keyClick(history.list, Qt.Key.Key_Down)
    QTest.keyClick(history.list, Qt.Key.Key_Return)
    assert screen.project.value == end
    history.close()


def test_every_action_has_a_key_that_is_its_own_and_is_listed(window: MainWindow) -> None:
    actions = arrange(window).actions()
    assert all(action.shortcuts() for action in actions)
    QTest.keyClick(window, Qt.Key.Key_F1)
    sheet = window.findChild(KeySheet)
    assert sheet is not None
    words = {label.text() for label in sheet.findChildren(QLabel)}
    assert {plain_name(action) for action in actions} <= words
    sheet.close()
