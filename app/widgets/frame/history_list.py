"""The named steps that the document has taken; a click goes there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QWidget

from app.widgets import theme
from app.widgets.basics import column, label
from app.widgets.dialogs.fitting import room_for

_ROW = 26
_WIDTH, _HEAD, _MOST_HEIGHT = 300, 56, 420


class HistoryList(QDialog):
    """Lists the steps, the first at the top; those undone are fainter.

    Args:
        read: gives the names of all steps, and how many of them are made now.

    Signals:
        step_asked(int): how many of the steps shall be made.
    """

    step_asked = Signal(int)

    def __init__(self, read: Callable[[], tuple[Sequence[str], int]], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._read = read
        self.setProperty("kind", "popover")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list = QListWidget()
        self.list.setAccessibleName("Steps")
        self.list.itemClicked.connect(self._go)
        self.setLayout(column(label("History", "heading"), self.list, spacing=8, margins=(12, 12, 12, 12)))
        self.list.setFocus()
        self.show_steps()

    def show_steps(self) -> None:
        """Shows the steps as they are now."""
        names, made = self._read()
        self.list.clear()
        for place, name in enumerate(["As it was opened", *names]):
            item = QListWidgetItem(name, self.list)
            item.setSizeHint(QSize(0, _ROW))
            item.setForeground(QColor(theme.TEXT if place <= made else theme.FAINT))
            if place > made:
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}, undone")
        self.list.setCurrentRow(made)
        most = min(_MOST_HEIGHT, room_for(self).height())
        self.setFixedSize(_WIDTH, min(_HEAD + self.list.count() * _ROW, most))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go()
        else:
            super().keyPressEvent(event)

    def _go(self) -> None:
        self.step_asked.emit(self.list.currentRow())
