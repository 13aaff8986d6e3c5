"""Waveforms: from the least and the largest values of each column of pixels to a picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets import theme

Values = NDArray[np.floating]


def waveform_image(mins: Values, maxs: Values, height: int, colour: QColor | str, scale: float = 1.0) -> QImage:
    """A transparent picture, one pixel wide per value, of bars from `mins` to `maxs`.

    Args:
        mins, maxs: [width] values of -1..1.
        scale: what the values are multiplied by.
    """
    width = len(mins)
    pixels = np.zeros((height, max(width, 1)), np.uint32)
    middle = (height - 1) / 2.0
    top = np.clip(np.rint(middle - maxs * scale * middle), 0, height - 1)
    bottom = np.clip(np.rint(middle - mins * scale * middle), 0, height - 1)
    rows = np.arange(height)[:, None]
    colour = QColor(colour)
    pixels[:, :width][(rows >= top) & (rows <= bottom)] = colour.rgba()
    image = QImage(pixels.data, pixels.shape[1], height, 4 * pixels.shape[1], QImage.Format.Format_ARGB32)
    # the picture must not outlive the array that it looks at
    return image.copy()


def paint_waveform(
    painter: QPainter, rect: QRectF, mins: Values, maxs: Values, colour: QColor | str, scale: float = 1.0
) -> None:
    """Draws a waveform that fills `rect`, whatever the number of values."""
    if not len(mins) or rect.width() < 1 or rect.height() < 1:
        return
    ratio = painter.device().devicePixelRatio()
    height = max(round(rect.height() * ratio), 1)
    painter.drawImage(rect, waveform_image(mins, maxs, height, colour, scale))


class WaveformView(QWidget):
    """A waveform with a playhead; a click asks to play from there.

    Signals:
        clicked(float): where, as a fraction of its length.
        resized(int): the number of values that it would show best, when that has changed.
    """

    clicked = Signal(float)
    resized = Signal(int)

    def __init__(self, colour: QColor | str = theme.DIM, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = QColor(colour)
        self._mins: Values = np.zeros(0)
        self._maxs: Values = np.zeros(0)
        self._playhead: float | None = None
        self._columns = 0
        self._is_dim = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Waveform: plays from the start, or from where it is clicked")

    def sizeHint(self) -> QSize:
        return QSize(200, 28)

    @property
    def columns(self) -> int:
        """How many values would fill it: its width in pixels of the screen."""
        return max(round(self.width() * self.devicePixelRatioF()), 1)

    def set_peaks(self, mins: Values, maxs: Values) -> None:
        """Shows these values, -1..1, over its whole width."""
        self._mins, self._maxs = mins, maxs
        self.update()

    def set_dim(self, dim: bool) -> None:
        """Fainter, as for what is switched off."""
        self._is_dim = dim
        self.update()

    def set_playhead(self, fraction: float | None) -> None:
        """Where a line stands: 0..1, or None for no line."""
        if fraction != self._playhead:
            self._playhead = fraction
            self.update()

    @property
    def playhead(self) -> float | None:
        """The place of the playhead, 0..1; None where there is none."""
        return self._playhead

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        colour = theme.with_alpha(self._colour, 0.35) if self._is_dim else self._colour
        if len(self._mins):
            paint_waveform(painter, rect, self._mins, self._maxs, colour)
        else:
            painter.setPen(QPen(QColor(theme.LINE), 1))
            painter.drawLine(0, self.height() // 2, self.width(), self.height() // 2)
        if self._playhead is not None:
            x = round(self._playhead * (self.width() - 1))
            painter.fillRect(QRectF(x, 0, 1.5, self.height()), QColor(theme.ACCENT))
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.SECOND), 1))
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(min(max(event.position().x() / max(self.width(), 1), 0.0), 1.0))
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked.emit(0.0)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: object) -> None:
        if self.columns != self._columns:
            self._columns = self.columns
            self.resized.emit(self._columns)
