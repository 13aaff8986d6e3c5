"""Candidates as small pictures in a row."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication, QButtonGroup, QHBoxLayout, QScrollArea, QWidget

from app.widgets import theme
from app.widgets.pictures.picture import paint_rounded


class Thumbnail(QAbstractButton):
    """A small square picture that can be chosen; a badge marks the one in use."""

    SIDE, SMALL_SIDE = 88, 48

    def __init__(self, name: str, image: QImage, *, in_use: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = image.cacheKey()
        self._pixmap = QPixmap.fromImage(image)
        self._in_use = in_use
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFixedSize(self.SIDE, self.SIDE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_image(self, image: QImage) -> None:
        """Shows a picture."""
        if image.cacheKey() != self._shown:
            self._shown = image.cacheKey()
            self._pixmap = QPixmap.fromImage(image)
            self.update()

    def mark(self, *, in_use: bool) -> None:
        """Puts the badge on or takes it off."""
        self._in_use = in_use
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if not self._pixmap.isNull():
            paint_rounded(painter, area, self._pixmap, 6)
        edge = theme.ACCENT if self.isChecked() else theme.SECOND if self.hasFocus() else theme.LINE
        painter.setPen(QPen(QColor(edge), 2 if self.isChecked() else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area, 6, 6)
        if self._in_use and self.width() >= self.SIDE:
            mark = QRectF(area.left() + 6, area.bottom() - 22, 46, 16)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.with_alpha(theme.GROUND, 0.85))
            painter.drawRoundedRect(mark, 4, 4)
            painter.setPen(QColor(theme.TEXT))
            painter.setFont(theme.ui_font(11))
            painter.drawText(mark, Qt.AlignmentFlag.AlignCenter, "in use")


class ThumbnailStrip(QScrollArea):
    """A row of candidates. It stays where it was scrolled to while some come and go.

    Signals:
        chosen(str): key of the picture that the person wants to see large.
        compared(str): key of the one to see beside it, which was clicked with Shift.
    """

    chosen = Signal(str)
    compared = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFixedHeight(Thumbnail.SIDE + 16)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._keys: dict[str, Thumbnail] = {}
        self._side = Thumbnail.SIDE
        inner = QWidget()
        self._places = QHBoxLayout(inner)
        self._places.setContentsMargins(0, 0, 0, 0)
        self._places.setSpacing(8)
        self._places.addStretch(1)
        self._group = QButtonGroup(inner)
        self.setWidget(inner)

    def show_pictures(self, pictures: list[tuple[str, str, QImage]], chosen: str, in_use: str) -> None:
        """Args: pictures: (key, words, image) from left to right."""
        keys = [key for key, _, _ in pictures]
        for key in [key for key in self._keys if key not in keys]:
            gone = self._keys.pop(key)
            self._group.removeButton(gone)
            self._places.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for place, (key, words, image) in enumerate(pictures):
            if key not in self._keys:
                self._keys[key] = self._made(key, words, image)
            self._keys[key].show_image(image)
            if self._places.indexOf(self._keys[key]) != place:
                self._places.insertWidget(place, self._keys[key])
        self._keys = {key: self._keys[key] for key in keys}
        for key, shown in self._keys.items():
            shown.setChecked(key == chosen)
            shown.mark(in_use=key == in_use)

    def make_small(self, small: bool) -> None:
        """Leaves room for the picture above, where there is little."""
        self._side = Thumbnail.SMALL_SIDE if small else Thumbnail.SIDE
        self.setFixedHeight(self._side + 16)
        for shown in self._keys.values():
            shown.setFixedSize(self._side, self._side)

    def thumbnail(self, key: str) -> Thumbnail:
        """A thumbnail, by its key."""
        return self._keys[key]

    def _made(self, key: str, words: str, image: QImage) -> Thumbnail:
        made = Thumbnail(words, image)
        made.setFixedSize(self._side, self._side)
        made.clicked.connect(lambda _=False: self._on_clicked(key))
        self._group.addButton(made)
        return made

    def _on_clicked(self, key: str) -> None:
        if QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.compared.emit(key)
        else:
            self.chosen.emit(key)
