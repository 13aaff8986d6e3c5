"""How a section measures: a name, a number and a bar for each measure, and what else is told of it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.widgets import theme
from app.widgets.basics import Elided, button, column, label, row

_COLOURS = (theme.ACCENT, theme.SECOND, theme.WARN, theme.age_colour(1 / 3).name())
"""Of the bars, in their order."""


class MeasureBars(QWidget):
    """Signals:

    copy_asked(): hear what is copied, and where from, by turns.
    """

    copy_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Elided("How it measures", "faint")
        self._bars: dict[str, _Bar] = {}
        self._rows = column(self._title, spacing=6)
        self.told = label("", "dim", wrap=True)
        self.hear_copy = button("Hear both by turns", tip="What is copied, then the place on the album (K)")
        self.hear_copy.clicked.connect(self.copy_asked)
        self.setLayout(column(self._rows, self.told, row(self.hear_copy, 1), spacing=6))
        self.show_measures({}, "", copied=False)

    def show_measures(self, measures: Mapping[str, int], told: str, *, copied: bool, of: str = "") -> None:
        """Shows measures 0..100 by their names, and a sentence; nothing for none.

        Args:
            of: names what is measured, where that is not what the column is about.
        """
        self._title.show_text(f"How {of} measures" if of else "How it measures")
        for place, (name, value) in enumerate(measures.items()):
            if name not in self._bars:
                self._bars[name] = _Bar(name, _COLOURS[place % len(_COLOURS)])
                self._rows.addWidget(self._bars[name])
            self._bars[name].show_value(value)
        self.told.setText(told)
        self.told.setVisible(bool(told))
        self.hear_copy.setVisible(copied)
        self.setVisible(bool(measures))


class _Bar(QWidget):
    """A measure."""

    def __init__(self, name: str, colour: str) -> None:
        super().__init__()
        self._name, self._colour, self._value = name, QColor(colour), 0
        self._number = label("", tabular=True)
        self.setLayout(column(row(label(name, "dim"), 1, self._number), margins=(0, 0, 0, 6), spacing=2))

    def show_value(self, value: int) -> None:
        """0..100."""
        self._value = value
        self._number.setText(str(value))
        self.setAccessibleName(f"{self._name}: {value} of 100")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        y = self.height() - 4
        for width, colour in ((1.0, QColor(theme.PRESSED)), (self._value / 100, self._colour)):
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(0, y, self.width() * width, 3), 1.5, 1.5)
