"""A guide as a picture: how loud each band is at each moment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

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
    """Paints bands over time, the lowest at the bottom; the louder, the more of the accent colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strokes: Floats = np.zeros((0, 0), np.float32)
        self._image = QImage()
        self._is_outdated = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("The guide: bands over time, low at the bottom")

    def show_strokes(self, strokes: Floats) -> None:
        """Paints strokes [frames, bands] in dB, the lowest band first."""
        self._strokes, self._image, self._is_outdated = strokes, QImage(), False
        self.update()

    def show_outdated(self) -> None:
        """Another guide is being worked out."""
        self._is_outdated = True
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
