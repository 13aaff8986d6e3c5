"""The waveform of a recording: its bars, its playhead, and clicks on it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.widgets.plots.waveform import WaveformView, waveform_image


def test_bars_reach_from_the_least_to_the_largest_value() -> None:
    image = waveform_image(np.array([-1.0, 0.0, -0.5]), np.array([1.0, 0.0, 0.0]), 41, "#ff0000")
    drawn = [[QColor(image.pixelColor(x, y)).alpha() > 0 for y in range(41)] for x in range(3)]
    assert all(drawn[0])
    assert [y for y in range(41) if drawn[1][y]] == [20]
    assert [y for y in range(41) if drawn[2][y]] == list(range(20, 31))


def test_a_click_asks_to_play_from_there(qtbot: QtBot) -> None:
    view = WaveformView()
    qtbot.addWidget(view)
    view.resize(200, 30)
    view.show()
    with qtbot.waitSignal(view.clicked) as told:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(50, 10))
    assert told.args == [0.25]


def test_the_playhead_is_drawn_where_it_is(qtbot: QtBot) -> None:
    view = WaveformView()
    qtbot.addWidget(view)
    view.resize(200, 30)
    view.set_peaks(np.full(200, -0.5), np.full(200, 0.5))
    before = view.grab().toImage()
    view.set_playhead(0.5)
    after = view.grab().toImage()
    changed = [x for x in range(200) if before.pixelColor(x, 15) != after.pixelColor(x, 15)]
    assert 98 <= changed[0] <= 101
    assert len(changed) <= 3
