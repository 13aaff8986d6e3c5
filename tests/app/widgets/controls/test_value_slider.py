"""Sliders: a click goes there, values are typed, limits say why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from app.widgets.basics import decibels
from app.widgets.controls.drag_number import DragNumber
from app.widgets.controls.value_entry import figure
from app.widgets.controls.value_range import ValueRange
from app.widgets.controls.value_slider import ValueSlider
from app.widgets.theme import apply_theme
from app.widgets.timeline.lane_header import pan_text
from app.widgets.timeline.section_panel import fade_seconds, fade_text

LEFT = Qt.MouseButton.LeftButton
Made = Callable[..., ValueSlider]


@pytest.fixture
def made(qtbot: QtBot) -> Made:
    def make(words: Callable[[int], str], least: int = -48, most: int = 24, **how: object) -> ValueSlider:
        slider = ValueSlider("Gain", ValueRange(least, most, 0, words, **how))  # type: ignore[arg-type]
        qtbot.addWidget(slider)
        slider.resize(240, 60)
        with qtbot.waitActive(slider, timeout=20_000):
            slider.show()
            slider.activateWindow()
        return slider

    return make


def half_db(value: int) -> str:
    return decibels(value / 2)


@pytest.mark.parametrize("styled", [False, True])
@pytest.mark.parametrize("wanted", [-48, -20, 0, 13, 24])
def test_a_click_anywhere_on_the_row_goes_there(made: Made, qapp: QApplication, wanted: int, styled: bool) -> None:
    before = qapp.style().objectName(), qapp.palette(), qapp.font()
    if styled:
        apply_theme(qapp)
    try:
        slider = made(half_db)
        groove = slider.slider
        heard: list[int] = []
        slider.moved.connect(heard.append)
        for y in (1, groove.height() // 2, groove.height() - 2):
            slider.put(5)
            QTest.mouseClick(groove, LEFT, pos=QPoint(groove.x_of(wanted), y))
            assert abs(slider.value - wanted) <= 1
        assert heard
        assert groove.height() >= 20
    finally:
        qapp.setStyleSheet("")
        qapp.setStyle(before[0])
        qapp.setPalette(before[1])
        qapp.setFont(before[2])


def test_a_drag_goes_on_from_where_it_was_pressed_and_ends_once(made: Made) -> None:
    slider = made(half_db)
    ends: list[int] = []
    slider.let_go.connect(lambda: ends.append(slider.value))
    groove = slider.slider
    QTest.mousePress(groove, LEFT, pos=QPoint(groove.x_of(-30), 3))
    assert abs(slider.value + 30) <= 1
    QTest.mouseMove(groove, QPoint(groove.x_of(-10), 18))
    assert abs(slider.value + 10) <= 1
    assert ends == []
    QTest.mouseRelease(groove, LEFT, pos=QPoint(groove.x_of(-10), 18))
    assert len(ends) == 1


def test_a_double_click_puts_it_back(made: Made) -> None:
    slider = made(half_db)
    slider.put(-20)
    QTest.mouseDClick(slider.slider, LEFT, pos=QPoint(20, 10))
    assert slider.value == 0


@pytest.mark.parametrize(
    ("text", "value"), [("-6", -12), ("−6 dB", -12), ("3,5", 7), ("+3.5 dB", 7), ("0", 0), ("nonsense", 5), ("", 5)]
)
def test_a_value_is_typed_after_a_click_on_it_or_return(made: Made, text: str, value: int) -> None:
    slider = made(half_db)
    for begin in (
        lambda: QTest.mouseClick(slider.shown, LEFT),
        lambda: QTest.keyClick(slider.slider, Qt.Key.Key_Return),
    ):
        slider.put(5)
        begin()
        assert slider.entry.hasFocus()
        slider.entry.setText(text)
        QTest.keyClick(slider.entry, Qt.Key.Key_Return)
        assert slider.value == value
        assert slider.entry.isHidden()
        assert slider.slider.hasFocus()


def test_escape_leaves_the_value(made: Made) -> None:
    slider = made(half_db)
    slider.begin_typing()
    QTest.keyClicks(slider.entry, "-9")
    QTest.keyClick(slider.entry, Qt.Key.Key_Escape)
    assert (slider.value, slider.entry.isHidden()) == (0, True)


@pytest.mark.parametrize(
    ("words", "least", "most", "text", "value"),
    [
        (lambda v: f"1/{v}", 2, 12, "1/8", 8),
        (lambda v: f"1/{v}", 2, 12, "8", 8),
        (lambda v: pan_text(v / 100), -100, 100, "L 70", -70),
        (lambda v: pan_text(v / 100), -100, 100, "r30", 30),
        (lambda v: pan_text(v / 100), -100, 100, "-15", -15),
        (lambda v: pan_text(v / 100), -100, 100, "c", 0),
        (lambda v: f"{v} %", 0, 100, "35", 35),
        (lambda v: "all" if v == 100 else f"{v} %", 50, 100, "all", 100),
    ],
)
def test_values_are_read_as_they_are_written(
    made: Made, words: Callable[[int], str], least: int, most: int, text: str, value: int
) -> None:
    slider = made(words, least, most)
    slider.begin_typing()
    QTest.keyClicks(slider.entry, text)
    QTest.keyClick(slider.entry, Qt.Key.Key_Return)
    assert slider.value == value


def test_a_fade_is_typed_in_seconds_or_thousandths(made: Made) -> None:
    slider = made(lambda step: fade_text(fade_seconds(step)), 0, 200)
    for text, seconds in (("250 ms", 0.25), ("0.25", 0.25), ("4 s", 4.0)):
        slider.begin_typing()
        QTest.keyClicks(slider.entry, text)
        QTest.keyClick(slider.entry, Qt.Key.Key_Return)
        assert fade_seconds(slider.value) == pytest.approx(seconds, rel=0.03)


def test_limits_say_why(made: Made, qtbot: QtBot) -> None:
    slider = made(half_db, limits=("Mute it for less.", "More is noise."))
    slider.begin_typing()
    QTest.keyClicks(slider.entry, "40")
    QTest.keyClick(slider.entry, Qt.Key.Key_Return)
    assert (slider.value, QToolTip.text()) == (24, "More is noise.")
    slider.put(-48)
    QTest.keyClick(slider.slider, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: QToolTip.text() == "Mute it for less.")
    QToolTip.hideText()
    assert "More is noise." in slider.slider.accessibleDescription()


def test_arrows_step_it(made: Made) -> None:
    slider = made(half_db)
    QTest.keyClick(slider.slider, Qt.Key.Key_Right)
    QTest.keyClick(slider.slider, Qt.Key.Key_Up)
    assert slider.value == 2
    QTest.keyClick(slider.slider, Qt.Key.Key_Home)
    assert slider.value == -48


def test_a_number_that_is_dragged_can_be_typed_too(qtbot: QtBot) -> None:
    number = DragNumber(
        "Gain", ValueRange(-60.0, 24.0, 0.0, decibels, step=0.5, limits=("It is silence.", "It is noise."))
    )
    qtbot.addWidget(number)
    number.resize(60, 19)
    with qtbot.waitActive(number, timeout=20_000):
        number.show()
        number.activateWindow()
    for text, value in (("-3.3", -3.3), ("99", 24.0), ("", 0.0)):
        QTest.mouseDClick(number, LEFT)
        number.entry.clear()
        QTest.keyClicks(number.entry, text)
        QTest.keyClick(number.entry, Qt.Key.Key_Return)
        assert number.value == pytest.approx(value)
    QTest.keyClick(number, Qt.Key.Key_Return)
    assert number.entry.hasFocus()
    QTest.keyClick(number.entry, Qt.Key.Key_Escape)
    assert number.hasFocus()


def test_what_has_no_number_is_none() -> None:
    assert [figure(text) for text in ("", "loud", "l", "-")] == [None] * 4
