"""The panel of the section and the heads of the lanes."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from app.document.edits.continuing import choose_alternatives
from app.document.edits.sections import set_fade_in, set_gain
from app.document.model import SONG_RATE, Project
from app.document.tree import change_section, change_song
from app.screens.arrange.screen import ArrangeScreen
from tests.app.screens.arrange.hand import LEFT, section


def test_the_section_panel_sets_all_that_is_chosen_in_one_step(screen: ArrangeScreen) -> None:
    screen.timeline.state.select({"x1", "x3"})
    for value in (-4, -8, -12):
        screen.panel.gain.slider.setValue(value)
    screen.panel.let_go.emit()
    screen.panel.pan.slider.setValue(-70)
    assert {section(screen, id).gain_db for id in ("x1", "x3")} == {-6.0}
    assert section(screen, "x1").pan == pytest.approx(-0.7)
    screen.project.undo()
    assert section(screen, "x1").pan == 0
    screen.project.undo()
    assert section(screen, "x1").gain_db == 0
    screen.panel.fade_in.slider.setValue(100)
    assert section(screen, "x1").fade_in == pytest.approx(1.25 * SONG_RATE, rel=0.01)
    QTest.mouseDClick(screen.panel.fade_in.slider, LEFT)
    assert section(screen, "x1").fade_in == 0


def test_what_stands_beside_a_slider_is_what_is_heard(screen: ArrangeScreen) -> None:
    screen.project.edit("Gain", set_gain, ["x1"], 0.3)
    screen.project.edit("Fade in", set_fade_in, ["x1"], round(0.05 * SONG_RATE))
    screen.timeline.state.select({"x1"})
    assert (screen.panel.gain.words, screen.panel.fade_in.words) == ("+0.3 dB", "50 ms")
    assert section(screen, "x1").gain_db == 0.3


def test_the_panel_tells_how_the_clip_was_made_and_how_loud_it_is(screen: ArrangeScreen, qtbot: QtBot) -> None:
    screen.timeline.state.select({"x2"})
    assert screen.panel.facts.value("Epoch") == "7"
    assert screen.panel.facts.value("Seed") == "4"
    qtbot.waitUntil(lambda: screen.panel.facts.value("Loudness").endswith("LUFS"))


def test_lanes_are_muted_soloed_panned_added_and_removed(screen: ArrangeScreen) -> None:
    header = screen.timeline.headers.headers[0]
    header.mute.click()
    header.solo.click()
    lane = screen.timeline.state.song.lanes[0]
    assert (lane.mute, lane.solo) == (True, True)
    header.gain.setFocus()
    QTest.keyClick(header.gain, Qt.Key.Key_Down)
    assert screen.timeline.state.song.lanes[0].gain_db == -0.5
    header.pan.setFocus()
    QTest.keyClick(header.pan, Qt.Key.Key_Delete)
    assert screen.timeline.state.song.lanes[0].pan == 0
    QTest.mouseDClick(header.pan, LEFT)
    QTest.keyClicks(header.pan.entry, "l 33")
    QTest.keyClick(header.pan.entry, Qt.Key.Key_Return)
    assert screen.timeline.state.song.lanes[0].pan == -0.33
    QTest.keyClick(header.gain, Qt.Key.Key_Return)
    QTest.keyClicks(header.gain.entry, "-75")
    QTest.keyClick(header.gain.entry, Qt.Key.Key_Return)
    assert screen.timeline.state.song.lanes[0].gain_db == -60.0
    assert "silence" in QToolTip.text()
    screen.timeline.headers.add.click()
    assert len(screen.timeline.state.song.lanes) == 4
    screen.timeline.headers.headers[3].remove.click()
    assert len(screen.timeline.state.song.lanes) == 3
    assert screen.project.undo_name == "Remove lane"


def test_an_arrow_held_on_a_slider_is_one_step_of_undo(screen: ArrangeScreen) -> None:
    screen.timeline.state.select({"x1"})
    slider = screen.panel.gain.slider
    slider.setFocus()
    for turn in (1, 2):
        for _ in range(4):
            QTest.keyPress(slider, Qt.Key.Key_Left)
        QTest.keyRelease(slider, Qt.Key.Key_Left)
        assert section(screen, "x1").gain_db == -2.0 * turn
        assert screen.project.steps == ["Gain"] * turn


def wheel(on: QWidget, turn: int = 120) -> None:
    at = QPointF(on.rect().center())
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    QApplication.sendEvent(on, QWheelEvent(at, on.mapToGlobal(at), QPoint(), QPoint(0, turn), *none, False))


def test_the_wheel_turns_only_what_has_the_focus(screen: ArrangeScreen, qtbot: QtBot) -> None:
    screen.timeline.state.select({"x1"})
    before = screen.project.value
    slider, gain = screen.panel.gain.slider, screen.timeline.headers.headers[0].gain
    for control in (slider, gain, screen.flow.gaps[0]):
        wheel(control)
    assert screen.project.value == before
    slider.setFocus()
    wheel(slider)
    wheel(slider)
    assert section(screen, "x1").gain_db > 0
    assert screen.project.steps == ["Gain"]
    with qtbot.waitSignal(screen.panel.let_go):
        wheel(slider)
    wheel(slider)
    assert screen.project.steps == ["Gain", "Gain"]


def test_the_curve_of_a_fade_is_chosen_beside_it(screen: ArrangeScreen) -> None:
    screen.timeline.state.select({"x1", "x3"})
    screen.panel.in_curve.click()
    assert {section(screen, id).fade_in_curve for id in ("x1", "x3")} == {"straight"}
    screen.panel.out_curve.click()
    screen.panel.out_curve.click()
    assert section(screen, "x1").fade_out_curve == "slow"
    assert "slow" in screen.panel.out_curve.accessibleName()


def test_why_a_recipe_chose_what_is_shown_is_told(screen: ArrangeScreen) -> None:
    why, how = "Late: epoch 12 of 12. It takes over on a stroke.", "5 sections: 1 early, 2 middle, 2 late."
    panel = screen.panel.why

    def made_by_recipe(project: Project) -> Project:
        project = change_section(project, "x1", lambda part: replace(part, why=why))
        return change_song(project, "s1", lambda song: replace(song, recipe="stitch", why=how))

    screen.timeline.state.select(set())
    assert panel.isHidden()
    screen.project.edit("Recipe", made_by_recipe)
    assert (panel.words.text(), panel.isHidden()) == (how, False)
    assert "\u201cstitch\u201d, after \u201cInorganimate\u201d" in panel.name.text()
    screen.timeline.state.select({"x1"})
    assert (panel.name.text(), panel.words.text()) == ("Why it is here", why)
    screen.timeline.state.select({"x3"})
    assert panel.isHidden()
    screen.project.undo()
    screen.timeline.state.select({"x1"})
    assert panel.isHidden()


def test_another_alternative_was_not_chosen_by_the_recipe(screen: ArrangeScreen) -> None:
    def chosen_by_recipe(project: Project) -> Project:
        return change_section(
            project, "x1", lambda part: replace(part, why="Drawn by lot.", alternatives=(part.clip, "c0001"))
        )

    screen.project.edit("Recipe", chosen_by_recipe)
    screen.project.edit("Other", choose_alternatives, ["x1"], 1)
    assert (section(screen, "x1").clip, section(screen, "x1").why) == ("c0001", "")
