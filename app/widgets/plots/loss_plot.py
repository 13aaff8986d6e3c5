"""The loss as it falls: training, held-out, and what a linear predictor would reach."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from app.widgets import theme
from app.widgets.basics import Elided, button, column, label, row, set_tabular
from app.widgets.plots.curves import LearningCurves, Numbers, smooth, spread, thin

MOST_POINTS = 1_000
_SMOOTH_POINTS = 400
"""Of a thick, smooth line: it costs more to draw, and shows no more with more of them."""
_QUIET = "bits per sample"
_LEAST_EPOCH = 1e-3


class EpochAxis(pg.AxisItem):
    """The axis at the foot, marked in epochs; `log` says that its places are logarithms."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.log = False

    def tickValues(self, least: float, most: float, size: float) -> list[tuple[float, list[float]]]:
        """Overrides pyqtgraph: whole epochs, on a logarithmic axis too."""
        epochs = epoch_marks(*((10**least, 10**most) if self.log else (least, most)), round(size / 64), log=self.log)
        return [(1.0, [math.log10(epoch) for epoch in epochs] if self.log else epochs)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [f"e{10**value if self.log else value:.3g}" for value in values]


class BitsAxis(pg.AxisItem):
    """The axis at the left: a few values, all with the same number of decimals."""

    def __init__(self) -> None:
        super().__init__("left")

    def tickValues(self, least: float, most: float, size: float) -> list[tuple[float, list[float]]]:
        """Overrides pyqtgraph: round numbers."""
        step = round_step((most - least) / max(size / 24, 3))
        first, last = math.ceil(least / step), math.floor(most / step)
        return [(step, [place * step for place in range(first, last + 1)])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [f"{value:.{max(1, math.ceil(-math.log10(spacing) - 1e-9))}f}" for value in values]


def round_step(rough: float) -> float:
    """The next 1, 2 or 5 times a power of ten that is not less."""
    ten = 10.0 ** math.floor(math.log10(max(rough, 1e-9)))
    return next(ten * digit for digit in (1, 2, 5, 10) if ten * digit >= rough * (1 - 1e-9))


def epoch_marks(least: float, most: float, count: int, *, log: bool) -> list[float]:
    """Round numbers of epochs between two, about `count` of them; evenly spread on the kind of axis."""
    count = max(count, 2)
    if not most > least:
        return []
    if log:
        tens = range(math.floor(math.log10(max(least, 1e-6))), math.ceil(math.log10(max(most, 1e-6))) + 1)
        marks = [digit * 10.0**ten for ten in tens for digit in ((1, 2, 5) if len(tens) < 4 else (1,))]
    else:
        step = round_step((most - least) / count)
        marks = [round(place * step, 9) for place in range(math.ceil(least / step), math.floor(most / step) + 1)]
    return [mark for mark in marks if least <= mark <= most and (mark > 0 or not log)]


class LossPlot(QFrame):
    """A card with the plot in it.

    Signals:
        log_changed(bool): the artist wants the epochs on a logarithmic scale, or no longer.
    """

    log_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.curves = LearningCurves()
        self._readout = Elided(_QUIET, "faint")
        set_tabular(self._readout)
        self._log = button("log x", "chip", tip="Spread out the beginning of the learning")
        self._log.setCheckable(True)
        self._log.setAccessibleName("Logarithmic epochs")
        self._log.toggled.connect(self._on_log)
        self._linear_name = _legend("- - linear predictor", theme.DIM)
        self._linear_name.setToolTip(
            "What a simple formula reaches that knows nothing of music. Below it, learning begins."
        )
        self._linear_name.hide()
        names = (_legend("— training", theme.ACCENT), _legend("— held-out", theme.SECOND), self._linear_name)
        head = row(label("Loss", "heading"), self._readout, *names, self._log, spacing=12)
        head.setStretch(1, 1)
        self._axis = EpochAxis()
        self._view = pg.PlotWidget(background=None, axisItems={"bottom": self._axis, "left": BitsAxis()})
        self._view.setMinimumHeight(100)
        self._view.setAccessibleName("Loss plot")
        self._dress()
        self._waiting = label("The curve appears as soon as learning starts.", "faint")
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._waiting.setParent(self._view)
        self.setLayout(column(head, self._view, spacing=4, margins=(14, 10, 14, 8)))
        self._view.installEventFilter(self)
        self._view.scene().sigMouseMoved.connect(self._on_mouse)
        self._view.viewport().installEventFilter(self)

    def _dress(self) -> None:
        item = self._view.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setMouseEnabled(x=False, y=False)
        item.getViewBox().setDefaultPadding(0.03)
        item.showGrid(x=False, y=True, alpha=0.7)
        for side in ("left", "bottom"):
            axis = item.getAxis(side)
            axis.setStyle(tickFont=theme.ui_font(12, tabular=True), tickLength=0, tickTextOffset=8)
            axis.setTextPen(theme.FAINT)
            axis.setPen(QColor(0, 0, 0, 0))
        item.getAxis("left").setTickPen(theme.LINE)
        item.getAxis("bottom").setTickPen(QColor(0, 0, 0, 0))
        item.getAxis("left").setWidth(36)
        self._linear = pg.InfiniteLine(angle=0, pen=pg.mkPen(theme.DIM, style=Qt.PenStyle.DashLine))
        self._raw = item.plot(pen=pg.mkPen(theme.with_alpha(theme.ACCENT, 0.35)))
        self._smooth = item.plot(pen=pg.mkPen(theme.ACCENT, width=2), antialias=True)
        self._held_out = item.plot(
            pen=pg.mkPen(theme.SECOND, width=2),
            symbol="o",
            symbolSize=6,
            symbolBrush=theme.SECOND,
            symbolPen=None,
            antialias=True,
        )
        self._cursor = pg.InfiniteLine(angle=90, pen=pg.mkPen(theme.FAINT))
        self._linear.hide()
        self._cursor.hide()
        item.addItem(self._linear, ignoreBounds=True)
        item.addItem(self._cursor, ignoreBounds=True)

    @property
    def is_log(self) -> bool:
        """Whether the axis of the epochs is logarithmic."""
        return self._log.isChecked()

    def show_curves(self, curves: LearningCurves) -> None:
        """Draws these curves in place of the old ones."""
        self.curves = curves
        self._waiting.setVisible(curves.is_empty)
        self._view.getPlotItem().setVisible(not curves.is_empty)
        x, y = self._placed(*curves.training)
        self._raw.setData(*spread(x, y, MOST_POINTS))
        self._smooth.setData(*thin(x, smooth(y, min(len(y) / 100, 60)), _SMOOTH_POINTS))
        held_x, held_y = thin(*self._placed(*curves.held_out), MOST_POINTS)
        self._held_out.setData(held_x, held_y)
        self._linear.setVisible(curves.linear is not None)
        self._linear_name.setVisible(curves.linear is not None)
        if curves.linear is not None:
            self._linear.setValue(curves.linear)
        self._frame(np.concatenate((x, held_x)), np.concatenate((y, held_y)))
        self._view.setAccessibleDescription(self._in_words())

    def drawn(self) -> dict[str, tuple[Numbers, Numbers]]:
        """What is on the plot: places and values of every curve."""
        curves = {"raw": self._raw, "training": self._smooth, "held-out": self._held_out}
        return {name: _points(curve) for name, curve in curves.items()}

    def readout(self) -> str:
        """The words for the place under the pointer."""
        return self._readout.whole

    def _placed(self, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
        """The curve on the axis as it is: the logarithm of the epochs, or the epochs."""
        if not self.is_log:
            return x, y
        after = x >= _LEAST_EPOCH
        return np.log10(x[after]), y[after]

    def _frame(self, x: Numbers, y: Numbers) -> None:
        """The view holds all that matters: outliers of the first steps may leave at the top."""
        if not len(x):
            self._view.setXRange(0.0, 1.0)
            self._view.setYRange(0.0, 8.0)
            return
        least, most = float(y.min()), float(np.quantile(y, 0.995))
        most = max(most, float(self.curves.held_out[1].max(initial=most)))
        if self.curves.linear is not None:
            least, most = min(least, self.curves.linear), max(most, self.curves.linear)
        self._view.setYRange(least, max(most, least + 0.05))
        left = float(x.min()) if self.is_log else 0.0
        self._view.setXRange(left, max(float(x.max()), left + 1e-3))

    def _in_words(self) -> str:
        parts = [f"{name} {y[-1]:.3f} bits" for name, y in self._last() if len(y)]
        return ", ".join(parts) or "nothing learnt yet"

    def _last(self) -> tuple[tuple[str, Numbers], tuple[str, Numbers]]:
        return ("training", self.curves.training[1]), ("held-out", self.curves.held_out[1])

    def _on_log(self, on: bool) -> None:
        self._axis.log = on
        self._axis.picture = None
        self.show_curves(self.curves)
        self.log_changed.emit(on)

    def _on_mouse(self, at: QPointF) -> None:
        box = self._view.getPlotItem().getViewBox()
        if self.curves.is_empty or not box.sceneBoundingRect().contains(at):
            self._leave()
            return
        place = box.mapSceneToView(at).x()
        self._cursor.setValue(place)
        self._cursor.show()
        epoch = 10**place if self.is_log else place
        parts = [f"epoch {max(epoch, 0.0):.2f}"]
        for name, (x, y) in (("training", self._smooth_shown()), ("held-out", self.curves.held_out)):
            if len(x):
                parts.append(f"{name} {y[np.abs(x - epoch).argmin()]:.3f}")
        self._readout.show_text(" · ".join(parts))

    def _smooth_shown(self) -> tuple[Numbers, Numbers]:
        x, y = self.drawn()["training"]
        return (10**x if self.is_log else x), y

    def _leave(self) -> None:
        self._cursor.hide()
        self._readout.show_text(_QUIET)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._waiting.setGeometry(self._view.rect())
        elif event.type() == QEvent.Type.Leave:
            self._leave()
        return super().eventFilter(watched, event)


def _points(curve: pg.PlotDataItem) -> tuple[Numbers, Numbers]:
    x, y = curve.getOriginalDataset()
    return (np.empty(0), np.empty(0)) if x is None else (x, y)


def _legend(text: str, colour: str) -> QLabel:
    made = label(text)
    made.setStyleSheet(f"color: {colour}; font-size: 12px;")
    return made
