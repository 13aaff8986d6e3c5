"""A guide as a picture: how loud each band is at each moment; it can be drawn on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.document.guide_touches import (
    GUIDE_BANDS,
    LOUDER_DB,
    SOFTER_DB,
    STEPS_PER_SECOND,
    Cell,
    Touch,
    cells_between,
)
from app.widgets import theme

Floats = NDArray[np.float32]

_CELL, _GAP = 3, 1
"""Pixels of a band, and between two of them."""
_QUIET, _LOUD = 20, 98
"""Percentiles of a band between which a cell goes from dark to bright."""
_LEAST_DB = 12.0
"""A band that moves less than this does not look as though it moved."""
_FAINTER_DB = 70.0
"""How far below the loudest band a band would be dark altogether."""
_LEAST = 0.13
"""Of the accent colour in a cell that says nothing: the grid is seen."""
_BRUSH = 3
"""Pixels at each side of the mouse that it draws on."""
_BRUSHES = (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton)
"""Buttons that draw; the second erases."""
_OUTDATED = 0.4
"""How much is seen of a guide while another one is being worked out."""


def shares_of(strokes: Floats, columns: int) -> Floats:
    """How bright each cell is, 0..1, [columns, bands], for strokes [frames, bands] in dB.

    A cell has the loudest of its moments, so that short strokes are seen. Each band is told by its own loud and quiet
    moments, as strokes up high are seen as well as those below, which are louder by far; faint bands are darker.
    """
    if not len(strokes):
        return np.zeros((0, strokes.shape[1]), np.float32)
    columns = max(min(columns, len(strokes)), 1)
    starts = np.arange(columns) * len(strokes) // columns
    cells = np.maximum.reduceat(strokes, starts, axis=0)
    quiet, loud = np.percentile(cells, (_QUIET, _LOUD), axis=0)
    moments = np.clip(1 + (cells - loud) / np.maximum(loud - quiet, _LEAST_DB), 0, 1) ** 2
    bands = np.clip(1 + (loud - loud.max()) / _FAINTER_DB, 0, 1)
    shares: Floats = (moments * bands).astype(np.float32)
    return shares


class GuidePicture(QWidget):
    """Paints bands over time, the lowest at the bottom; the louder, the more of the accent colour.

    Signals:
        touched(Touch): the mouse has drawn on it; what comes of it is shown by `show_strokes`.
    """

    touched = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strokes: Floats = np.zeros((0, 0), np.float32)
        self._image = QImage()
        self._is_outdated = False
        self._seconds: float | None = None
        """How much time is shown; None where it cannot be drawn on."""
        self._brush: float | None = None
        """By how many dB the mouse makes louder what it touches; None while it does not."""
        self._at: Cell = (0, 0)
        self._cells: set[Cell] = set()
        """What it has touched since its button was pressed."""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("The guide: bands over time, low at the bottom")

    def show_strokes(self, strokes: Floats, seconds: float | None = None) -> None:
        """Paints strokes [frames, bands] in dB, the lowest band first.

        Args:
            seconds: how long they last, where they can be drawn on.
        """
        self._strokes, self._image, self._is_outdated = strokes, QImage(), False
        self._seconds, self._brush = seconds if strokes.shape[1] == GUIDE_BANDS else None, None
        self.setCursor(Qt.CursorShape.ArrowCursor if self._seconds is None else Qt.CursorShape.CrossCursor)
        self.setToolTip("" if self._seconds is None else "Draw on it to make louder; the right button, or Alt, erases")
        self.update()

    def show_outdated(self) -> None:
        """Another guide is being worked out."""
        self._is_outdated = True
        self.update()

    def _cell(self, point: QPointF) -> Cell:
        """The moment and the band under a point, which may lie outside."""
        share, height = point.x() / max(self.width(), 1), max(self.height(), 1)
        step = int(min(max(share, 0.0), 0.9999) * (self._seconds or 0.0) * STEPS_PER_SECOND)
        return step, int((height - point.y()) * GUIDE_BANDS // height)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() not in _BRUSHES or self._seconds is None or self._brush is not None:
            event.ignore()
            return
        # some desktops keep Alt and the left button for moving windows
        is_erasing = event.button() == Qt.MouseButton.RightButton
        is_erasing |= bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        self._brush = SOFTER_DB if is_erasing else LOUDER_DB
        self._cells.clear()
        self._at = self._cell(event.position())
        self._draw(self._at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._brush is not None:
            self._draw(self._cell(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        brush, self._brush = self._brush, None
        if brush is not None:
            self.touched.emit(Touch(frozenset(self._cells), brush))

    def _draw(self, to: Cell) -> None:
        """Shows at once what the brush does on its way to a cell."""
        reach = round(_BRUSH / max(self.width(), 1) * (self._seconds or 0.0) * STEPS_PER_SECOND)
        fresh = cells_between(self._at, to, reach) - self._cells
        self._at = to
        self._cells |= fresh
        if not fresh or not self._seconds or self._brush is None:
            return
        strokes, frames = self._strokes.copy(), len(self._strokes) / (self._seconds * STEPS_PER_SECOND)
        for step, band in fresh:
            strokes[round(step * frames) : round((step + 1) * frames), band] += self._brush
        self._strokes, self._image = strokes, QImage()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 20 * (_CELL + _GAP))

    def paintEvent(self, event: QPaintEvent) -> None:
        bands = self._strokes.shape[1]
        if not bands or self.width() < 1:
            return
        columns = min(round(self.width() * self.devicePixelRatioF()), len(self._strokes))
        if self._image.width() != columns:
            self._image = _image(shares_of(self._strokes, columns))
        painter = QPainter(self)
        painter.setOpacity(_OUTDATED if self._is_outdated else 1.0)
        painter.drawImage(self.rect(), self._image)
        painter.setOpacity(1.0)
        ground = QColor(theme.GROUND)
        for band in range(1, bands):
            painter.fillRect(0, round(band * self.height() / bands) - _GAP, self.width(), _GAP, ground)


def _image(shares: Floats) -> QImage:
    """One pixel for each cell, the lowest band in the last line."""
    accent, ground = QColor(theme.ACCENT), QColor(theme.GROUND)
    share = (_LEAST + (1 - _LEAST) * shares.T[::-1])[:, :, None]
    high = np.array([accent.red(), accent.green(), accent.blue()])
    low = np.array([ground.red(), ground.green(), ground.blue()])
    pixels = np.zeros((*share.shape[:2], 4), np.uint8)
    pixels[..., :3] = np.rint(low + (high - low) * share)[..., ::-1]
    pixels[..., 3] = 255
    height, width = pixels.shape[:2]
    return QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGB32).copy()
