"""Listening to a part, to what passes under a dragged playhead, to clips under the pointer."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.document.model import SONG_RATE
from app.screens.arrange.screen import ArrangeScreen
from tests.app.screens.arrange.hand import LEFT, SHIFT, move


def test_what_is_selected_is_played_to_its_end(screen: ArrangeScreen, qtbot: QtBot) -> None:
    timeline = screen.timeline
    QTest.keyClick(timeline, Qt.Key.Key_P)
    assert not screen.player.is_playing
    timeline.state.select({"x5"})
    timeline.loop_asked.emit((0, SONG_RATE))
    QTest.keyClick(timeline, Qt.Key.Key_P)
    assert screen.player.is_playing
    assert timeline.state.playhead >= 4 * SONG_RATE
    qtbot.waitUntil(lambda: not screen.player.is_playing, timeout=10_000)
    assert timeline.state.playhead == 6 * SONG_RATE
    assert timeline.state.loop == (0, SONG_RATE)


@pytest.mark.parametrize("shift", [False, True])
def test_a_dragged_playhead_is_heard_and_stays_where_it_is_let_go(
    screen: ArrangeScreen, qtbot: QtBot, shift: bool
) -> None:
    levels: list[float] = []
    screen.player.levels_changed.connect(lambda left, right: levels.append(left))
    screen.sound.seek(SONG_RATE)
    ruler, state = screen.timeline.ruler, screen.timeline.state
    begin = QPoint(state.x(SONG_RATE) + (60 if shift else 2), 10)
    goal = QPoint(state.x(3 * SONG_RATE), 10)
    QTest.mousePress(ruler, LEFT, SHIFT if shift else Qt.KeyboardModifier.NoModifier, begin)
    for point in ((begin + goal) / 2, goal):
        move(ruler, point, SHIFT if shift else Qt.KeyboardModifier.NoModifier)
    assert not screen.player.is_playing
    assert state.loop is None
    qtbot.waitUntil(lambda: any(level > 0.05 for level in levels), timeout=10_000)
    QTest.mouseRelease(ruler, LEFT, pos=goal)
    assert state.playhead == pytest.approx(3 * SONG_RATE, abs=state.scale.frames_per_pixel)
    assert screen.player.position == pytest.approx(3.0, abs=0.01)
    assert not screen.player.is_playing


def test_a_click_on_the_head_of_the_playhead_moves_nothing(screen: ArrangeScreen) -> None:
    screen.sound.seek(SONG_RATE)
    QTest.mouseClick(screen.timeline.ruler, LEFT, pos=QPoint(screen.timeline.state.x(SONG_RATE) + 3, 10))
    assert screen.timeline.state.playhead == SONG_RATE


def test_clips_are_heard_under_the_pointer_where_that_is_wanted(screen: ArrangeScreen, qtbot: QtBot) -> None:
    clips = screen.clips.list
    first, second = (clips.visualRect(clips.clips.index(row)).center() for row in (0, 1))
    point_at(clips.viewport(), first)
    assert not screen.listening._rests.isActive()
    qtbot.mouseClick(screen.clips.hover, LEFT)
    assert screen.listening.hover.isChecked()
    point_at(clips.viewport(), second)
    qtbot.waitUntil(lambda: screen.sound.playing_clip == clips.clips.id_at(clips.clips.index(1)), timeout=10_000)
    point_at(clips.viewport(), first)
    qtbot.waitUntil(lambda: screen.sound.playing_clip == clips.clips.id_at(clips.clips.index(0)), timeout=10_000)
    QApplication.sendEvent(clips, QEvent(QEvent.Type.Leave))
    assert not screen.player.is_playing


def test_the_switch_for_hearing_under_the_pointer_stops_what_it_began(screen: ArrangeScreen, qtbot: QtBot) -> None:
    clips = screen.clips.list
    QTest.keyClick(screen.timeline, Qt.Key.Key_H)
    assert screen.clips.hover.isChecked()
    point_at(clips.viewport(), clips.visualRect(clips.clips.index(0)).center())
    qtbot.waitUntil(lambda: screen.player.is_playing, timeout=10_000)
    QTest.keyClick(screen.timeline, Qt.Key.Key_H)
    assert not screen.clips.hover.isChecked()
    assert not screen.player.is_playing


def point_at(widget: QWidget, place: QPoint) -> None:
    at = QPointF(place)
    none, no_keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QMouseEvent(QEvent.Type.MouseMove, at, widget.mapToGlobal(at), none, none, no_keys))
