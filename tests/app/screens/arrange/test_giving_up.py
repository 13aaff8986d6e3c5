"""Escape, another button, a pointer that goes away: what was begun is as if it had never been."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from app.document.model import SONG_RATE
from app.screens.arrange.screen import ArrangeScreen
from tests.app.screens.arrange.hand import LEFT, NONE, lane_of, move, place, section


def test_escape_in_a_lasso_gives_back_what_was_selected(screen: ArrangeScreen) -> None:
    view = screen.timeline.viewport()
    screen.timeline.state.select({"x5"})
    start, end = place(screen, 7.5, 2), place(screen, 1.0, 0)
    QTest.mousePress(view, LEFT, NONE, start)
    for point in (start - QPoint(20, 5), end):
        move(view, point)
    assert screen.timeline.state.selection > {"x5"}
    QTest.keyClick(screen.timeline, Qt.Key.Key_Escape)
    assert screen.timeline.state.selection == {"x5"}
    assert screen.timeline.state.lasso is None
    move(view, start)
    QTest.mouseRelease(view, LEFT, NONE, start)
    assert screen.timeline.state.selection == {"x5"}


def test_escape_gives_the_loop_that_is_drawn_up(screen: ArrangeScreen) -> None:
    ruler, state = screen.timeline.ruler, screen.timeline.state

    def at(seconds: float) -> QPoint:
        return QPoint(state.x(round(seconds * SONG_RATE)), 10)

    for start, before in ((4.0, None), (3.0, (SONG_RATE, 2 * SONG_RATE))):
        screen.timeline.loop_asked.emit(before)
        QTest.mousePress(ruler, LEFT, NONE, at(start))
        move(ruler, at(4.5))
        move(ruler, at(6.0))
        assert state.loop not in (None, before)
        QTest.keyClick(screen.timeline, Qt.Key.Key_Escape)
        assert state.loop == before
        move(ruler, at(6.5))
        QTest.mouseRelease(ruler, LEFT, NONE, at(6.5))
        assert state.loop == before


def test_escape_gives_the_turn_of_a_lanes_number_up(screen: ArrangeScreen) -> None:
    pan = screen.timeline.headers.headers[2].pan
    pan.setFocus()
    QTest.mousePress(pan, LEFT, NONE, QPoint(10, 8))
    for up in (10, 25, 40):
        move(pan, QPoint(10, 8 - up))
    assert screen.timeline.state.song.lanes[2].pan > 0
    QTest.keyClick(pan, Qt.Key.Key_Escape)
    move(pan, QPoint(10, -60))
    QTest.mouseRelease(pan, LEFT, NONE, QPoint(10, -60))
    assert screen.timeline.state.song.lanes[2].pan == 0
    assert screen.project.steps == []


def test_another_button_in_a_drag_chooses_nothing_and_opens_nothing(screen: ArrangeScreen) -> None:
    view = screen.timeline.viewport()
    start, end = place(screen, 1.0, 0), place(screen, 1.0, 2)
    QTest.mousePress(view, LEFT, NONE, start)
    for point in (start + QPoint(6, 0), end):
        move(view, point)
    QTest.mousePress(view, Qt.MouseButton.RightButton, NONE, place(screen, 4.0, 1))
    screen.timeline.customContextMenuRequested.emit(end)
    assert QApplication.activePopupWidget() is None
    assert screen.timeline.state.selection == {"x1"}
    QTest.mouseRelease(view, LEFT, NONE, end)
    assert lane_of(screen, "x1") == 2
    assert section(screen, "x1").length > 0


def test_a_menu_is_gone_for_good_once_it_is_closed(screen: ArrangeScreen) -> None:
    before = len(screen.timeline.findChildren(QMenu))
    for _ in range(3):
        menu = screen.sections.menu()
        menu.popup(QPoint(10, 10))
        menu.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(screen.timeline.findChildren(QMenu)) == before


def test_the_menu_of_a_section_fits_on_a_screen_of_768_lines_at_125_percent(screen: ArrangeScreen) -> None:
    menu = screen.sections.menu()
    assert menu.sizeHint().height() <= 768 / 1.25
    menu.close()


def test_grips_go_with_the_pointer(screen: ArrangeScreen) -> None:
    view = screen.timeline.viewport()
    at = QPointF(place(screen, 1.0, 0))
    none = Qt.MouseButton.NoButton
    QApplication.sendEvent(view, QMouseEvent(QEvent.Type.MouseMove, at, view.mapToGlobal(at), none, none, NONE))
    assert screen.timeline.state.hovered == "x1"
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert screen.timeline.state.hovered == ""
