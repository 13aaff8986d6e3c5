"""The plan of a guide: a block for each of its parts, with its name, below the picture."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets import theme

_HEIGHT, _GAP, _ROUND = 16, 2, 3
_LETTERING = 11
"""In pixels."""


class GuideParts(QWidget):
    """Blocks as long as the parts are; one that was there before has the same name. Hidden where there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[tuple[str, float], ...] = ()
        self._seconds = 0.0
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_parts(self, parts: tuple[tuple[str, float], ...], seconds: float) -> None:
        """Shows parts, each with its name and how many seconds it lasts, as far as these seconds go."""
        self._parts, self._seconds = parts, seconds
        names = ", ".join(name for name, _, _ in self.blocks())
        self.setVisible(bool(names))
        self.setAccessibleName(f"The parts of the guide: {names}")
        self.setToolTip("Parts of four bars. What has the same letter comes back")
        self.update()

    def blocks(self) -> list[tuple[str, float, float]]:
        """The name of each block, and where it begins and ends, 0..1 of the width."""
        shown: list[tuple[str, float, float]] = []
        at = 0.0
        for name, length in self._parts:
            if at < self._seconds:
                shown.append((name, at / self._seconds, min((at + length) / self._seconds, 1.0)))
            at += length
        return shown

    def sizeHint(self) -> QSize:
        return QSize(240, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(_LETTERING)
        painter.setFont(font)
        for name, begin, end in self.blocks():
            # edges on whole pixels, so that all are equally sharp
            left, right = round(begin * self.width()), round(end * self.width())
            block = QRectF(left, 0, max(right - left - (_GAP if end < 1.0 else 0), 1), self.height())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.PRESSED))
            painter.drawRoundedRect(block, _ROUND, _ROUND)
            painter.setPen(QColor(theme.DIM))
            painter.drawText(block, Qt.AlignmentFlag.AlignCenter, name)
