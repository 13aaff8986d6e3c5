"""The six steps at the left, each with what is known of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QWidget

from app.widgets import theme
from app.widgets.basics import button, column

_WIDTH, _NARROW = 168, 88
_LEFT, _NARROW_LEFT = 36, 22
"""Where the names begin."""
_MAKE, _MAKE_NARROW = "Make it for me…", "Make it\nfor me…"


class RailButton(QAbstractButton):
    """One step: its number, its name, and a note at the right."""

    def __init__(self, number: int, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = str(number)
        self._note = ""
        self.setText(text)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(f"{text} (Ctrl+{number})")
        self.set_note("")

    @property
    def note(self) -> str:
        """The small text below the name."""
        return self._note

    def set_note(self, note: str) -> None:
        """Shows a small text below the name."""
        self._note = note
        self.setAccessibleName(f"{self._number} {self.text()}{', ' + note if note else ''}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(72, 36)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        height = self.height()
        chosen = self.isChecked()
        weight = QFont.Weight.Medium if chosen else QFont.Weight.Normal
        painter.setFont(theme.ui_font(13, weight=weight, tabular=True))
        painter.setPen(QColor(theme.ACCENT if chosen else theme.FAINT))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(11 if self.width() > _NARROW else 7, 0, 20, height), left, self._number)
        painter.setPen(QColor(theme.TEXT if chosen else theme.DIM))
        start = _LEFT if self.width() > _NARROW else _NARROW_LEFT
        painter.drawText(QRectF(start, 0, self.width() - start, height), left, self.text())
        name_end = start + painter.fontMetrics().horizontalAdvance(self.text()) + 4
        painter.setFont(theme.ui_font(11, tabular=True))
        painter.setPen(QColor(theme.FAINT))
        room = QRectF(name_end, 0, self.width() - name_end - 10, height)
        note = painter.fontMetrics().elidedText(self._note, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, note)

    def _paint_ground(self, painter: QPainter) -> None:
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(QColor(theme.PRESSED))
            painter.drawRoundedRect(rect, 7, 7)
            painter.save()
            painter.setClipRect(QRectF(0, 0, 3, self.height()))
            painter.setBrush(QColor(theme.ACCENT))
            painter.drawRoundedRect(rect, 7, 7)
            painter.restore()
        elif self.underMouse():
            painter.setBrush(QColor(theme.RAISED))
            painter.drawRoundedRect(rect, 7, 7)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.SECOND), 1))
            painter.drawRoundedRect(rect, 7, 7)


class Rail(QFrame):
    """The steps in their order.

    Signals:
        chosen(int): the place of the step, from 0.
        make_asked(): "Make it for me…".
    """

    chosen = Signal(int)
    make_asked = Signal()

    def __init__(self, steps: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "rail")
        self.setFixedWidth(_WIDTH)
        self._group = QButtonGroup(self)
        self._buttons = [RailButton(place + 1, text) for place, text in enumerate(steps)]
        for place, each in enumerate(self._buttons):
            self._group.addButton(each, place)
        self._group.idClicked.connect(self.chosen)
        self.make = button(_MAKE, "quiet", tip="Make it for me: train, generate, arrange and export without hands")
        self.make.clicked.connect(self.make_asked)
        self._column = column(*self._buttons, 1, self.make, spacing=0, margins=(8, 12, 8, 12))
        self.setLayout(self._column)

    def make_narrow(self, narrow: bool) -> None:
        """Leaves room for the screen, where there is little: the notes go, the names stay."""
        width = _NARROW if narrow else _WIDTH
        if self.width() != width:
            self.setFixedWidth(width)
            side = 4 if narrow else 8
            self._column.setContentsMargins(side, 12, side, 12)
            self.make.setText(_MAKE_NARROW if narrow else _MAKE)

    def step(self, place: int) -> RailButton:
        """The button of a step, by its place from 0 on."""
        return self._buttons[place]

    def choose(self, place: int) -> None:
        """Shows a step as the present one."""
        self._buttons[place].setChecked(True)

    def set_note(self, place: int, note: str) -> None:
        """Shows a small text below the name of a step."""
        self._buttons[place].set_note(note)
