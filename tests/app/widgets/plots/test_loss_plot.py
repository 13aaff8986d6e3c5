"""The loss plot: what is on it, how much of it, and what the mouse reads."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.widgets.plots.curves import LearningCurves
from app.widgets.plots.loss_plot import MOST_POINTS, LossPlot, epoch_marks, round_step


@pytest.fixture
def plot(qtbot: QtBot) -> LossPlot:
    made = LossPlot()
    qtbot.addWidget(made)
    made.resize(900, 300)
    with qtbot.waitExposed(made):
        made.show()
    return made


def learning(points: int = 8_000, epochs: float = 20.0) -> LearningCurves:
    x = np.linspace(epochs / points, epochs, points)
    bits = 5.0 + 3.0 * np.exp(-x) + np.random.default_rng(0).normal(0, 0.05, points)
    held = np.arange(1.0, epochs + 1)
    return LearningCurves((x, bits), (held, 5.05 + 3.0 * np.exp(-held)), 5.4)


def test_before_anything_is_learnt_it_says_so(plot: LossPlot) -> None:
    assert plot.curves.is_empty
    assert plot._waiting.isVisible()
    assert not plot._linear_name.isVisible()


def test_no_curve_has_more_points_than_can_be_drawn_quickly(plot: LossPlot) -> None:
    plot.show_curves(learning())
    for x, y in plot.drawn().values():
        assert 0 < len(x) == len(y) <= MOST_POINTS
    assert not plot._waiting.isVisible()


def test_every_epoch_has_its_held_out_point(plot: LossPlot) -> None:
    curves = learning()
    plot.show_curves(curves)
    x, y = plot.drawn()["held-out"]
    assert np.array_equal(x, curves.held_out[0])
    assert np.array_equal(y, curves.held_out[1])


def test_the_line_to_beat_is_there_once_it_is_known(plot: LossPlot) -> None:
    plot.show_curves(learning())
    assert plot._linear.isVisible()
    assert plot._linear.value() == 5.4
    assert plot._linear_name.text().endswith("linear predictor")
    plot.show_curves(LearningCurves(learning().training))
    assert not plot._linear.isVisible()


def test_all_of_it_is_in_view_on_both_kinds_of_axis(qtbot: QtBot, plot: LossPlot) -> None:
    plot.show_curves(learning())
    for _ in range(2):
        (left, right), (low, high) = plot._view.getPlotItem().viewRange()
        x, y = plot.drawn()["held-out"]
        assert left <= x.min() <= x.max() <= right
        assert low <= min(y.min(), 5.4) <= max(y.max(), 5.4) <= high
        with qtbot.waitSignal(plot.log_changed):
            qtbot.mouseClick(plot._log, Qt.MouseButton.LeftButton)
    assert not plot.is_log


def test_a_logarithmic_axis_spreads_the_beginning(qtbot: QtBot, plot: LossPlot) -> None:
    plot.show_curves(learning())
    qtbot.mouseClick(plot._log, Qt.MouseButton.LeftButton)
    x, _ = plot.drawn()["held-out"]
    assert np.allclose(x, np.log10(np.arange(1.0, 21.0)))
    assert plot._axis.tickStrings([0.0, 1.0], 1.0, 1.0) == ["e1", "e10"]


def test_the_mouse_reads_the_values_under_it(qtbot: QtBot, plot: LossPlot) -> None:
    plot.show_curves(learning())
    qtbot.wait(20)
    viewport = plot._view.viewport()
    qtbot.mouseMove(viewport, QPoint(viewport.width() // 2, viewport.height() // 2))
    qtbot.mouseMove(viewport, QPoint(viewport.width() // 2 + 3, viewport.height() // 2))
    qtbot.waitUntil(lambda: plot.readout().startswith("epoch"))
    assert "training 5.0" in plot.readout()
    assert "held-out 5.0" in plot.readout()
    plot._leave()
    assert plot.readout() == "bits per sample"


def test_it_tells_a_screen_reader_where_it_stands(plot: LossPlot) -> None:
    plot.show_curves(LearningCurves((np.array([1.0]), np.array([5.5])), (np.array([1.0]), np.array([5.25]))))
    assert plot._view.accessibleDescription() == "training 5.500 bits, held-out 5.250 bits"


@pytest.mark.parametrize(("least", "most", "log"), [(0, 1, False), (0, 22, False), (0.01, 40, True), (3, 3, False)])
def test_marks_are_few_round_and_within(least: float, most: float, log: bool) -> None:
    marks = epoch_marks(least, most, 10, log=log)
    assert len(marks) <= 13
    assert all(least <= mark <= most for mark in marks)
    assert marks == sorted(set(marks))


@pytest.mark.parametrize(("rough", "step"), [(0.03, 0.05), (0.1, 0.1), (1.1, 2.0), (7.0, 10.0)])
def test_steps_are_round(rough: float, step: float) -> None:
    assert round_step(rough) == pytest.approx(step)
