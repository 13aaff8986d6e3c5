"""Zoom, ruler, what is empty, what is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication, QLineEdit, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from app.document.model import SONG_RATE, Project
from app.jobs.job import JobList
from app.jobs.open_project import OpenProject
from app.jobs.player import Player
from app.screens.arrange import ArrangeScreen
from app.widgets import theme
from tests.app.screens.arrange.hand import CTRL, LEFT, move, place


def test_zoom_stays_under_the_pointer_and_backslash_fits(screen: ArrangeScreen) -> None:
    view = screen.timeline.viewport()
    at = QPointF(300, 50)
    under = screen.timeline.scene.scale.frame(300)
    for turn in (120, 120, 120):
        wheel = QWheelEvent(
            at, view.mapToGlobal(at), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, CTRL,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view, wheel)
    assert screen.timeline.scene.scale.frame(300) == pytest.approx(under, abs=500)
    assert screen.timeline.scene.scale.start > 0
    QTest.keyClick(screen.timeline, Qt.Key.Key_Backslash)
    assert screen.timeline.scene.scale.start == 0
    assert screen.timeline.scene.x(screen.timeline.song.frames) <= view.width()


def test_the_ruler_seeks_and_draws_a_loop(screen: ArrangeScreen) -> None:
    ruler = screen.timeline.ruler
    QTest.mouseClick(ruler, LEFT, pos=QPoint(place(screen, 2.0, 0).x(), 12))
    assert screen.timeline.scene.playhead == pytest.approx(2 * SONG_RATE, abs=1000)
    assert screen.player.position == pytest.approx(2.0, abs=0.03)
    QTest.mousePress(ruler, LEFT, pos=QPoint(place(screen, 3.0, 0).x(), 12))
    move(ruler, QPoint(place(screen, 4.0, 0).x(), 12))
    QTest.mouseRelease(ruler, LEFT, pos=QPoint(place(screen, 4.0, 0).x(), 12))
    assert screen.timeline.scene.loop == (3 * SONG_RATE, 4 * SONG_RATE)
    assert screen.player.loop == (3.0, 4.0)
    QTest.mouseDClick(ruler, LEFT, pos=QPoint(200, 12))
    assert screen.player.loop is None


def test_nothing_yet_says_what_to_do_next(qtbot: QtBot, tmp_path: Path) -> None:
    project = OpenProject(tmp_path, Project(name="new"))
    steps = shown_empty(qtbot, project)
    screen = next(steps)
    assert screen.clips.to_train.isVisible()
    assert not screen.clips.generate.isVisible()
    with qtbot.waitSignal(screen.go) as asked:
        screen.clips.to_train.click()
    assert asked.args == ["train"]
    QTest.mouseClick(screen.findChild(QWidget, "first-song"), LEFT)
    assert len(project.value.songs) == 1
    assert screen.timeline.isVisible()
    next(steps, None)
    project.close()


def shown_empty(qtbot: QtBot, project: OpenProject) -> Iterator[ArrangeScreen]:
    player = Player()
    screen = ArrangeScreen(project, JobList(), player)
    qtbot.addWidget(screen)
    screen.resize(900, 600)
    screen.show()
    qtbot.waitExposed(screen)
    yield screen
    screen.shut()
    player.close()


def test_what_is_empty_stays_dark_whatever_is_selected(screen: ArrangeScreen) -> None:

    for lane in screen.timeline.song.lanes:
        for part in lane.sections:
            screen.timeline.select({part.id})
            picture = screen.timeline.viewport().grab().toImage()
            assert picture.pixelColor(picture.width() - 20, picture.height() - 20) == QColor(theme.GROUND)


def test_every_control_says_its_name(screen: ArrangeScreen) -> None:
    screen.timeline.select({"x1"})
    for control in screen.findChildren(QWidget):
        if isinstance(control, QAbstractButton | QAbstractSlider | QLineEdit) and not isinstance(control, QScrollBar):
            inside_spin_box = control.objectName() == "qt_spinbox_lineedit"
            assert inside_spin_box or control.accessibleName() or getattr(control, "text", str)(), control
    assert "e12 · 0006, lane A" in screen.timeline.accessibleDescription()
    assert all(action.text() for action in screen.actions())
    keys = [key.toString() for action in screen.actions() for key in action.shortcuts()]
    assert len(keys) == len(set(keys))
