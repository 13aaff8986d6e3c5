"""A click on a button is over with the click: the keys stay with what they were for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget


class _TakesTyped(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress:
            typing = QApplication.focusWidget()
            if isinstance(typing, QLineEdit):  # as though the button had taken the focus: the text is meant
                typing.clearFocus()
        return False


def keep_keys(root: QWidget) -> None:
    """Buttons in `root`, and itself, get the focus by Tab alone. A click on them takes the text that is being typed."""
    guard = _TakesTyped(root)
    for widget in (root, *root.findChildren(QWidget)):
        if isinstance(widget, QAbstractButton) and widget.focusPolicy() & Qt.FocusPolicy.ClickFocus:
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            widget.installEventFilter(guard)
