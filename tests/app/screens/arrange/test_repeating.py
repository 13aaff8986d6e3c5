"""Repeats and motifs."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QSpinBox

from app.document.model import SONG_RATE
from app.screens.arrange.screen import ArrangeScreen
from tests.app.screens.arrange.hand import ALT, CTRL, LEFT, SHIFT, drag, place, section


def starts(screen: ArrangeScreen, lane: int) -> list[float]:
    return [part.start / SONG_RATE for part in screen.timeline.state.song.lanes[lane].sections]


def test_r_repeats_and_what_follows_moves_on(screen: ArrangeScreen) -> None:
    screen.timeline.state.select({"x1"})
    QTest.keyClick(screen.timeline, Qt.Key.Key_R)
    assert starts(screen, 0) == [0, 3, 6]
    assert section(screen, "x2").start == 6 * SONG_RATE
    assert starts(screen, 1) == [0.25, 3]
    QTest.keyClick(screen.timeline, Qt.Key.Key_R)  # the copy is what is selected now
    assert starts(screen, 0) == [0, 3, 6, 9]
    assert screen.project.undo_name == "Repeat"


def test_a_section_repeats_as_often_as_one_says(screen: ArrangeScreen) -> None:
    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QInputDialog)
        field = dialog.findChild(QSpinBox)
        assert field is not None
        field.setValue(4)
        QTest.keyClick(field, Qt.Key.Key_Return)

    screen.timeline.state.select({"x5"})
    QTimer.singleShot(0, answer)
    QTest.keyClick(screen.timeline, Qt.Key.Key_R, SHIFT)
    assert starts(screen, 2) == [4, 6, 8, 10, 12]
    assert screen.project.undo_name == "Repeat 4 times"
    screen.project.undo()
    assert starts(screen, 2) == [4]


def test_duplicate_leaves_the_rest_where_it_is(screen: ArrangeScreen) -> None:
    screen.timeline.state.select({"x1"})
    QTest.keyClick(screen.timeline, Qt.Key.Key_D, CTRL)
    assert starts(screen, 0) == [0, 3, 3]


def test_a_motif_is_taken_moved_and_repeated_as_one(screen: ArrangeScreen) -> None:
    view = screen.timeline.viewport()
    QTest.mouseClick(view, LEFT, pos=place(screen, 1.0, 0))
    QTest.mouseClick(view, LEFT, SHIFT, place(screen, 1.0, 1))
    QTest.keyClick(screen.timeline, Qt.Key.Key_G, CTRL)
    assert screen.project.undo_name == "Make a motif"
    QTest.mouseClick(view, LEFT, pos=place(screen, 5.0, 2))
    assert screen.timeline.state.selection == {"x5"}
    QTest.mouseClick(view, LEFT, pos=place(screen, 1.0, 1))
    assert screen.timeline.state.selection == {"x1", "x3"}
    QTest.keyClick(screen.timeline, Qt.Key.Key_R)
    assert starts(screen, 0) == [0, 3.25, 6.25]
    assert starts(screen, 1) == [0.25, 3.5, 6.25]
    copy = screen.timeline.state.selection
    assert len(copy) == 2
    QTest.mouseClick(view, LEFT, pos=place(screen, 0.5, 2))
    screen.timeline.snap.on = False
    drag(screen, place(screen, 4.0, 0), place(screen, 4.5, 0))
    assert screen.timeline.state.selection == copy
    assert starts(screen, 0)[1] == pytest.approx(3.75, abs=0.1)
    assert starts(screen, 1)[1] == pytest.approx(4.0, abs=0.1)


def test_alt_takes_one_out_of_a_motif_and_it_can_be_taken_apart(screen: ArrangeScreen) -> None:
    view = screen.timeline.viewport()
    screen.timeline.state.select({"x1", "x3"})
    QTest.keyClick(screen.timeline, Qt.Key.Key_G, CTRL)
    QTest.mouseClick(view, LEFT, ALT, place(screen, 5.0, 2))
    QTest.mouseClick(view, LEFT, ALT, place(screen, 1.0, 1))
    assert screen.timeline.state.selection == {"x3"}
    QTest.keyClick(screen.timeline, Qt.Key.Key_Left, CTRL)
    QTest.mouseClick(view, LEFT, pos=place(screen, 1.0, 1))
    assert screen.timeline.state.selection == {"x1", "x3"}
    QTest.keyClick(screen.timeline, Qt.Key.Key_G, CTRL | SHIFT)
    QTest.mouseClick(view, LEFT, pos=place(screen, 1.0, 1))
    assert screen.timeline.state.selection == {"x3"}
