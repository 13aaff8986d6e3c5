"""A click on a button is over with the click: the keys stay with what they were for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QLineEdit, QWidget


def take_typed() -> None:
    """What is being typed is taken, as though its field had been left."""
    focus = QApplication.focusWidget()
    if isinstance(focus, QLineEdit | QAbstractSpinBox):
        focus.clearFocus()


class _TakesTyped(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress:
            take_typed()
        return False


def keep_keys(root: QWidget) -> None:
    """Buttons in `root`, and itself, get the focus by Tab alone. A click on them takes the text that is being typed."""
    guard = _TakesTyped(root)
    for widget in (root, *root.findChildren(QWidget)):
        if isinstance(widget, QAbstractButton) and widget.focusPolicy() & Qt.FocusPolicy.ClickFocus:
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            widget.installEventFilter(guard)
