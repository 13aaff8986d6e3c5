"""A guide's picture is drawn on with the mouse in the Generate dialog, and the strokes of the brush are undone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.document.guide_touches import LOUDER_DB, SOFTER_DB
from app.widgets.clips.generate_dialog import GenerateDialog
from app.widgets.clips.generate_settings import GuideQuestion
from app.widgets.clips.guide_view import ShownGuide

LEFT = Qt.MouseButton.LeftButton
NONE, ALT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)
Open = Callable[..., GenerateDialog]
_SECONDS = 4.0
_STROKES = np.random.default_rng(0).uniform(-60, -40, (1000, 20)).astype(np.float32)
SHOWN = ShownGuide(_STROKES, _SECONDS, None, 120.0, (("A", 8.0),))


@pytest.fixture
def dialog(opened: Open) -> GenerateDialog:
    """A recording of four seconds is chosen and seen."""
    dialog = opened()
    dialog.seconds.setValue(_SECONDS)
    dialog.sources.take_file(Path("/music/loop.wav"))
    dialog.show_guide(SHOWN)
    return dialog


def point(dialog: GenerateDialog, seconds: float, band: int) -> QPointF:
    picture = dialog.guide.picture
    return QPointF(seconds / _SECONDS * picture.width(), picture.height() * (1 - (band + 0.5) / 20))


def draw(
    dialog: GenerateDialog, begin: tuple[float, int], end: tuple[float, int], keys: Qt.KeyboardModifier = NONE
) -> None:
    picture = dialog.guide.picture
    QTest.mousePress(picture, LEFT, keys, point(dialog, *begin).toPoint())
    at = point(dialog, *end)
    move = QMouseEvent(QEvent.Type.MouseMove, at, picture.mapToGlobal(at), Qt.MouseButton.NoButton, LEFT, keys)
    QApplication.sendEvent(picture, move)
    QTest.mouseRelease(picture, LEFT, keys, at.toPoint())


def test_a_stroke_makes_louder_and_one_with_alt_softer(qtbot: QtBot, dialog: GenerateDialog) -> None:
    questions: list[GuideQuestion | None] = []
    dialog.guide_asked.connect(questions.append)
    assert "draw on it" in dialog.guide.caption.whole
    draw(dialog, (1.0, 10), (2.0, 10))
    (touch,) = dialog.settings().guide.touches
    assert touch.db == LOUDER_DB
    assert {band for _, band in touch.cells} == {10}
    steps = {step for step, _ in touch.cells}
    assert steps == set(range(min(steps), max(steps) + 1))
    assert (min(steps), max(steps)) == (pytest.approx(25, abs=2), pytest.approx(50, abs=2))
    assert not dialog.guide.hear.isEnabled()  # what could be heard was drawn before
    qtbot.waitUntil(lambda: bool(questions), timeout=10_000)
    assert questions[0] is not None
    assert questions[0].guide.touches == (touch,)
    dialog.show_guide(SHOWN)
    draw(dialog, (3.0, 2), (3.0, 7), ALT)
    erased = dialog.settings().guide.touches[1]
    assert erased.db == SOFTER_DB
    assert {band for _, band in erased.cells} == set(range(2, 8))


def test_what_is_drawn_is_seen_at_once(dialog: GenerateDialog) -> None:
    picture = dialog.guide.picture

    def bright(seconds: float, band: int) -> int:
        at = point(dialog, seconds, band)
        return QColor(picture.grab().toImage().pixel(round(at.x()), round(at.y()))).red()

    before, beside = bright(1.5, 10), bright(1.5, 14)
    draw(dialog, (1.0, 10), (2.0, 10), ALT)
    assert bright(1.5, 10) < before or before < 60
    assert bright(1.5, 14) == beside
    draw(dialog, (1.0, 10), (2.0, 10))
    draw(dialog, (1.0, 10), (2.0, 10))
    draw(dialog, (1.0, 10), (2.0, 10))
    assert bright(1.5, 10) > 200


def test_strokes_are_undone_and_forgotten_with_their_guide(dialog: GenerateDialog) -> None:
    draw(dialog, (0.5, 3), (0.6, 3))
    draw(dialog, (1.5, 3), (1.6, 3))
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Z, CONTROL)
    assert len(dialog.settings().guide.touches) == 1
    QTest.mouseClick(dialog.guide.undo, LEFT)
    assert dialog.settings().guide.touches == ()
    QTest.mouseClick(dialog.guide.redo, LEFT)
    assert len(dialog.settings().guide.touches) == 1
    dialog.sources.take_file(Path("/music/other.wav"))
    assert dialog.settings().guide.touches == ()
    assert not dialog.guide.undo.isEnabled()


def test_the_plan_and_the_picture_are_undone_in_their_order(dialog: GenerateDialog) -> None:
    dialog.sources.choose("album")
    dialog.show_guide(ShownGuide(_STROKES, _SECONDS, None, 120.0, (("A", 2.0), ("B", 2.0))))
    draw(dialog, (0.5, 3), (0.6, 3))
    QTest.mouseClick(dialog.guide.form.repeat, LEFT)
    guide = dialog.settings().guide
    assert (guide.form.parts, len(guide.touches)) == (("A", "A", "B"), 1)
    QTest.mouseClick(dialog.guide.undo, LEFT)
    assert len(dialog.settings().guide.touches) == 1
    QTest.mouseClick(dialog.guide.undo, LEFT)
    assert dialog.settings().guide.touches == dialog.settings().guide.form.parts == ()
    QTest.mouseClick(dialog.guide.redo, LEFT)
    QTest.mouseClick(dialog.guide.form.drawn, LEFT)
    assert dialog.settings().guide.touches == ()


def test_what_was_done_to_one_guide_is_not_undone_in_another(dialog: GenerateDialog) -> None:
    dialog.sources.choose("album")
    dialog.show_guide(ShownGuide(_STROKES, _SECONDS, None, 120.0, (("A", 2.0), ("B", 2.0))))
    QTest.mouseClick(dialog.guide.form.repeat, LEFT)
    form = dialog.settings().guide.form
    dialog.sources.take_file(Path("/music/loop.wav"))
    assert not dialog.guide.undo.isEnabled()
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Z, CONTROL)
    assert dialog.settings().guide.form == form


def test_the_right_button_erases_and_the_middle_one_does_nothing(dialog: GenerateDialog) -> None:
    picture, at = dialog.guide.picture, point(dialog, 1.0, 5).toPoint()
    QTest.mouseClick(picture, Qt.MouseButton.MiddleButton, NONE, at)
    assert dialog.settings().guide.touches == ()
    QTest.mouseClick(picture, Qt.MouseButton.RightButton, NONE, at)
    assert [touch.db for touch in dialog.settings().guide.touches] == [SOFTER_DB]
