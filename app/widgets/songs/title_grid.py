"""Thousands of titles in a grid: star them, drag them onto songs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.document.model import Title
from app.widgets import theme

TITLE_MIME = "application/x-deepcuts-title"

_Index = QModelIndex | QPersistentModelIndex
_CELL_HEIGHT = 46
_GAP = 8
_STAR_WIDTH = 34
_COLUMN_WIDTH = 220


class TitleModel(QAbstractListModel):
    """The titles that the filter lets through."""

    StarredRole = Qt.ItemDataRole.UserRole + 1

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all: Sequence[Title] = ()
        self._shown: list[Title] = []
        self._words = ""
        self._only_starred = False

    def show_titles(self, titles: Sequence[Title]) -> None:
        """Takes new titles; where only stars differ, the view keeps its place. Most edits leave the very same ones."""
        if titles is not self._all:
            self._all = titles
            self._filter()

    def _filter(self) -> None:
        fresh = self._filtered()
        if [title.text for title in fresh] == [title.text for title in self._shown]:
            self._shown = fresh
            if fresh:
                self.dataChanged.emit(self.index(0), self.index(len(fresh) - 1))
            return
        self.beginResetModel()
        self._shown = fresh
        self.endResetModel()

    def narrow(self, words: str, only_starred: bool) -> None:
        """Shows only the titles that hold `words` (in any case) and, if asked, a star."""
        self._words, self._only_starred = words.casefold().strip(), only_starred
        self._filter()

    def _filtered(self) -> list[Title]:
        return [
            title
            for title in self._all
            if self._words in title.text.casefold() and (title.starred or not self._only_starred)
        ]

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        title = self._shown[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return title.text
        if role == self.StarredRole:
            return title.starred
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{title.text}, starred" if title.starred else title.text
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return super().flags(index) | (Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag.NoItemFlags)

    def mimeTypes(self) -> list[str]:
        return [TITLE_MIME, "text/plain"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        text = str(indexes[0].data()) if indexes else ""
        data.setText(text)
        data.setData(TITLE_MIME, text.encode())
        return data


class _TitleCell(QStyledItemDelegate):
    """Paints one title with its star."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        area = cell_area(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        painter.setPen(QPen(QColor(theme.ACCENT if chosen else theme.LINE), 1))
        painter.setBrush(QColor(theme.PRESSED if chosen else theme.RAISED if hovered else theme.PANEL))
        painter.drawRoundedRect(area.adjusted(0, 0, -1, -1).toRectF().translated(0.5, 0.5), 8, 8)
        text = area.adjusted(12, 0, -_STAR_WIDTH, 0)
        painter.setPen(QColor(theme.TEXT))
        painter.setFont(option.font)
        elided = option.fontMetrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, elided)
        starred = bool(index.data(TitleModel.StarredRole))
        painter.setPen(QColor(theme.STAR if starred else theme.FAINT))
        painter.drawText(star_area(option.rect), Qt.AlignmentFlag.AlignCenter, "★" if starred else "☆")
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        view = self.parent()
        return view.gridSize() if isinstance(view, QListView) else QSize(_COLUMN_WIDTH, _CELL_HEIGHT)


def cell_area(rect: QRect) -> QRect:
    """What of a cell of the grid is painted."""
    return rect.adjusted(0, 0, -_GAP, -_GAP)


def star_area(rect: QRect) -> QRect:
    """Where in a cell of the grid the star is."""
    cell = cell_area(rect)
    return QRect(cell.right() - _STAR_WIDTH, cell.top(), _STAR_WIDTH, cell.height())


class TitleGrid(QListView):
    """The grid itself.

    Signals:
        star_asked(str, bool): the person wants this title starred or not.
        chosen(str): double click or Enter: the person wants this title on a song.
    """

    star_asked = Signal(str, bool)
    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.titles = TitleModel(self)
        self.setModel(self.titles)
        self.setItemDelegate(_TitleCell(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Invented titles")
        self.setToolTip("Drag a title onto a song, or press Enter; S stars it")

    def resizeEvent(self, event: QResizeEvent) -> None:
        room = self.viewport().width() - 1
        columns = max(room // _COLUMN_WIDTH, 1)
        self.setGridSize(QSize(room // columns, _CELL_HEIGHT))
        super().resizeEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        index = self.indexAt(place)
        on_star = index.isValid() and star_area(self.visualRect(index)).contains(place)
        if on_star and event.button() == Qt.MouseButton.LeftButton:
            self._turn_star(index)
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        index = self.indexAt(place)
        if index.isValid() and not star_area(self.visualRect(index)).contains(place):
            self.chosen.emit(str(index.data()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if index.isValid() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(str(index.data()))
        elif index.isValid() and _is_plain_s(event):
            self._turn_star(index)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # S belongs to the grid while it has the focus, not to a shortcut of the window.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and _is_plain_s(event):
            event.accept()
            return True
        return super().event(event)

    def _turn_star(self, index: QModelIndex) -> None:
        self.star_asked.emit(str(index.data()), not index.data(TitleModel.StarredRole))


def _is_plain_s(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_S and event.modifiers() == Qt.KeyboardModifier.NoModifier
