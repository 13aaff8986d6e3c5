"""The ruler above the lanes: times, the playhead's head, the loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.widgets import theme
from app.widgets.timeline.geometry import ticks

if TYPE_CHECKING:
    from app.widgets.timeline.view import TimelineView

RULER_HEIGHT = 27
_LEAST_LOOP_PIXELS = 5


class Ruler(QWidget):
    """A click seeks, a drag draws a loop, a double click brings the whole song into view.

    Signals:
        seek_asked(int): frame.
        loop_asked(object): (first, last) frame, or None.
        fit_asked(): the whole song, please.
    """

    seek_asked = Signal(int)
    loop_asked = Signal(object)
    fit_asked = Signal()

    def __init__(self, view: TimelineView) -> None:
        super().__init__(view)
        self._view = view
        self._pressed: int | None = None
        self.setAccessibleName("Ruler")
        self.setToolTip("Click to go there, drag to loop a part, Shift+drag to scrub")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(200, RULER_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        scene = self._view.scene
        painter.fillRect(self.rect(), QColor(theme.PANEL))
        if scene.loop is not None:
            left, right = scene.x(scene.loop[0]), scene.x(scene.loop[1])
            painter.fillRect(
                QRect(left, 0, max(right - left, 1), RULER_HEIGHT - 1), theme.with_alpha(theme.SECOND, 0.25)
            )
            for x in (left, right - 2):
                painter.fillRect(QRect(x, 0, 2, RULER_HEIGHT - 1), QColor(theme.SECOND))
        painter.setFont(theme.ui_font(12, tabular=True))
        for tick in ticks(scene.scale, self.width()):
            x = round(tick.x)
            height = RULER_HEIGHT if tick.label else 6
            painter.fillRect(QRect(x, RULER_HEIGHT - height, 1, height), QColor(theme.LINE))
            if tick.label:
                painter.setPen(QColor(theme.DIM))
                area = QRectF(x + 6, 0, 90, RULER_HEIGHT - 2)
                painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, tick.label)
        painter.fillRect(QRect(0, RULER_HEIGHT - 1, self.width(), 1), QColor(theme.LINE))
        x = scene.x(scene.playhead)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.ACCENT))
        head = [QPointF(x - 7, 0), QPointF(x + 7, 0), QPointF(x, 9)]
        painter.drawPolygon(QPolygonF(head))
        painter.drawRect(QRectF(x - 1, 8, 2, RULER_HEIGHT - 8))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._view.setFocus()
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = round(event.position().x())
            self.seek_asked.emit(self._view.scene.scale.frame(self._pressed))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        scale, x = self._view.scene.scale, round(event.position().x())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.seek_asked.emit(scale.frame(x))
        elif abs(x - self._pressed) >= _LEAST_LOOP_PIXELS:
            ends = sorted((self._snapped(self._pressed), self._snapped(x)))
            if ends[0] < ends[1]:
                self.loop_asked.emit(tuple(ends))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pressed = None
        if self._view.scene.loop is not None:
            self.loop_asked.emit(None)
        else:
            self.fit_asked.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._view.wheelEvent(event)

    def _snapped(self, x: int) -> int:
        frame = self._view.scene.scale.frame(x)
        return frame + self._view.snapping(onto_playhead=False).near(frame).by if self._view.snap_on else frame
