"""Keys do what they did before a click on something beside the lanes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from app.document.model import SONG_RATE, Project
from app.document.store import load_project
from app.screens.arrange.screen import ArrangeScreen
from app.screens.window.main_window import MainWindow
from app.widgets.frame.toast import Toast
from tests.app.screens.arrange.hand import CTRL, LEFT, place
from tests.app.screens.arrange.test_triage import press


@pytest.fixture
def window(open_window: Callable[[Path], MainWindow], made_project: tuple[Path, Project], qtbot: QtBot) -> MainWindow:
    made = open_window(made_project[0])
    made.workspace.go("arrange")
    qtbot.waitUntil(arrange(made).timeline.hasFocus)
    return made


def arrange(window: MainWindow) -> ArrangeScreen:
    screen = window.workspace.screens["arrange"]
    assert isinstance(screen, ArrangeScreen)
    return screen


def chrome(window: MainWindow) -> dict[str, QAbstractButton]:
    screen, bar = arrange(window), window.workspace.transport
    return {
        "play": bar.play,
        "loop": bar.loop,
        "to start": bar.to_start,
        "arrange in the rail": window.workspace.rail.step(2),
        "snap": screen.foot.snap,
        "mute": screen.timeline.headers.headers[2].mute,
        "curve": screen.panel.in_curve,
        "stars": screen.clips.starred,
    }


NAMES = ("play", "loop", "to start", "arrange in the rail", "snap", "mute", "curve", "stars")


@pytest.mark.parametrize("name", NAMES)
def test_after_a_click_on_a_button_keys_go_on(window: MainWindow, name: str) -> None:
    screen = arrange(window)
    QTest.mouseClick(screen.timeline.viewport(), LEFT, pos=place(screen, 1.0, 0))
    assert screen.timeline.state.selection == {"x1"}
    QTest.mouseClick(chrome(window)[name], LEFT)
    window.workspace.player.pause()
    assert screen.timeline.hasFocus()
    screen.sound.seek(SONG_RATE)
    press(Qt.Key.Key_S)
    assert screen.project.undo_name == "Split"
    press(Qt.Key.Key_4)
    assert {clip.id: clip.stars for clip in screen.project.value.clips}["c0006"] == 4
    press(Qt.Key.Key_Space)
    assert window.workspace.player.is_playing
    press(Qt.Key.Key_Space)
    assert not window.workspace.player.is_playing
    press(Qt.Key.Key_Delete)
    assert screen.project.undo_name == "Delete"
    press(Qt.Key.Key_Z, CTRL)


def test_a_button_that_is_reached_by_tab_leaves_the_keys_of_the_screen_alive(window: MainWindow) -> None:
    screen, play = arrange(window), window.workspace.transport.play
    screen.timeline.state.select({"x1"})
    screen.sound.seek(SONG_RATE)
    play.setFocus(Qt.FocusReason.TabFocusReason)
    assert play.hasFocus()
    press(Qt.Key.Key_S)
    assert screen.project.undo_name == "Split"
    press(Qt.Key.Key_M)
    assert screen.project.undo_name == "Add marker"


def test_clicks_on_the_bar_itself_change_nothing(window: MainWindow) -> None:
    screen, bar = arrange(window), window.workspace.transport
    for part in (bar.clock, bar.meter, bar.loudness, bar):
        QTest.mouseClick(part, LEFT, pos=QPoint(2, 2))
        assert screen.timeline.hasFocus()


def test_a_title_that_is_being_typed_is_taken_by_a_click_on_play(window: MainWindow) -> None:
    screen = arrange(window)
    screen.head.title.setFocus()
    screen.head.title.selectAll()
    QTest.keyClicks(screen.head.title, "Snare Zone")
    QTest.mouseClick(window.workspace.transport.play, LEFT)
    assert screen.project.value.songs[0].title == "Snare Zone"
    screen.sound.seek(SONG_RATE)
    press(Qt.Key.Key_S)
    assert screen.project.undo_name == "Split"


def test_keys_of_arrange_are_dead_on_other_screens(window: MainWindow) -> None:
    screen = arrange(window)
    screen.sound.seek(SONG_RATE)
    before = screen.project.value
    window.workspace.go("train")
    for key in (Qt.Key.Key_S, Qt.Key.Key_M, Qt.Key.Key_5, Qt.Key.Key_X):
        press(key)
    assert screen.project.value == before
    assert window.workspace.screen_name == "train"


def test_ctrl_s_says_that_everything_is_saved_and_so_it_is(window: MainWindow, qtbot: QtBot) -> None:
    screen, toast = arrange(window), window.findChild(Toast)
    screen.sound.seek(SONG_RATE)
    for key in (Qt.Key.Key_S, None):
        if key is not None:
            press(key)
        with qtbot.waitSignal(screen.project.saved, timeout=20_000, check_params_cb=lambda saved: saved):
            press(Qt.Key.Key_S, CTRL)
        qtbot.waitUntil(lambda: toast.isVisible() and toast.text == "Everything is saved.", timeout=20_000)
        assert load_project(screen.project.folder) == screen.project.value
        toast.hide()
    assert screen.project.steps == ["Split"]
    assert QApplication.focusWidget() is screen.timeline
