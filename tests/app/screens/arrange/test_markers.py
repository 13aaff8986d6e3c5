"""Markers and the loop, on the ruler and by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.document.edits.tempo import set_tempo
from app.document.model import SONG_RATE, Tempo
from app.document.store import load_project
from app.screens.arrange.screen import ArrangeScreen
from app.widgets.timeline.ruler import RULER_HEIGHT
from tests.app.screens.arrange.hand import ALT, CTRL, LEFT, SHIFT, drag, move, place, section


def markers(screen: ArrangeScreen) -> list[tuple[float, str]]:
    return [(round(marker.frame / SONG_RATE, 2), marker.name) for marker in screen.timeline.state.song.markers]


def flag(screen: ArrangeScreen, seconds: float) -> QPoint:
    return QPoint(place(screen, seconds, 0).x() + 3, RULER_HEIGHT + 8)


def add(screen: ArrangeScreen, seconds: float) -> None:
    screen.sound.seek(round(seconds * SONG_RATE))
    QTest.keyClick(screen.timeline, Qt.Key.Key_M)


def typed_name(screen: ArrangeScreen, name: str, key: Qt.Key) -> None:
    field = screen.timeline.ruler.findChild(QLineEdit)
    assert field is not None
    assert field.isVisible()
    QTest.keyClicks(field, name)
    QTest.keyClick(field, key)
    assert not field.isVisible()


def test_m_marks_the_playhead_and_the_document_keeps_it(screen: ArrangeScreen, qtbot: QtBot) -> None:
    before = screen.timeline.ruler.height()
    with qtbot.waitSignal(screen.project.saved, check_params_cb=lambda done: done):
        add(screen, 2.0)
    assert markers(screen) == [(2.0, "")]
    assert load_project(screen.project.folder).songs[0].markers == screen.timeline.state.song.markers
    assert screen.timeline.ruler.height() > before
    screen.project.undo()
    assert screen.timeline.ruler.height() == before


def test_a_marker_is_named_where_it_stands(screen: ArrangeScreen) -> None:
    add(screen, 2.0)
    QTest.keyClick(screen.timeline, Qt.Key.Key_M)  # marked already: it can be named
    typed_name(screen, "verse", Qt.Key.Key_Return)
    assert markers(screen) == [(2.0, "verse")]
    assert screen.timeline.hasFocus()
    QTest.mouseDClick(screen.timeline.ruler, LEFT, pos=flag(screen, 2.0))
    typed_name(screen, "chorus", Qt.Key.Key_Escape)
    assert markers(screen) == [(2.0, "verse")]
    assert screen.timeline.hasFocus()


def test_a_marker_is_dragged_onto_an_edge_in_one_step(screen: ArrangeScreen) -> None:
    add(screen, 2.0)
    ruler, start = screen.timeline.ruler, flag(screen, 2.0)
    QTest.mousePress(ruler, LEFT, pos=start)
    goal = place(screen, 3.0, 0).x() + 3
    for x in (start.x() + 12, (start.x() + goal) // 2, goal):
        move(ruler, QPoint(x, start.y()))
    QTest.mouseRelease(ruler, LEFT, pos=QPoint(goal, start.y()))
    assert screen.timeline.state.song.markers[0].frame == section(screen, "x2").start
    assert screen.project.undo_name == "Move marker"
    screen.project.undo()
    assert markers(screen) == [(2.0, "")]


def test_escape_gives_the_drag_of_a_marker_up(screen: ArrangeScreen) -> None:
    add(screen, 2.0)
    ruler, start = screen.timeline.ruler, flag(screen, 2.0)
    QTest.mousePress(ruler, LEFT, pos=start)
    move(ruler, start + QPoint(60, 0))
    assert screen.timeline.state.shown_song != screen.timeline.state.song
    QTest.keyClick(screen.timeline, Qt.Key.Key_Escape)
    QTest.mouseRelease(ruler, LEFT, pos=start + QPoint(60, 0))
    assert markers(screen) == [(2.0, "")]
    assert screen.project.undo_name == "Add marker"


def test_keys_jump_from_marker_to_marker_and_delete_them(screen: ArrangeScreen, qtbot: QtBot) -> None:
    for seconds in (1.0, 4.0, 6.0):
        add(screen, seconds)
    QTest.keyClick(screen.timeline, Qt.Key.Key_PageUp)
    assert screen.timeline.state.playhead == 4 * SONG_RATE
    QTest.keyClick(screen.timeline, Qt.Key.Key_M, ALT)
    assert markers(screen) == [(1.0, ""), (6.0, "")]
    QTest.keyClick(screen.timeline, Qt.Key.Key_PageDown)
    assert screen.timeline.state.playhead == 6 * SONG_RATE
    screen.sound.seek(0)
    with qtbot.waitSignal(screen.say) as said:
        QTest.keyClick(screen.timeline, Qt.Key.Key_M, ALT)
    assert "no marker" in said.args[0]


def test_sections_fall_onto_markers_as_long_as_their_chip_is_on(screen: ArrangeScreen) -> None:
    add(screen, 5.3)
    near = place(screen, 5.0 + 1.3, 2) + QPoint(3, 0)
    drag(screen, place(screen, 5.0, 2), near)
    assert section(screen, "x5").start == round(5.3 * SONG_RATE)
    screen.project.undo()
    screen.sound.seek(0)
    screen.foot.kinds["markers"].click()
    drag(screen, place(screen, 5.0, 2), near)
    assert section(screen, "x5").start != round(5.3 * SONG_RATE)


def test_sections_fall_onto_bars_as_long_as_their_chip_is_on(screen: ArrangeScreen) -> None:
    """Bars of 1.1 s, told by the clip of another lane; its accents and the seconds are off."""
    moved = section(screen, "x5")
    clip = section(screen, "x1").clip
    assert clip != moved.clip
    screen.project.edit("Correct tempo", set_tempo, clip, Tempo(bpm=240 / 1.1))
    first = section(screen, "x1")
    bar = first.start - first.offset + round(2 * 1.1 * SONG_RATE)
    for kind in ("accents", "seconds", "edges", "playhead"):
        screen.foot.kinds[kind].click()
    at = bar / SONG_RATE
    near = place(screen, 5.0 + at - moved.start / SONG_RATE, 2) + QPoint(3, 0)
    drag(screen, place(screen, 5.0, 2), near)
    assert section(screen, "x5").start == bar
    screen.project.undo()
    screen.foot.kinds["bars"].click()
    drag(screen, place(screen, 5.0, 2), near)
    assert section(screen, "x5").start != bar


def test_shift_l_loops_what_is_selected_or_what_lies_between_two_markers(screen: ArrangeScreen) -> None:
    screen.timeline.state.select({"x5"})
    QTest.keyClick(screen.timeline, Qt.Key.Key_L, SHIFT)
    assert screen.timeline.state.loop == (4 * SONG_RATE, 6 * SONG_RATE)
    screen.timeline.state.select(())
    add(screen, 1.0)
    add(screen, 5.0)
    screen.sound.seek(2 * SONG_RATE)
    QTest.keyClick(screen.timeline, Qt.Key.Key_L, SHIFT)
    assert screen.timeline.state.loop == (SONG_RATE, 5 * SONG_RATE)


def test_an_end_of_the_loop_is_dragged(screen: ArrangeScreen) -> None:
    screen.sound.loop((SONG_RATE, 3 * SONG_RATE))
    ruler = screen.timeline.ruler
    start, goal = (QPoint(place(screen, seconds, 0).x(), 12) for seconds in (3.0, 5.5))
    QTest.mousePress(ruler, LEFT, pos=start)
    move(ruler, goal, CTRL)
    QTest.mouseRelease(ruler, LEFT, CTRL, goal)
    assert screen.timeline.state.loop is not None
    left, right = (frame / SONG_RATE for frame in screen.timeline.state.loop)
    assert (left, right) == (1.0, pytest.approx(5.5, abs=0.05))


def test_the_nearest_marker_comes_to_the_playhead(screen: ArrangeScreen) -> None:
    add(screen, 1.0)
    add(screen, 5.0)
    screen.sound.seek(4 * SONG_RATE)
    QTest.keyClick(screen.timeline, Qt.Key.Key_M, CTRL | SHIFT)
    assert markers(screen) == [(1.0, ""), (4.0, "")]
