"""A row of colours to choose one of, and any other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QColorDialog, QHBoxLayout, QWidget

from app.widgets import theme
from app.widgets.basics import button

_SIDE = 24


class Swatch(QAbstractButton):
    """One colour."""

    def __init__(self, colour: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colour = colour
        self.setCheckable(True)
        self.setFixedSize(_SIDE, _SIDE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"Colour {colour}")
        self.setToolTip(colour)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = theme.ACCENT if self.isChecked() else theme.SECOND if self.hasFocus() else theme.LINE
        painter.setPen(QPen(QColor(edge), 2 if self.isChecked() or self.hasFocus() else 1))
        painter.setBrush(QColor(self.colour))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 6, 6)


class ColourRow(QWidget):
    """Signals:
    chosen(str): "#rrggbb".
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self._group = QButtonGroup(self)
        self._swatches: list[Swatch] = []
        self._colour = "#ffffff"
        self.other = button("Other…", "quiet", tip="Any other colour")
        self.other.clicked.connect(self._ask)
        self._row.addWidget(self.other)
        self._row.addStretch(1)

    def show_colours(self, offered: Sequence[str], colour: str) -> None:
        """Args: offered: from left to right; `colour` is put at the end where it is not among them."""
        self._colour = colour
        colours = list(dict.fromkeys((*offered, colour)))
        if colours != [swatch.colour for swatch in self._swatches]:
            for gone in self._swatches:
                self._group.removeButton(gone)
                self._row.removeWidget(gone)
                gone.hide()
                gone.deleteLater()
            self._swatches = [self._made(each, place) for place, each in enumerate(colours)]
        for swatch in self._swatches:
            swatch.setChecked(swatch.colour == colour)

    def swatch(self, colour: str) -> Swatch:
        """The swatch of a colour."""
        return next(swatch for swatch in self._swatches if swatch.colour == colour)

    def _made(self, colour: str, place: int) -> Swatch:
        made = Swatch(colour)
        made.clicked.connect(lambda: self.chosen.emit(colour))
        self._group.addButton(made)
        self._row.insertWidget(place, made)
        return made

    def _ask(self) -> None:
        colour = QColorDialog.getColor(QColor(self._colour), self, "Colour of the type")
        if colour.isValid():
            self.chosen.emit(colour.name())
