"""All candidates beside each other, each with how it was made."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QWidget

_SIDE = 190
_KEY = Qt.ItemDataRole.UserRole


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
        self.setWordWrap(True)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setGridSize(QSize(_SIDE + 18, _SIDE + 62))
        self.setSpacing(0)
        self.currentItemChanged.connect(self._on_current)
        self.itemActivated.connect(lambda item: self.opened.emit(item.data(_KEY)))

    def show_pictures(self, pictures: list[tuple[str, str, QImage]], chosen: str) -> None:
        """Args: pictures: (key, words, image); the picture of a key never changes, its words may."""
        self.blockSignals(True)
        keys = [key for key, _, _ in pictures]
        if keys != [self.item(place).data(_KEY) for place in range(self.count())]:
            self.clear()
            for key, _, image in pictures:
                item = QListWidgetItem(QIcon(QPixmap.fromImage(image)), "")
                item.setData(_KEY, key)
                item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
                self.addItem(item)
        for place, (key, words, _) in enumerate(pictures):
            self.item(place).setText(words)
            if key == chosen and self.currentRow() != place:
                self.setCurrentRow(place)
        self.blockSignals(False)

    def _on_current(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_KEY))
