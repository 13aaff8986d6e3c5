"""Cutting and putting together: split, join, delete, copy, paste."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.document.model import SONG_RATE
from app.screens.arrange.screen import ArrangeScreen
from tests.app.screens.arrange.hand import ALT, CTRL, LEFT, NONE, SHIFT, place, section


def test_s_splits_what_is_under_the_playhead_and_control_j_joins_it_again(screen: ArrangeScreen) -> None:
    before = screen.project.value
    screen.sound.seek(round(3.5 * SONG_RATE))
    QTest.keyClick(screen.timeline, Qt.Key.Key_S)
    assert [len(lane.sections) for lane in screen.timeline.state.song.lanes] == [3, 3, 1]
    assert screen.project.undo_name == "Split"
    screen.project.undo()
    screen.timeline.state.select({"x2"})
    QTest.keyClick(screen.timeline, Qt.Key.Key_S)
    assert [len(lane.sections) for lane in screen.timeline.state.song.lanes] == [3, 2, 1]
    QTest.keyClick(screen.timeline, Qt.Key.Key_A, CTRL)
    QTest.keyClick(screen.timeline, Qt.Key.Key_J, CTRL)
    assert screen.project.value == before


def test_delete_and_ripple_delete(screen: ArrangeScreen) -> None:
    screen.timeline.state.select({"x1"})
    QTest.keyClick(screen.timeline, Qt.Key.Key_Delete)
    assert [part.id for part in screen.timeline.state.song.lanes[0].sections] == ["x2"]
    assert not screen.timeline.state.selection
    screen.project.undo()
    screen.timeline.state.select({"x1"})
    QTest.keyClick(screen.timeline, Qt.Key.Key_Delete, SHIFT)
    assert section(screen, "x2").start == 0


def test_repeat_copy_cut_and_paste(screen: ArrangeScreen) -> None:
    screen.timeline.state.select({"x5"})
    QTest.keyClick(screen.timeline, Qt.Key.Key_R)
    QTest.keyClick(screen.timeline, Qt.Key.Key_D, CTRL)
    starts = [part.start for part in screen.timeline.state.song.lanes[2].sections]
    assert starts == [round(seconds * SONG_RATE) for seconds in (4, 6, 8)]
    QTest.keyClick(screen.timeline, Qt.Key.Key_X, CTRL)
    assert len(screen.timeline.state.song.lanes[2].sections) == 2
    screen.choose_song("s2")
    screen.sound.seek(SONG_RATE)
    screen.timeline.setFocus()
    QTest.keyClick(screen.timeline, Qt.Key.Key_V, CTRL)
    pasted = screen.timeline.state.song.lanes[2].sections[0]
    assert (pasted.clip, pasted.start, screen.timeline.state.selection) == ("c0001", SONG_RATE, {pasted.id})


def test_shift_s_splits_what_is_under_the_pointer_there(screen: ArrangeScreen, qtbot: QtBot) -> None:
    view = screen.timeline.viewport()

    def points_there() -> bool:
        """The timeline may still be laid out while the pointer moves."""
        QTest.mouseMove(view, place(screen, 1.5, 1))
        return view.mapFromGlobal(QCursor.pos()) == place(screen, 1.5, 1)

    qtbot.waitUntil(points_there)
    at = place(screen, 1.5, 1)
    QTest.keyClick(screen.timeline, Qt.Key.Key_S, SHIFT)
    cut = screen.timeline.state.song.lanes[1].sections
    assert len(cut) == 3
    assert cut[0].end == screen.timeline.state.scale.frame(at.x())
    assert [len(lane.sections) for lane in screen.timeline.state.song.lanes] == [2, 3, 1]


def test_alt_s_splits_all_lanes_whatever_is_selected(screen: ArrangeScreen) -> None:
    screen.sound.seek(round(4.5 * SONG_RATE))
    screen.timeline.state.select({"x2"})
    QTest.keyClick(screen.timeline, Qt.Key.Key_S, ALT)
    assert [len(lane.sections) for lane in screen.timeline.state.song.lanes] == [3, 3, 2]


def test_what_cannot_be_split_or_joined_is_told(screen: ArrangeScreen, qtbot: QtBot) -> None:
    screen.timeline.state.select({"x1"})
    screen.sound.seek(5 * SONG_RATE)
    for key, keys, words in (
        (Qt.Key.Key_S, NONE, "not over what is selected"),
        (Qt.Key.Key_J, CTRL, "go on unbroken"),
    ):
        with qtbot.waitSignal(screen.say) as said:
            QTest.keyClick(screen.timeline, key, keys)
        assert words in said.args[0]
    assert not screen.project.undo_name


def test_a_split_heals_without_choosing_both_halves(screen: ArrangeScreen) -> None:
    before = screen.project.value
    for seconds in (0.5, 1.5, 2.5):
        screen.sound.seek(round(seconds * SONG_RATE))
        QTest.keyClick(screen.timeline, Qt.Key.Key_S)
    QTest.mouseClick(screen.timeline.viewport(), LEFT, pos=place(screen, 1.0, 0))
    QTest.keyClick(screen.timeline, Qt.Key.Key_J, CTRL | SHIFT)
    assert len(screen.timeline.state.song.lanes[0].sections) == 2
    screen.timeline.state.select(())
    screen.sound.seek(round(1.5 * SONG_RATE))
    QTest.keyClick(screen.timeline, Qt.Key.Key_J, CTRL | SHIFT)
    assert screen.project.value == before


def test_brackets_trim_to_the_playhead_and_no_sound_is_lost(screen: ArrangeScreen) -> None:
    before = section(screen, "x1")
    screen.timeline.state.select({"x1"})
    screen.sound.seek(SONG_RATE)
    QTest.keyClick(screen.timeline, Qt.Key.Key_BracketLeft)
    assert (section(screen, "x1").start, section(screen, "x1").end) == (SONG_RATE, before.end)
    screen.sound.seek(2 * SONG_RATE)
    QTest.keyClick(screen.timeline, Qt.Key.Key_BracketRight)
    assert section(screen, "x1").end == 2 * SONG_RATE
    for at, key in ((0, Qt.Key.Key_BracketLeft), (3 * SONG_RATE, Qt.Key.Key_BracketRight)):
        screen.sound.seek(at)
        QTest.keyClick(screen.timeline, key)
    assert section(screen, "x1") == before


def test_time_goes_from_all_lanes(screen: ArrangeScreen) -> None:
    screen.timeline.state.select({"x5"})  # 4 to 6
    QTest.keyClick(screen.timeline, Qt.Key.Key_Delete, CTRL)
    ends = [[(part.start, part.end) for part in lane.sections] for lane in screen.timeline.state.song.lanes]
    at = [[(round(a / SONG_RATE, 2), round(b / SONG_RATE, 2)) for a, b in lane] for lane in ends]
    assert at == [[(0, 3), (3, 4), (4, 4.5)], [(0.25, 3.25), (3, 4), (4, 5)], []]
    screen.project.undo()
    assert [len(lane.sections) for lane in screen.timeline.state.song.lanes] == [2, 2, 1]


def test_fades_reach_to_the_playhead_by_keys(screen: ArrangeScreen) -> None:
    screen.timeline.state.select({"x1"})
    screen.sound.seek(SONG_RATE // 2)
    QTest.keyClick(screen.timeline, Qt.Key.Key_BracketLeft, CTRL)
    screen.sound.seek(2 * SONG_RATE)
    QTest.keyClick(screen.timeline, Qt.Key.Key_BracketRight, CTRL)
    assert (section(screen, "x1").fade_in, section(screen, "x1").fade_out) == (SONG_RATE // 2, SONG_RATE)
    assert screen.project.steps == ["Fade in", "Fade out"]
