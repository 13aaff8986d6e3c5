"""Everything that can be done, found by typing a part of its name; and the sheet of all keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QWidget,
)

from app.widgets.basics import Elided, column, label, row
from app.widgets.dialogs.fitting import Dialog, room_for

_ACTION = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class ActionGroup:
    """Actions of one part of the window."""

    title: str
    actions: Sequence[QAction]


def keys_of(action: QAction) -> str:
    """The keys of an action, as they are shown: "Ctrl+Z", or "Del or Backspace"."""
    form = QKeySequence.SequenceFormat.NativeText
    return " or ".join(keys.toString(form) for keys in action.shortcuts() if not keys.isEmpty())


def plain_name(action: QAction) -> str:
    """The text of an action without the marks of its access key."""
    return action.text().replace("&&", "\0").replace("&", "").replace("\0", "&")


class ActionPalette(QDialog):
    """A field and the actions whose names hold every word in it; Return does the chosen one."""

    def __init__(self, groups: Sequence[ActionGroup], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("kind", "popover")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedSize(QSize(460, 420).boundedTo(room_for(self)))
        self.field = QLineEdit()
        self.field.setPlaceholderText("What do you want to do?")
        self.field.setAccessibleName("Find an action")
        self.list = QListWidget()
        self.list.setAccessibleName("Actions")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setLayout(column(self.field, self.list, spacing=8, margins=(10, 10, 10, 10)))
        for group in groups:
            for action in group.actions:
                if action.isVisible() and not action.isSeparator() and plain_name(action):
                    self._add(group.title, action)
        self.field.textChanged.connect(self._narrow)
        self.field.returnPressed.connect(self._do)
        self.list.itemClicked.connect(self._do)
        self.field.installEventFilter(self)
        self._narrow("")
        self.field.setFocus()

    def shown(self) -> list[str]:
        """The names in the list, from the top."""
        items = [self.list.item(place) for place in range(self.list.count())]
        return [plain_name(item.data(_ACTION)) for item in items if not item.isHidden()]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step:
                self._move(step)
                return True
        return False

    def _add(self, group: str, action: QAction) -> None:
        item = QListWidgetItem(self.list)
        item.setData(_ACTION, action)
        enabled = action.isEnabled()
        line = QWidget()
        name = Elided(plain_name(action), "" if enabled else "faint")
        keys = label(keys_of(action).split(" or ")[0], "faint")
        keys.setFixedWidth(96)
        keys.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        shown = row(name, label(group, "faint"), keys, spacing=14, margins=(8, 0, 8, 0))
        shown.setStretch(0, 1)
        line.setLayout(shown)
        item.setSizeHint(line.sizeHint().expandedTo(self.field.sizeHint()))
        if not enabled:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.setItemWidget(item, line)

    def _narrow(self, text: str) -> None:
        words = text.lower().split()
        for place in range(self.list.count()):
            item = self.list.item(place)
            name = plain_name(item.data(_ACTION)).lower()
            item.setHidden(not all(word in name for word in words))
        self.list.setCurrentRow(-1)
        self._move(1)

    def _move(self, step: int) -> None:
        place = self.list.currentRow() + step
        while 0 <= place < self.list.count():
            item = self.list.item(place)
            if not item.isHidden() and item.flags() & Qt.ItemFlag.ItemIsEnabled:
                self.list.setCurrentRow(place)
                return
            place += step

    def _do(self) -> None:
        item = self.list.currentItem()
        if item is None or item.isHidden():
            return
        action = item.data(_ACTION)
        self.close()
        action.trigger()


class KeySheet(Dialog):
    """All keys, part by part."""

    def __init__(self, groups: Sequence[ActionGroup], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 560)
        left, right = column(spacing=18), column(spacing=18)
        shown = [group for group in groups if any(keys_of(action) for action in group.actions)]
        sizes = [sum(bool(keys_of(action)) for action in group.actions) + 2 for group in shown]
        used = 0
        for group, size in zip(shown, sizes, strict=True):
            side = left if used + size / 2 <= sum(sizes) / 2 else right
            side.addWidget(_sheet_of(group))
            used += size
        left.addStretch(1)
        right.addStretch(1)
        inner = QWidget()
        inner.setLayout(row(left, right, spacing=40, margins=(20, 20, 20, 20)))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        self.setLayout(column(scroll))


def _sheet_of(group: ActionGroup) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setColumnStretch(0, 1)
    grid.addWidget(label(group.title, "heading"), 0, 0, 1, 2)
    for action in group.actions:
        keys = keys_of(action)
        if keys:
            line = grid.rowCount()
            grid.addWidget(label(plain_name(action), "dim"), line, 0)
            grid.addWidget(label(keys, "badge"), line, 1, Qt.AlignmentFlag.AlignRight)
    return made
