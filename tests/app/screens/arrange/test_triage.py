"""Many clips looked through by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.document.model import Project
from app.screens.arrange.screen import ArrangeScreen
from app.screens.window.main_window import MainWindow
from tests.app.screens.arrange.hand import LEFT, move, place


@pytest.fixture
def screen(
    open_window: Callable[[Path], MainWindow], made_project: tuple[Path, Project], qtbot: QtBot
) -> ArrangeScreen:
    window = open_window(made_project[0])
    window.workspace.go("arrange")
    made = window.workspace.screens["arrange"]
    assert isinstance(made, ArrangeScreen)
    qtbot.waitUntil(made.timeline.hasFocus)
    return made


def press(key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Where the keys go now."""
    focus = QApplication.focusWidget() or QApplication.activeWindow()
    assert focus is not None
    QTest.keyClick(focus, key, keys)


def stars(screen: ArrangeScreen) -> dict[str, int]:
    return {clip.id: clip.stars for clip in screen.project.value.clips}


def shown(screen: ArrangeScreen) -> list[str]:
    model = screen.clips.list.clips
    return [model.id_at(model.index(row)) for row in range(model.rowCount())]


def is_arrange(screen: ArrangeScreen) -> bool:
    return screen.isVisible()


def test_after_a_rejected_clip_the_next_is_chosen_and_plays(screen: ArrangeScreen) -> None:
    clips = screen.clips.list
    clips.setFocus()
    clips.setCurrentIndex(clips.clips.index(1))
    for gone, following in (("c0005", "c0004"), ("c0004", "c0003")):
        press(Qt.Key.Key_X)
        assert gone not in shown(screen)
        assert (clips.current(), clips.chosen()) == (following, [following])
        assert screen.sound.playing_clip == following
    press(Qt.Key.Key_4)
    assert stars(screen)["c0003"] == 4
    assert screen.project.steps == ["Reject", "Reject", "Star"]
    while screen.project.undo_name:
        press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not any(clip.rejected or clip.stars for clip in screen.project.value.clips)
    assert clips.hasFocus()


def test_the_last_clip_of_the_list_is_followed_by_the_one_above_it_and_the_only_one_by_silence(
    screen: ArrangeScreen,
) -> None:
    clips = screen.clips.list
    clips.setFocus()
    clips.setCurrentIndex(clips.clips.index(5))
    press(Qt.Key.Key_X)
    assert screen.sound.playing_clip == clips.current() == "c0002"
    for _ in range(5):
        press(Qt.Key.Key_X)
    assert shown(screen) == []
    assert screen.sound.playing_clip == ""


def test_rejected_clips_that_are_shown_are_passed_over(screen: ArrangeScreen) -> None:
    screen.clips.filter.rejected.trigger()
    clips = screen.clips.list
    clips.setFocus()
    clips.setCurrentIndex(clips.clips.index(0))
    press(Qt.Key.Key_X)
    press(Qt.Key.Key_X)
    assert shown(screen)[-2:] == ["c0006", "c0005"]
    assert clips.current() == screen.sound.playing_clip == "c0004"


@pytest.mark.parametrize("digit", range(10))
def test_no_digit_leaves_arrange(screen: ArrangeScreen, digit: int) -> None:
    for focus in (screen.timeline, screen.clips.list, screen.panel.gain.slider, screen.clips.generate):
        focus.setFocus()
        press(Qt.Key(Qt.Key.Key_0 + digit))
        assert is_arrange(screen)


def test_digits_rate_what_plays(screen: ArrangeScreen) -> None:
    screen.sound.play_clip("c0003")
    screen.timeline.setFocus()
    press(Qt.Key.Key_5)
    assert stars(screen)["c0003"] == 5
    press(Qt.Key.Key_X)
    assert "c0003" not in shown(screen)
    assert screen.sound.playing_clip == "c0002"


def test_digits_rate_what_the_pointer_rests_on(screen: ArrangeScreen) -> None:
    clips = screen.clips.list
    row = clips.visualRect(clips.clips.index(2))
    QTest.mouseMove(clips.viewport(), row.center())
    screen.timeline.setFocus()
    press(Qt.Key.Key_2)
    assert stars(screen)["c0004"] == 2
    assert sum(stars(screen).values()) == 2


def test_digits_rate_the_clip_of_the_selected_section_else_it_is_said(screen: ArrangeScreen, qtbot: QtBot) -> None:
    QTest.mouseMove(screen.timeline.viewport(), QPoint(3, 3))
    with qtbot.waitSignal(screen.say) as said:
        press(Qt.Key.Key_3)
    assert said.args[0].startswith("There is no clip to rate")
    QTest.mouseClick(screen.timeline.viewport(), LEFT, pos=place(screen, 1.0, 0))
    press(Qt.Key.Key_3)
    assert stars(screen)["c0006"] == 3


def test_unrated_clips_go_from_the_list_as_they_are_rated_and_the_next_plays(screen: ArrangeScreen) -> None:
    clips = screen.clips.list
    screen.clips.filter.unrated.trigger()
    clips.setFocus()
    clips.setCurrentIndex(clips.clips.index(0))
    press(Qt.Key.Key_4)
    assert shown(screen) == ["c0005", "c0004", "c0003", "c0002", "c0001"]
    assert clips.current() == screen.sound.playing_clip == "c0005"
    screen.clips.starred.click()  # rated and unrated are not asked for together
    assert not screen.clips.filter.unrated.isChecked()
    assert shown(screen) == ["c0006"]


def test_clips_are_sorted_and_filtered_by_loudness(screen: ArrangeScreen, qtbot: QtBot) -> None:
    screen.clips.order.setCurrentText("loudest")
    loudness = screen._loudness
    qtbot.waitUntil(lambda: len(loudness.known) == 6, timeout=60_000)
    known = loudness.known
    qtbot.waitUntil(lambda: shown(screen) == sorted(known, key=lambda id: known[id], reverse=True), timeout=20_000)
    screen.clips.order.setCurrentText("quietest")
    assert shown(screen) == sorted(known, key=lambda id: known[id])
    for words, action in screen.clips.filter.loudnesses.items():
        action.trigger()
        low, high = screen.clips.filter.loudness
        assert set(shown(screen)) == {id for id, lufs in known.items() if low <= lufs < high}, words
        assert screen.clips.filter.isChecked() == (words != "Any loudness")


def test_the_filter_opens_under_its_chip_and_can_be_cleared(screen: ArrangeScreen) -> None:
    chip = screen.clips.filter
    QTest.mouseClick(chip, LEFT)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.close()
    assert not chip.isChecked()
    warm = next(action for words, action in chip.temperatures.items() if words.startswith("Warm"))
    warm.trigger()
    assert shown(screen) == []
    assert "Warm" in chip.toolTip()
    chip.clear.trigger()
    assert len(shown(screen)) == 6
    assert not chip.isChecked()
    assert screen.timeline.hasFocus()


def test_what_is_pointed_at_on_the_lanes_is_not_rated_by_the_way(screen: ArrangeScreen) -> None:
    screen.sound.play_clip("c0001")
    move(screen.timeline.viewport(), place(screen, 1.0, 0))
    press(Qt.Key.Key_1)
    assert stars(screen)["c0001"] == 1
