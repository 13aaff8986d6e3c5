"""Zoom, ruler, what is empty, what is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication, QLineEdit, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from app.document.edits.sections import move_sections
from app.document.model import SONG_RATE, Project
from app.document.tree import clip_of
from app.jobs.job import JobList
from app.playback.player import Player
from app.screens.arrange.screen import ArrangeScreen
from app.widgets import theme
from app.widgets.timeline.labels import LABEL_HEIGHT
from app.widgets.timeline.waves import shades_of
from tests.app.conftest import OpenFolder
from tests.app.screens.arrange.hand import CTRL, LEFT, SHIFT, move, place, section
from tests.app.screens.conftest import shown


def test_zoom_stays_under_the_pointer_and_backslash_fits(screen: ArrangeScreen) -> None:
    view = screen.timeline.viewport()
    at = QPointF(300, 50)
    under = screen.timeline.state.scale.frame(300)
    for turn in (120, 120, 120):
        wheel = QWheelEvent(
            at, view.mapToGlobal(at), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, CTRL,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view, wheel)
    assert screen.timeline.state.scale.frame(300) == pytest.approx(under, abs=500)
    assert screen.timeline.state.scale.start > 0
    QTest.keyClick(screen.timeline, Qt.Key.Key_Backslash)
    assert screen.timeline.state.scale.start == 0
    assert screen.timeline.state.x(screen.timeline.state.song.frames) <= view.width()


def test_the_ruler_seeks_and_draws_a_loop(screen: ArrangeScreen) -> None:
    ruler = screen.timeline.ruler
    QTest.mouseClick(ruler, LEFT, pos=QPoint(place(screen, 2.0, 0).x(), 12))
    assert screen.timeline.state.playhead == pytest.approx(2 * SONG_RATE, abs=1000)
    assert screen.player.position == pytest.approx(2.0, abs=0.03)
    QTest.mousePress(ruler, LEFT, pos=QPoint(place(screen, 3.0, 0).x(), 12))
    move(ruler, QPoint(place(screen, 4.0, 0).x(), 12))
    QTest.mouseRelease(ruler, LEFT, pos=QPoint(place(screen, 4.0, 0).x(), 12))
    assert screen.timeline.state.loop == (3 * SONG_RATE, 4 * SONG_RATE)
    assert screen.player.loop == (3.0, 4.0)
    QTest.mouseDClick(ruler, LEFT, pos=QPoint(200, 12))
    assert screen.player.loop is None


def test_nothing_yet_says_what_to_do_next(
    qtbot: QtBot, open_project: OpenFolder, player: Player, jobs: JobList, tmp_path: Path
) -> None:
    project = open_project(tmp_path, Project(name="new"))
    screen = shown(qtbot, ArrangeScreen(project, jobs, player))
    assert screen.clips.to_train.isVisible()
    assert not screen.clips.generate.isVisible()
    with qtbot.waitSignal(screen.go) as asked:
        screen.clips.to_train.click()
    assert asked.args == ["train"]
    QTest.mouseClick(screen.findChild(QWidget, "first-song"), LEFT)
    assert len(project.value.songs) == 1
    assert screen.timeline.isVisible()
    screen.shut()


def test_what_is_empty_stays_dark_whatever_is_selected(screen: ArrangeScreen) -> None:

    for lane in screen.timeline.state.song.lanes:
        for part in lane.sections:
            screen.timeline.state.select({part.id})
            picture = screen.timeline.viewport().grab().toImage()
            assert picture.pixelColor(picture.width() - 20, picture.height() - 20) == QColor(theme.GROUND)


def test_every_control_says_its_name(screen: ArrangeScreen) -> None:
    screen.timeline.state.select({"x1"})
    for control in screen.findChildren(QWidget):
        if isinstance(control, QAbstractButton | QAbstractSlider | QLineEdit) and not isinstance(control, QScrollBar):
            inside_spin_box = control.objectName() == "qt_spinbox_lineedit"
            assert inside_spin_box or control.accessibleName() or getattr(control, "text", str)(), control
    assert "e12 · 0006, lane A" in screen.timeline.accessibleDescription()
    assert all(action.text() for action in screen.actions())
    keys = [key.toString() for action in screen.actions() for key in action.shortcuts()]
    assert len(keys) == len(set(keys))


def test_one_zooms_from_an_hour_to_single_samples(screen: ArrangeScreen, qtbot: QtBot) -> None:
    timeline = screen.timeline
    an_hour = 3600 * SONG_RATE
    screen.project.edit("Far away", move_sections, ["x5"], an_hour)
    QTest.keyClick(timeline, Qt.Key.Key_Backslash)
    assert timeline.state.x(section(screen, "x5").end) <= timeline.viewport().width()
    screen.sound.seek(section(screen, "x5").start + 300)
    screen.sound.loop((SONG_RATE, an_hour))
    QTest.keyClick(timeline, Qt.Key.Key_M)
    QTest.keyClick(timeline, Qt.Key.Key_Z, SHIFT)
    state = timeline.state
    assert state.x(state.playhead + 1) - state.x(state.playhead) == 8
    sound = screen.waves
    clip = clip_of(screen.project.value, "c0001")
    qtbot.waitUntil(lambda: sound.samples(clip, 0, 10) is not None, timeout=20_000)
    samples = sound.samples(clip, 310, 1)
    assert samples is not None
    half = (state.rows.height - LABEL_HEIGHT - 6) / 2
    y = state.rows.top(2) + LABEL_HEIGHT + half - half * float(samples[0])
    ink = shades_of(theme.age_colour(0.0).rgb())[2]

    def is_a_dot() -> bool:
        picture = timeline.viewport().grab().toImage()
        return picture.pixelColor(state.x(state.playhead + 10), round(y)) == ink

    # it is painted once the window has been told that the samples are there
    qtbot.waitUntil(is_a_dot, timeout=20_000)


def test_a_notch_of_the_wheel_glides_and_a_touchpad_is_followed_at_once(screen: ArrangeScreen, qtbot: QtBot) -> None:
    timeline = screen.timeline
    timeline.state.zoom(4.0, 0)
    view, at = timeline.viewport(), QPointF(200, 60)

    def turn(pixels: int, angle: int) -> None:
        none = Qt.MouseButton.NoButton, SHIFT, Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(at, view.mapToGlobal(at), QPoint(0, pixels), QPoint(0, angle), *none, False)
        QApplication.sendEvent(view, event)

    turn(-50, -50)
    assert timeline.state.scale.start == pytest.approx(timeline.state.scale.frames(50))
    turn(0, -120)
    goal = timeline.state.scale.frames(170)
    assert timeline.state.scale.start < goal
    qtbot.waitUntil(lambda: timeline.state.scale.start == pytest.approx(goal, abs=1.0))


def test_a_screen_reader_finds_the_selected_section_where_it_is(screen: ArrangeScreen, qtbot: QtBot) -> None:
    timeline = screen.timeline
    QTest.keyClick(timeline, Qt.Key.Key_Right, CTRL)
    QTest.keyClick(timeline, Qt.Key.Key_Right, CTRL)
    assert timeline.state.selection == {"x2"}
    said = QAccessible.queryAccessibleInterface(timeline.voice)
    assert said.text(QAccessible.Text.Name) == "e7 · 0004, lane A, 0:03.0 to 0:06.5"
    corner = timeline.viewport().mapToGlobal(QPoint(0, 0))
    assert said.rect().left() - corner.x() == timeline.state.x(section(screen, "x2").start)
    whole = QAccessible.queryAccessibleInterface(timeline)
    assert whole.text(QAccessible.Text.Name) == "Timeline"
    assert "lane A" in whole.text(QAccessible.Text.Description)
    heads = [QAccessible.queryAccessibleInterface(head) for head in timeline.headers.headers]
    assert [head.text(QAccessible.Text.Name) for head in heads] == ["Lane A", "Lane B", "Lane C"]


def test_the_playhead_goes_from_edge_to_edge_and_stays_in_view(screen: ArrangeScreen) -> None:
    timeline = screen.timeline
    timeline.state.zoom(6.0, 0)
    for seconds in (0.25, 3.0, 3.25):
        QTest.keyClick(timeline, Qt.Key.Key_Period)
        assert timeline.state.playhead == round(seconds * SONG_RATE)
        assert 0 <= timeline.state.x(timeline.state.playhead) <= timeline.viewport().width()
    QTest.keyClick(timeline, Qt.Key.Key_Comma)
    assert timeline.state.playhead == 3 * SONG_RATE
    QTest.keyClick(timeline, Qt.Key.Key_End)
    assert timeline.state.playhead == timeline.state.song.frames


def test_the_hand_does_not_scroll_out_of_the_song(screen: ArrangeScreen) -> None:
    view = screen.timeline
    for _ in range(40):
        view.state.scroll_by(200)
    assert 0 < view.state.x(view.state.song.frames) < view.viewport().width() / 2
    furthest = view.state.scale.start
    view.state.scroll_to(3 * furthest)
    view.state.scroll_by(50)
    assert view.state.scale.start == 3 * furthest
    view.state.scroll_by(-50)
    assert view.state.scale.start < 3 * furthest
