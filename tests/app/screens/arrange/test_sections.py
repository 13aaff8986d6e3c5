"""Sections in the hand: moved, trimmed, faded, chosen."""

from __future__ import annotations

import math

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.document.model import SONG_RATE
from app.screens.arrange.screen import ArrangeScreen
from app.widgets.timeline.accent_marks import AccentMarks
from tests.app.screens.arrange.hand import ALT, CTRL, LEFT, SHIFT, drag, lane_of, move, place, section


def test_a_drag_moves_along_and_across_the_lanes_in_one_step_of_undo(screen: ArrangeScreen) -> None:
    before = screen.project.value
    screen.timeline.snap.on = False
    drag(screen, place(screen, 5.0, 2), place(screen, 6.0, 0))
    moved = section(screen, "x5")
    assert lane_of(screen, "x5") == 0
    assert moved.start == pytest.approx(5.0 * SONG_RATE, abs=screen.timeline.state.scale.frames_per_pixel * 2)
    assert screen.project.undo_name == "Move section"
    screen.project.undo()
    assert screen.project.value == before


def test_a_dragged_section_falls_onto_an_edge_unless_alt_is_held(screen: ArrangeScreen) -> None:
    near = place(screen, 5.0, 2) + QPoint(place(screen, 6.5 - 4.0, 0).x() - place(screen, 0.0, 0).x() + 3, 0)
    drag(screen, place(screen, 5.0, 2), near)
    assert section(screen, "x5").start == round(6.5 * SONG_RATE)
    screen.project.undo()
    drag(screen, place(screen, 5.0, 2), near, ALT)
    assert section(screen, "x5").start != round(6.5 * SONG_RATE)
    assert screen.timeline.state.guide is None


def test_escape_gives_a_drag_up(screen: ArrangeScreen) -> None:
    before = screen.project.value
    view = screen.timeline.viewport()
    QTest.mousePress(view, LEFT, pos=place(screen, 5.0, 2))
    move(view, place(screen, 6.0, 1))
    move(view, place(screen, 6.5, 1))
    assert screen.timeline.state.shown_song != screen.timeline.state.song
    QTest.keyClick(screen.timeline, Qt.Key.Key_Escape)
    assert screen.timeline.state.shown_song == screen.timeline.state.song
    QTest.mouseRelease(view, LEFT, pos=place(screen, 6.5, 1))
    assert screen.project.value == before
    assert not screen.project.undo_name


def test_edges_trim_and_the_sound_can_be_pulled_out_again(screen: ArrangeScreen) -> None:
    screen.timeline.snap.on = False
    before = section(screen, "x5")
    end = QPoint(screen.timeline.state.x(before.end) - 2, place(screen, 5, 2).y())
    drag(screen, end, end - QPoint(60, 0))
    trimmed = section(screen, "x5")
    assert trimmed.length < before.length
    assert screen.project.undo_name == "Trim"
    end = QPoint(screen.timeline.state.x(trimmed.end) - 2, end.y())
    drag(screen, end, end + QPoint(900, 0))
    assert section(screen, "x5").length == 4 * SONG_RATE  # all of its clip, and no more
    start = QPoint(screen.timeline.state.x(before.start) + 2, end.y())
    drag(screen, start, start + QPoint(40, 0))
    again = section(screen, "x5")
    assert again.offset - again.start == before.offset - before.start


def test_a_grip_in_the_corner_fades(screen: ArrangeScreen) -> None:
    part = section(screen, "x4")
    top = screen.timeline.state.rows.top(1) + 4
    grip = QPoint(screen.timeline.state.x(part.end) - 9, top)
    drag(screen, grip, grip - QPoint(50, 0))
    assert section(screen, "x4").fade_out == pytest.approx(screen.timeline.state.scale.frames(50), rel=0.05)
    assert screen.project.undo_name == "Fade out"


def test_arrows_nudge_and_change_lanes(screen: ArrangeScreen) -> None:
    screen.timeline.state.select({"x5"})
    before = section(screen, "x5").start
    QTest.keyClick(screen.timeline, Qt.Key.Key_Right)
    assert section(screen, "x5").start > before
    QTest.keyClick(screen.timeline, Qt.Key.Key_Left)
    QTest.keyClick(screen.timeline, Qt.Key.Key_Right, SHIFT)
    assert section(screen, "x5").start == before + SONG_RATE // 1000
    QTest.keyClick(screen.timeline, Qt.Key.Key_Up, ALT)
    assert lane_of(screen, "x5") == 1
    QTest.keyClick(screen.timeline, Qt.Key.Key_Up)
    assert screen.timeline.state.selection <= {"x1", "x2"}
    QTest.keyClick(screen.timeline, Qt.Key.Key_Left, CTRL)
    assert screen.timeline.state.selection == {"x1"}


def test_a_lasso_and_shift_clicks_choose_several(screen: ArrangeScreen) -> None:
    drag(screen, place(screen, 7.5, 1), place(screen, 4.5, 2))
    assert screen.timeline.state.selection == {"x4", "x5"}
    assert screen.timeline.state.lasso is None
    QTest.mouseClick(screen.timeline.viewport(), LEFT, SHIFT, place(screen, 1.0, 0))
    assert screen.timeline.state.selection == {"x1", "x4", "x5"}
    drag(screen, place(screen, 5.0, 2), place(screen, 6.0, 2))
    assert screen.project.undo_name == "Move sections"
    assert section(screen, "x1").start > 0


def test_a_click_on_a_grip_bends_the_fade(screen: ArrangeScreen) -> None:
    part = section(screen, "x4")
    grip = QPoint(screen.timeline.state.x(part.end) - 9, screen.timeline.state.rows.top(1) + 4)
    for curve in ("straight", "slow", "round"):
        QTest.mouseClick(screen.timeline.viewport(), LEFT, pos=grip)
        assert section(screen, "x4").fade_out_curve == curve
    assert screen.project.undo_name == "Curve of a fade"


def test_a_key_that_is_held_is_one_step_of_undo(screen: ArrangeScreen) -> None:
    screen.timeline.state.select({"x5"})
    before = screen.project.value
    for _ in range(5):
        QTest.keyPress(screen.timeline, Qt.Key.Key_Right)
    QTest.keyRelease(screen.timeline, Qt.Key.Key_Right)
    assert screen.project.steps == ["Nudge"]
    QTest.keyClick(screen.timeline, Qt.Key.Key_Right)
    assert screen.project.steps == ["Nudge", "Nudge"]
    screen.project.undo()
    screen.project.undo()
    assert screen.project.value == before


def test_sections_are_carried_onto_another_song(screen: ArrangeScreen) -> None:
    view, card = screen.timeline.viewport(), screen.flow.cards[1]
    end = screen.project.value.songs[1].frames
    screen.timeline.state.select({"x4", "x5"})
    QTest.mousePress(view, LEFT, pos=place(screen, 5.0, 2))
    move(view, place(screen, 5.0, 2) - QPoint(0, 30))
    over = view.mapFromGlobal(card.mapToGlobal(card.rect().center()))
    move(view, over)
    assert card.is_target
    QTest.mouseRelease(view, LEFT, pos=over)
    assert not card.is_target
    assert screen.song == "s2"
    assert [len(lane.sections) for lane in screen.timeline.state.song.lanes] == [1, 1, 1]
    assert screen.timeline.state.selection == {"x4", "x5"}
    assert (section(screen, "x4").start, section(screen, "x5").start) == (end, end + SONG_RATE)
    assert screen.project.undo_name == "Move to another song"
    screen.project.undo()
    screen.choose_song("s1")
    assert [len(lane.sections) for lane in screen.timeline.state.song.lanes] == [2, 2, 1]


def test_sections_carried_out_over_nothing_stay_in_their_song(screen: ArrangeScreen) -> None:
    view = screen.timeline.viewport()
    QTest.mousePress(view, LEFT, pos=place(screen, 5.0, 2))
    move(view, place(screen, 5.0, 2) - QPoint(0, 30))
    move(view, QPoint(300, -40))
    QTest.mouseRelease(view, LEFT, pos=QPoint(300, -40))
    assert screen.song == "s1"
    assert lane_of(screen, "x5") == 0


def test_accents_are_fallen_onto(screen: ArrangeScreen, qtbot: QtBot) -> None:
    timeline = screen.timeline
    # those of all five clips have been listened for, so that none come in between
    qtbot.waitUntil(lambda: len(timeline.state.accents) == 5, timeout=20_000)
    timeline.state.set_accents({"c0001": _one_accent(0.4), "c0004": _one_accent(1.5)})
    timeline.state.set_scale(timeline.state.scale.zoomed(3.0, place(screen, 4.5, 0).x()))
    start, goal = place(screen, 5.0, 2), place(screen, 5.1, 2) + QPoint(3, 0)
    drag(screen, start, goal)  # the accent of x5 is at 4.4, that of x2 at 4.5
    assert section(screen, "x5").start == round(4.1 * SONG_RATE)
    screen.project.undo()
    screen.views.kinds["accents"].trigger()
    drag(screen, start, goal)
    assert section(screen, "x5").start != round(4.1 * SONG_RATE)


def _one_accent(seconds: float) -> AccentMarks:
    return AccentMarks((round(seconds * SONG_RATE),), (math.inf,))
