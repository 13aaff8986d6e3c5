"""What was heard last as a waveform that moves on to the left."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets import theme
from app.widgets.plots.waveform import paint_waveform

Floats = NDArray[np.float32]

COLUMNS = 240
_HEIGHT, _SIDE = 96, 10


class RollingWave(QWidget):
    """Shows levels, the newest at the right; words in their place while there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._lows: Floats = np.empty(0, np.float32)
        self._highs: Floats = np.empty(0, np.float32)
        self._colour = QColor(theme.FAINT)
        self._words = ""
        self.show_words("")

    def show_levels(self, lows: Floats, highs: Floats, colour: QColor) -> None:
        """The least and the greatest of every piece, -1..1; fewer than `COLUMNS` leave room at the left."""
        self._lows, self._highs, self._colour = lows, highs, colour
        self.update()

    def show_words(self, words: str) -> None:
        """Shows no levels any more, but this."""
        self._lows = self._highs = np.empty(0, np.float32)
        self._words = words
        self.setAccessibleName(words or "What was heard last")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.LINE))
        painter.setBrush(QColor(theme.GROUND))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        area = QRectF(self.rect()).adjusted(_SIDE, 8, -_SIDE, -8)
        if len(self._highs):
            whole = QRectF(area)
            whole.setLeft(area.right() - area.width() * min(len(self._highs) / COLUMNS, 1.0))
            paint_waveform(painter, whole, self._lows, self._highs, self._colour)
            painter.setPen(QColor(theme.TEXT))
            painter.drawLine(QPointF(area.right(), area.top()), QPointF(area.right(), area.bottom()))
        else:
            painter.setFont(theme.ui_font(12))
            painter.setPen(QColor(theme.FAINT))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area, int(flags), self._words)
        painter.end()
