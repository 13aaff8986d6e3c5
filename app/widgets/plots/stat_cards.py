"""Large numbers in a row: what a number is, the number, and its unit."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from app.widgets import theme
from app.widgets.basics import row

_SIDE, _HEIGHT = 14, 64
_SIZES = (20, 18, 16, 14, 12)


class StatCard(QFrame):
    """One number; it is set smaller, and its unit left out, where there is no room."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setFixedHeight(_HEIGHT)
        self.setMinimumWidth(74)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._name = name
        self._value, self._unit = "–", ""
        self._say()

    @property
    def text(self) -> str:
        return f"{self._value} {self._unit}".strip()

    def put(self, value: str, unit: str = "") -> None:
        """Shows a value and its unit."""
        if (value, unit) != (self._value, self._unit):
            self._value, self._unit = value, unit
            self._say()
            self.update()

    def _say(self) -> None:
        self.setAccessibleName(f"{self._name}: {self.text}")

    def sizeHint(self) -> QSize:
        return QSize(160, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        side = _SIDE if self.width() > 130 else 10
        room = self.width() - 2 * side
        painter.setFont(theme.ui_font(12))
        painter.setPen(theme.FAINT)
        painter.drawText(side, 23, self._name)
        value_font, unit_font, unit = self._fitting(room)
        painter.setFont(value_font)
        painter.setPen(theme.TEXT)
        painter.drawText(side, 48, self._value)
        if unit:
            painter.setPen(theme.FAINT)
            start = side + QFontMetrics(value_font).horizontalAdvance(self._value + " ")
            painter.setFont(unit_font)
            painter.drawText(start, 48, unit)
        painter.end()

    def _fitting(self, room: int) -> tuple[QFont, QFont, str]:
        fonts = [
            (theme.ui_font(size, weight=QFont.Weight.DemiBold, tabular=True), theme.ui_font(size, tabular=True))
            for size in _SIZES
        ]
        for unit in dict.fromkeys((self._unit, "")):
            for value_font, unit_font in fonts:
                width = QFontMetrics(value_font).horizontalAdvance(self._value + " ")
                if width + QFontMetrics(unit_font).horizontalAdvance(unit) <= room:
                    return value_font, unit_font, unit
        return *fonts[-1], ""


class StatRow(QWidget):
    """Cards of equal width, by their names."""

    def __init__(self, *names: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = {name: StatCard(name) for name in names}
        layout = row(*self._cards.values(), spacing=10)
        for place in range(len(names)):
            layout.setStretch(place, 1)
        layout.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setLayout(layout)

    def put(self, name: str, value: str, unit: str = "") -> None:
        """Shows a value and its unit on the card of this name."""
        self._cards[name].put(value, unit)

    def text(self, name: str) -> str:
        return self._cards[name].text
