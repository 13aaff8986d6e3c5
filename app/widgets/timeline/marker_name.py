"""The field in which the name of a marker is typed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.document.model import Marker
from app.widgets import theme
from app.widgets.controls.passing_field import PassingField

_WIDTH, _HEIGHT = 150, 22


class MarkerName(PassingField):
    """Lies over a flag while its name is typed; Return or a click elsewhere takes it, Escape does not.

    Signals:
        named(str, str): marker, and the name that was typed.
    """

    named = Signal(str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._marker: Marker | None = None
        self.setAccessibleName("Name of the marker")
        self.setPlaceholderText("name")
        self.setMaxLength(60)
        self.setFont(theme.ui_font(11))
        self.setStyleSheet("padding: 0 4px; border-radius: 3px;")
        self.returnPressed.connect(self._take)
        self.left.connect(self._take)
        self.given_up.connect(self._give_up)
        self.hide()

    def open_at(self, marker: Marker, x: int, y: int, room: int) -> None:
        """Shows the field at a place of its parent, which is so wide."""
        self._marker = marker
        self.setText(marker.name)
        self.setGeometry(min(max(x, 0), max(room - _WIDTH, 0)), y - 2, _WIDTH, _HEIGHT)
        self.show()
        self.selectAll()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _give_up(self) -> None:
        self._marker = None
        self.hide()

    def _take(self) -> None:
        marker, self._marker = self._marker, None
        self.hide()
        if marker is not None and self.text().strip() != marker.name:
            self.named.emit(marker.id, self.text())
