"""A small picture of how a fade rises; a click chooses the next curve."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.document.fades import fade_level, next_curve
from app.document.model import FadeCurve
from app.widgets import theme

_POINTS = 12


class CurveButton(QAbstractButton):
    """Signals:
    curve_asked(str): the curve that comes after the one shown.
    """

    curve_asked = Signal(str)

    def __init__(self, name: str, *, falls: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._falls = name, falls
        self._curve: FadeCurve = "round"
        self.setFixedSize(26, 18)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(lambda: self.curve_asked.emit(next_curve(self._curve)))
        self.put("round")

    def put(self, curve: FadeCurve) -> None:
        """Shows a curve."""
        self._curve = curve
        self.setAccessibleName(f"{self._name}: {curve}")
        self.setToolTip(f"{self._name}: {curve}. Click for {next_curve(curve)}.")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(26, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.SECOND if self.hasFocus() else theme.LINE))
        painter.setBrush(QColor(theme.PRESSED if self.underMouse() else theme.RAISED))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        area = QRectF(self.rect()).adjusted(5, 4, -5, -4)
        path = QPainterPath()
        for point in range(_POINTS + 1):
            share = point / _POINTS
            level = fade_level(self._curve, 1 - share if self._falls else share)
            place = QPointF(area.left() + share * area.width(), area.bottom() - level * area.height())
            if point:
                path.lineTo(place)
            else:
                path.moveTo(place)
        painter.setPen(QPen(QColor(theme.TEXT), 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
