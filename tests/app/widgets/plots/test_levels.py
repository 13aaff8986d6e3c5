"""The meter: it rises at once, holds its peaks, and remembers that something was too loud."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.widgets import theme
from app.widgets.plots.levels import LevelMeter, place_of

LIGHT = QPoint(204, 8)
LEFT_BAR, RIGHT_BAR = 4, 13


@pytest.fixture
def meter(qtbot: QtBot) -> Iterator[LevelMeter]:
    made = LevelMeter()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.hide()


def colour(meter: LevelMeter, place: QPoint) -> QColor:
    return meter.grab().toImage().pixelColor(place)


def lit(meter: LevelMeter, row: int) -> int:
    """How far along a bar is filled, in pixels."""
    image = meter.grab().toImage()
    empty = QColor(theme.PRESSED)
    return sum(image.pixelColor(x, row) != empty for x in range(2, 196))


def test_each_side_rises_to_its_own_level(meter: LevelMeter) -> None:
    meter.set_peaks(0.5, 0.05)
    assert lit(meter, LEFT_BAR) == pytest.approx(place_of(-6.02) * 198, abs=6)
    assert lit(meter, RIGHT_BAR) == pytest.approx(place_of(-26.02) * 198, abs=6)


def test_a_bar_falls_and_its_peak_is_held(meter: LevelMeter, qtbot: QtBot) -> None:
    meter.set_peaks(0.9, 0.9)
    top = lit(meter, LEFT_BAR)
    held = QPoint(round(place_of(-0.92) * 198) - 1, LEFT_BAR)
    qtbot.waitUntil(lambda: lit(meter, LEFT_BAR) < top - 20, timeout=10_000)
    assert colour(meter, held) == QColor(theme.TEXT)
    qtbot.waitUntil(lambda: colour(meter, held) == QColor(theme.PRESSED), timeout=10_000)


def test_the_light_of_too_loud_stays_until_it_is_clicked(meter: LevelMeter, qtbot: QtBot) -> None:
    meter.set_peaks(0.99, 0.2)
    assert colour(meter, LIGHT) == QColor(theme.PRESSED)
    meter.set_peaks(0.2, 1.2)
    assert colour(meter, LIGHT) == QColor(theme.BAD)
    meter.set_peaks(0.0, 0.0)
    assert colour(meter, LIGHT) == QColor(theme.BAD)
    assert "full scale" in meter.toolTip()
    qtbot.mouseClick(meter, Qt.MouseButton.LeftButton, pos=LIGHT)
    assert colour(meter, LIGHT) == QColor(theme.PRESSED)
    assert meter.toolTip() == ""


def test_the_light_goes_out_when_playing_begins(meter: LevelMeter) -> None:
    meter.set_peaks(1.2, 0.2)
    assert colour(meter, LIGHT) == QColor(theme.BAD)
    meter.put_light_out()
    assert colour(meter, LIGHT) == QColor(theme.PRESSED)
    meter.set_peaks(0.2, 1.2)
    assert colour(meter, LIGHT) == QColor(theme.BAD)
