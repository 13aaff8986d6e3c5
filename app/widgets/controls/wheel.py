"""The wheel scrolls pages; it turns a number only where the person is at work on it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, SignalInstance
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QSlider, QWidget

_RESTS_MS = 400
"""A turn of the wheel is over when no notch has come for so long."""


class _NeedsFocus(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def keep_wheel_off(root: QWidget) -> None:
    """Number fields, choices and sliders in `root`, and itself, leave the wheel alone while they have no focus."""
    guard = _NeedsFocus(root)
    for widget in (root, *root.findChildren(QWidget)):
        if isinstance(widget, QAbstractSpinBox | QComboBox | QSlider):
            widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            widget.installEventFilter(guard)


def wheel_timer(parent: QObject, rested: SignalInstance) -> QTimer:
    """A timer to start at each notch of the wheel; it emits `rested` when the turn is over."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(_RESTS_MS)
    timer.timeout.connect(rested)
    return timer
