"""A picture on screen, as large as there is room."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets import theme
from resources.bounds import LARGEST_PICTURE, LARGEST_SHRUNK_PICTURE
from resources.files import is_there

_ROOM_FOR_WORDS = 90
"""Pixels a side below which words would be cut off."""


def image_of(pixels: np.ndarray) -> QImage:
    """From RGB bytes [height, width, 3] to an image that owns its memory."""
    pixels = np.ascontiguousarray(pixels, dtype=np.uint8)
    height, width, _ = pixels.shape
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def read_scaled(path: Path, side: int) -> QImage:
    """The picture, no larger than `side` pixels either way; a null image where it cannot be read, or is too large."""
    # a pipe would never end; a name that no file can have is no file
    if not is_there(path):
        return QImage()
    QImageReader.setAllocationLimit(4 * LARGEST_PICTURE // 2**20)
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    shrinks = bytes(reader.format().data()) == b"jpeg"
    if size.width() * size.height() > (LARGEST_SHRUNK_PICTURE if shrinks else LARGEST_PICTURE):
        return QImage()
    if size.isValid() and max(size.width(), size.height()) > side:
        reader.setScaledSize(size.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


def size_of(path: Path) -> QSize:
    """As the file itself says; not valid where it cannot be read."""
    return QImageReader(str(path)).size() if is_there(path) else QSize()


def paint_rounded(painter: QPainter, area: QRectF, image: QPixmap, radius: float) -> None:
    """Paints a picture into an area, with rounded corners."""
    path = QPainterPath()
    path.addRoundedRect(area, radius, radius)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.setClipPath(path)
    painter.drawPixmap(area, image, QRectF(image.rect()))
    painter.setClipping(False)


class PictureView(QWidget):
    """One picture, as large as there is room, at its own proportions; it may have a caption in its corner."""

    def __init__(self, words_when_empty: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._scaled = QPixmap()
        self._words = words_when_empty
        self.setAccessibleDescription(words_when_empty)
        self._caption = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(96, 96)

    def show_image(self, image: QImage) -> None:
        """Shows a picture; a null image for none."""
        self._image = image
        self._scaled = QPixmap()
        self.update()

    def show_words(self, words: str) -> None:
        """Shows words instead of a picture."""
        self._words = words
        self.setAccessibleDescription(words)
        self.show_image(QImage())

    @property
    def words(self) -> str:
        """What is shown while there is no picture."""
        return self._words

    def caption(self) -> str:
        """The words over the picture."""
        return self._caption

    def set_caption(self, words: str) -> None:
        """Shows words over the picture."""
        self._caption = words
        self.update()

    def image(self) -> QImage:
        """The picture that is shown."""
        return self._image

    def area(self) -> QRectF:
        """Where the picture is drawn."""
        size = QSizeF(self._image.size()).scaled(QSizeF(self.size()), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF(0, 0, round(size.width()), round(size.height()))

    def sizeHint(self) -> QSize:
        return QSize(560, 560)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._image.isNull():
            self._paint_empty(painter)
            return
        area = self.area()
        wanted = (area.size() * self.devicePixelRatioF()).toSize()
        if self._scaled.size() != wanted:
            smooth = Qt.TransformationMode.SmoothTransformation
            scaled = self._image.scaled(wanted, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
            self._scaled = QPixmap.fromImage(scaled)
        paint_rounded(painter, area, self._scaled, 10)
        if self._caption:
            self._paint_caption(painter, area)

    def _paint_empty(self, painter: QPainter) -> None:
        side = min(self.width(), self.height())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor("#444b54"), 1, Qt.PenStyle.DashLine))
        area = QRectF(0.5, 0.5, side - 1, side - 1)
        painter.drawRoundedRect(area, 10, 10)
        painter.setPen(QColor(theme.DIM))
        if side < _ROOM_FOR_WORDS:
            return
        margin = min(40, side // 12)
        words = area.adjusted(margin, margin, -margin, -margin)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._words)

    def _paint_caption(self, painter: QPainter, area: QRectF) -> None:
        painter.setFont(theme.ui_font(12))
        room = painter.fontMetrics().elidedText(self._caption, Qt.TextElideMode.ElideRight, int(area.width()) - 40)
        box = QRectF(area.left() + 10, area.bottom() - 34, painter.fontMetrics().horizontalAdvance(room) + 16, 24)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.with_alpha(theme.GROUND, 0.85))
        painter.drawRoundedRect(box, 5, 5)
        painter.setPen(QColor(theme.TEXT))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, room)
