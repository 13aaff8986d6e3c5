"""How a section measures, beside the timeline: bars, words, and room for them in the narrowest column."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.widgets.timeline.measure_bars import MeasureBars

NARROWEST = 158
"""Pixels that the column leaves in a small window."""
MEASURES = {"Close to the album": 87, "New, not copied": 92, "Keeps moving": 78, "Keeps time": 64}


def test_bars_tell_what_they_are_and_fit_the_narrowest_column(qtbot: QtBot) -> None:
    bars = MeasureBars()
    qtbot.addWidget(bars)
    assert bars.isHidden()
    told = "copies track 3 at 1:02, 6 s\nstuck from 0:14"
    bars.show_measures(MEASURES, told, copied=True, of="e9 · 0005 · 6:40\u20136:44")
    bars.show()
    assert bars.minimumSizeHint().width() <= NARROWEST
    names = [each.accessibleName() for each in bars.findChildren(QWidget) if " of 100" in each.accessibleName()]
    assert names == [f"{name}: {value} of 100" for name, value in MEASURES.items()]
    asked: list[bool] = []
    bars.copy_asked.connect(lambda: asked.append(True))
    QTest.mouseClick(bars.hear_copy, Qt.MouseButton.LeftButton)
    assert asked == [True]
    bars.show_measures({}, "", copied=False)
    assert bars.isHidden()
