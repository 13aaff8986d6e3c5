"""The plan of a guide, put into another order in the Generate dialog: with the mouse, by keys, and back again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.document.guide_choice import GuideChoice
from app.document.guide_form import DRAWN_FORM, GuideForm, Parts
from app.widgets.clips.generate_dialog import GenerateDialog
from app.widgets.clips.generate_settings import GenerateSettings, GuideQuestion
from app.widgets.clips.guide_view import ShownGuide

LEFT = Qt.MouseButton.LeftButton
NONE, ALT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)
Open = Callable[..., GenerateDialog]
_PART = 8.0
"""Seconds of four bars at 120 beats a minute."""


def guide_of(parts: Parts, seconds: float | None = None, bpm: float = 120.0) -> ShownGuide:
    length = _PART * 120 / bpm
    seconds = seconds or len(parts) * length
    strokes = np.full((round(250 * seconds), 20), -40.0, np.float32)
    return ShownGuide(strokes, seconds, None, bpm, tuple((name, length) for name in parts))


@pytest.fixture
def dialog(opened: Open) -> GenerateDialog:
    """Four parts, the last of which is cut off after 30 seconds."""
    dialog = opened()
    dialog.show_guide(guide_of(("A", "B", "A", "C"), 30.0))
    return dialog


def names(dialog: GenerateDialog) -> Parts:
    return dialog.guide.parts.names


def at(dialog: GenerateDialog, place: int, share: float = 0.5) -> QPoint:
    _, begin, end = dialog.guide.parts.blocks()[place]
    return QPoint(round((begin + (end - begin) * share) * dialog.guide.parts.width()), 8)


def drag(dialog: GenerateDialog, place: int, to: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
    parts = dialog.guide.parts
    begin = at(dialog, place)
    QTest.mousePress(parts, LEFT, NONE, begin)
    for share in (0.4, 1.0):
        point = QPointF(begin + (to - begin) * share)
        move = QMouseEvent(QEvent.Type.MouseMove, point, parts.mapToGlobal(point), Qt.MouseButton.NoButton, LEFT, keys)
        QApplication.sendEvent(parts, move)
    QTest.mouseRelease(parts, LEFT, keys, to)


def press(dialog: GenerateDialog, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(dialog.guide.parts, key, modifier)


def form(dialog: GenerateDialog) -> GuideForm:
    return dialog.settings().guide.form


def test_a_block_is_dragged_and_the_clip_is_as_long_as_the_plan(qtbot: QtBot, dialog: GenerateDialog) -> None:
    questions: list[GuideQuestion | None] = []
    dialog.guide_asked.connect(questions.append)
    drag(dialog, 3, at(dialog, 1, 0.2))
    assert names(dialog) == form(dialog).parts == ("A", "C", "B", "A")
    assert dialog.settings().seconds == 32.0
    assert dialog.seconds.decimals() == 0
    assert not dialog.guide.hear.isEnabled()  # what could be heard was another guide
    assert dialog.guide.picture.isVisible()
    qtbot.waitUntil(lambda: bool(questions), timeout=10_000)
    assert questions == [GuideQuestion(GuideChoice("album", form=GuideForm(("A", "C", "B", "A"))), 32.0, 77)]
    dialog.show_guide(guide_of(("A", "C", "B", "A")))
    assert dialog.guide.hear.isEnabled()
    drag(dialog, 0, at(dialog, 3, 0.9))
    assert names(dialog) == ("C", "B", "A", "A")
    assert dialog.guide.parts.chosen == 3


def test_a_drag_that_goes_nowhere_changes_nothing(dialog: GenerateDialog) -> None:
    drag(dialog, 1, at(dialog, 1, 0.9))
    QTest.mouseClick(dialog.guide.parts, LEFT, NONE, at(dialog, 2))
    assert dialog.guide.parts.chosen == 2
    assert form(dialog) == DRAWN_FORM
    assert dialog.settings().seconds == 30.0


def test_a_block_is_copied_with_control(dialog: GenerateDialog) -> None:
    drag(dialog, 1, at(dialog, 3, 0.9), CONTROL)
    assert names(dialog) == ("A", "B", "A", "C", "B")
    assert dialog.settings().seconds == 40.0


def test_buttons_repeat_remove_and_draw_another_form(dialog: GenerateDialog) -> None:
    QTest.mouseClick(dialog.guide.parts, LEFT, NONE, at(dialog, 1))
    QTest.mouseClick(dialog.guide.form.repeat, LEFT)
    assert names(dialog) == ("A", "B", "B", "A", "C")
    QTest.mouseClick(dialog.guide.form.remove, LEFT)
    QTest.mouseClick(dialog.guide.form.remove, LEFT)
    assert names(dialog) == ("A", "B", "C")
    seen = {names(dialog)}
    for _ in range(6):
        before = names(dialog)
        QTest.mouseClick(dialog.guide.form.other, LEFT)
        assert len(names(dialog)) == 3
        assert names(dialog) != before
        seen.add(names(dialog))
    assert len(seen) > 2
    assert dialog.settings().seconds == 24.0
    QTest.mouseClick(dialog.guide.form.drawn, LEFT)
    assert form(dialog) == DRAWN_FORM
    assert not dialog.guide.form.drawn.isEnabled()


def test_keys_do_all_of_it(dialog: GenerateDialog) -> None:
    dialog.guide.parts.setFocus()
    press(dialog, Qt.Key.Key_Right)
    assert dialog.guide.parts.accessibleDescription() == "B, part 2 of 4"
    press(dialog, Qt.Key.Key_Left, ALT)
    assert names(dialog) == ("B", "A", "A", "C")
    press(dialog, Qt.Key.Key_Right, ALT)
    press(dialog, Qt.Key.Key_Right, ALT)
    assert names(dialog) == ("A", "A", "B", "C")
    assert dialog.guide.parts.chosen == 2
    press(dialog, Qt.Key.Key_D, CONTROL)
    assert names(dialog) == ("A", "A", "B", "B", "C")
    press(dialog, Qt.Key.Key_Home)
    press(dialog, Qt.Key.Key_Down)
    assert names(dialog)[0] == "intro"
    press(dialog, Qt.Key.Key_End)
    press(dialog, Qt.Key.Key_Delete)
    press(dialog, Qt.Key.Key_D)
    assert names(dialog) == ("intro", "A", "B", "D")
    for _ in range(2):
        press(dialog, Qt.Key.Key_Up)
    assert names(dialog)[-1] == "end"
    for _ in range(5):
        press(dialog, Qt.Key.Key_Backspace)
    assert len(names(dialog)) == 1
    assert not dialog.guide.form.remove.isEnabled()
    assert dialog.isVisible()


def test_steps_are_undone_with_the_length_and_done_again(dialog: GenerateDialog) -> None:
    dialog.guide.parts.setFocus()
    press(dialog, Qt.Key.Key_Delete)
    assert (names(dialog), dialog.settings().seconds) == (("B", "A", "C"), 24.0)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Z, CONTROL)
    assert form(dialog) == DRAWN_FORM
    assert dialog.settings().seconds == 30.0
    assert not dialog.guide.undo.isEnabled()
    QTest.mouseClick(dialog.guide.redo, LEFT)
    assert form(dialog).parts == names(dialog) == ("B", "A", "C")
    QTest.mouseClick(dialog.guide.undo, LEFT)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert dialog.settings().seconds == 24.0


def test_the_tempo_is_chosen_and_a_chosen_plan_takes_its_time(qtbot: QtBot, dialog: GenerateDialog) -> None:
    bpm = dialog.guide.form.bpm
    assert bpm.value() == 120.0
    bpm.selectAll()
    with qtbot.waitSignal(dialog.guide_asked, timeout=10_000):
        QTest.keyClicks(bpm, "160.5")
    assert form(dialog) == GuideForm((), 160.5)
    assert dialog.settings().seconds == 30.0  # as drawn, as many parts as fit
    dialog.show_guide(guide_of(("A", "B", "A", "C", "A"), 30.0, 160.5))
    dialog.guide.parts.setFocus()
    press(dialog, Qt.Key.Key_Right, ALT)
    assert form(dialog) == GuideForm(("B", "A", "A", "C", "A"), 160.5)
    assert dialog.settings().seconds == pytest.approx(5 * _PART * 120 / 160.5, abs=0.01)
    bpm.setValue(80.0)
    assert dialog.settings().seconds == 60.0
    QTest.mouseClick(dialog.guide.undo, LEFT)
    assert form(dialog).bpm == 160.5
    QTest.mouseClick(dialog.guide.undo, LEFT)
    QTest.mouseClick(dialog.guide.undo, LEFT)  # all that was typed is one step
    assert form(dialog) == DRAWN_FORM


def test_a_menu_makes_a_block_another_part(qtbot: QtBot, dialog: GenerateDialog) -> None:
    parts = dialog.guide.parts

    def choose(place: int, text: str) -> None:
        point = at(dialog, place)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, parts.mapToGlobal(point))
        QApplication.sendEvent(parts, event)
        menu = next(menu for menu in parts.findChildren(QMenu) if menu.isVisible())
        (action,) = (each for each in menu.actions() if each.text().startswith(text))
        action.trigger()
        menu.close()
        qtbot.waitUntil(lambda: not any(menu.isVisible() for menu in parts.findChildren(QMenu)))

    choose(0, "intro")
    choose(2, "D, a new part")
    choose(2, "Repeat")
    choose(1, "Remove")
    choose(1, "break")
    assert names(dialog) == ("intro", "break", "D", "C")


def test_another_length_keeps_the_plan_which_is_remembered(opened: Open) -> None:
    chosen = GuideChoice("dream", form=GuideForm(("intro", "A", "end"), 96.0))
    dialog = opened(GenerateSettings("run-1", 4, 3, 30.0, 0.8, 5, guide=chosen))
    assert form(dialog) == chosen.form
    dialog.show_guide(guide_of(("intro", "A", "end"), 30.0, 96.0))
    dialog.seconds.setValue(12.0)
    assert form(dialog) == chosen.form
    assert not dialog.guide.parts.isEnabled()
    dialog.sources.choose("album")
    assert not dialog.guide.parts.isVisible()  # it is the plan of another guide
    assert form(dialog) == chosen.form
    dialog.sources.choose("none")
    assert not dialog.guide.form.controls.isVisible()


def test_what_is_not_seen_as_a_whole_is_not_put_into_another_order(opened: Open) -> None:
    dialog = opened(GenerateSettings("run-1", 4, 3, 3600.0, 0.8, 5, guide=GuideChoice("album")))
    dialog.show_guide(guide_of(("A", "B"), 12.0))
    assert names(dialog) == ("A", "B")
    assert not dialog.guide.parts.isEnabled()
    assert not dialog.guide.form.other.isEnabled()
