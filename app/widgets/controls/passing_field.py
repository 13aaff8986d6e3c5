"""A field that is there only while something is typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

_ENDS_TYPING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class PassingField(QLineEdit):
    """Stands where a text is while that is typed, and tells when it is left.

    Return, Enter and Escape end the typing, and nothing else: no button of the dialog around it is pressed by them.

    Signals:
        left(): something else got the focus.
        given_up(): Escape was pressed.
    """

    left = Signal()
    given_up = Signal()

    def event(self, event: QEvent) -> bool:
        asks = event.type() == QEvent.Type.ShortcutOverride
        if asks and isinstance(event, QKeyEvent) and event.key() in _ENDS_TYPING:
            event.accept()  # here it ends the typing, whatever it does on the screen
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)
            if event.key() in _ENDS_TYPING:
                event.accept()  # Qt hands it on to the dialog otherwise

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        # its own menu and another window give the focus back
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()
