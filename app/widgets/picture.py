"""Pictures on screen: one large, many small."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QScrollArea, QSizePolicy, QWidget

from app.widgets import theme


def image_of(pixels: np.ndarray) -> QImage:
    """From RGB bytes [height, width, 3] to an image that owns its memory."""
    pixels = np.ascontiguousarray(pixels, dtype=np.uint8)
    height, width, _ = pixels.shape
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def read_scaled(path: Path, side: int) -> QImage:
    """The picture, no larger than `side` pixels either way; a null image where it cannot be read."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > side:
        reader.setScaledSize(size.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


def _paint_rounded(painter: QPainter, area: QRectF, image: QPixmap, radius: float) -> None:
    path = QPainterPath()
    path.addRoundedRect(area, radius, radius)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.setClipPath(path)
    painter.drawPixmap(area, image, QRectF(image.rect()))
    painter.setClipping(False)


class PictureView(QWidget):
    """One picture, as large as there is room, at its own proportions."""

    def __init__(self, words_when_empty: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._scaled = QPixmap()
        self._words = words_when_empty
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 160)

    def show_image(self, image: QImage) -> None:
        self._image = image
        self._scaled = QPixmap()
        self.update()

    def image(self) -> QImage:
        return self._image

    def sizeHint(self) -> QSize:
        return QSize(560, 560)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._image.isNull():
            side = min(self.width(), self.height())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor("#444b54"), 1, Qt.PenStyle.DashLine))
            area = QRectF(0.5, 0.5, side - 1, side - 1)
            painter.drawRoundedRect(area, 10, 10)
            painter.setPen(QColor(theme.DIM))
            words = area.adjusted(40, 40, -40, -40)
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._words)
            return
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        ratio = self.devicePixelRatioF()
        wanted = QSize(round(size.width() * ratio), round(size.height() * ratio))
        if self._scaled.size() != wanted:
            smooth = Qt.TransformationMode.SmoothTransformation
            scaled = self._image.scaled(wanted, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
            self._scaled = QPixmap.fromImage(scaled)
        _paint_rounded(painter, QRectF(0, 0, size.width(), size.height()), self._scaled, 10)


class Thumbnail(QAbstractButton):
    """A small square picture that can be chosen; a badge marks the one in use."""

    SIDE = 88

    def __init__(self, name: str, image: QImage, *, in_use: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap = QPixmap.fromImage(image)
        self._in_use = in_use
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFixedSize(self.SIDE, self.SIDE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mark(self, *, in_use: bool) -> None:
        """Puts the badge on or takes it off."""
        self._in_use = in_use
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if not self._pixmap.isNull():
            _paint_rounded(painter, area, self._pixmap, 6)
        edge = theme.ACCENT if self.isChecked() else theme.SECOND if self.hasFocus() else theme.LINE
        painter.setPen(QPen(QColor(edge), 2 if self.isChecked() else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area, 6, 6)
        if self._in_use:
            mark = QRectF(area.left() + 6, area.bottom() - 22, 46, 16)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.with_alpha(theme.GROUND, 0.85))
            painter.drawRoundedRect(mark, 4, 4)
            painter.setPen(QColor(theme.TEXT))
            painter.setFont(theme.ui_font(11))
            painter.drawText(mark, Qt.AlignmentFlag.AlignCenter, "in use")


class ThumbnailStrip(QScrollArea):
    """A row of candidates.

    Signals:
        chosen(str): key of the picture the person wants to see large.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFixedHeight(Thumbnail.SIDE + 16)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._keys: dict[str, Thumbnail] = {}
        self._group = QButtonGroup(self)
        self.show_pictures([], "", "")

    def show_pictures(self, pictures: list[tuple[str, str, QImage]], chosen: str, in_use: str) -> None:
        """Args: pictures: (key, words, image) from left to right; the picture of a key never changes."""
        if [key for key, _, _ in pictures] == list(self._keys):
            # the strip stays where it was scrolled to, and the focus where it was
            for key, shown in self._keys.items():
                shown.setChecked(key == chosen)
                shown.mark(in_use=key == in_use)
            return
        inner = QWidget()
        places = QHBoxLayout(inner)
        places.setContentsMargins(0, 0, 0, 0)
        places.setSpacing(8)
        self._group = QButtonGroup(inner)
        self._keys = {}
        for key, words, image in pictures:
            shown = Thumbnail(words, image, in_use=key == in_use)
            shown.clicked.connect(lambda _=False, key=key: self.chosen.emit(key))
            shown.setChecked(key == chosen)
            self._group.addButton(shown)
            self._keys[key] = shown
            places.addWidget(shown)
        places.addStretch(1)
        self.setWidget(inner)

    def thumbnail(self, key: str) -> Thumbnail:
        return self._keys[key]
