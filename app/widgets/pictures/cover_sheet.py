"""All candidates beside each other, each with how it was made."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.widgets import theme
from app.widgets.pictures.picture import paint_rounded

SIDE = 190
_GAP, _WORDS = 14, 52
_KEY, _PICTURE, _SHOWN = (Qt.ItemDataRole.UserRole + place for place in range(3))


class CoverSheet(QListWidget):
    """A contact sheet: as many in a row as there is room.

    Signals:
        chosen(str): the key of the one that the person points at.
        opened(str): that of the one to see large: a double click, or Return.
    """

    chosen = Signal(str)
    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("All candidates")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setGridSize(QSize(SIDE + _GAP, SIDE + _WORDS + _GAP))
        self.setItemDelegate(_Painter(self))
        self.currentItemChanged.connect(self._on_current)
        self.itemActivated.connect(lambda item: self.opened.emit(item.data(_KEY)))

    def show_pictures(self, pictures: list[tuple[str, str, QImage]], chosen: str) -> None:
        """Args: pictures: (key, words, image); the picture and the words of a key may change."""
        self.blockSignals(True)
        if [key for key, _, _ in pictures] != [self.item(place).data(_KEY) for place in range(self.count())]:
            self.clear()
            for key, _, _ in pictures:
                item = QListWidgetItem()
                item.setData(_KEY, key)
                self.addItem(item)
        for place, (key, words, image) in enumerate(pictures):
            if self.item(place).data(_SHOWN) != image.cacheKey():
                self.item(place).setData(_SHOWN, image.cacheKey())
                self.item(place).setData(_PICTURE, QPixmap.fromImage(image))
            self.item(place).setText(words)
            self.item(place).setToolTip(words)
            if key == chosen and self.currentRow() != place:
                self.setCurrentRow(place)
        self.blockSignals(False)

    def _on_current(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_KEY))


class _Painter(QStyledItemDelegate):
    """Draws one candidate: the picture, an edge round the one that is pointed at, its words under it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(SIDE + _GAP, SIDE + _WORDS)  # as wide as its cell, in which it would be centred

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        area = QRectF(rect.left() + 1, rect.top() + 1, SIDE - 2, SIDE - 2)
        paint_rounded(painter, area, index.data(_PICTURE), 8)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.ACCENT if chosen else theme.LINE), 2 if chosen else 1))
        painter.drawRoundedRect(area, 8, 8)
        painter.setFont(theme.ui_font(12))
        painter.setPen(QColor(theme.TEXT if chosen else theme.DIM))
        words = QRectF(rect.left() + 2, area.bottom() + 6, SIDE - 4, _WORDS - 8)
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap, index.data())
        painter.restore()
