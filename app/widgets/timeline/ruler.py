"""The ruler above the lanes: times, the playhead's head, the loop, the markers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetrics,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from app.document.edits.markers import name_marker, remove_marker
from app.document.model import Marker
from app.document.words import isolated
from app.widgets import theme
from app.widgets.basics import passing_menu
from app.widgets.timeline.geometry import ticks
from app.widgets.timeline.gestures import MoveMarker
from app.widgets.timeline.marker_name import MarkerName
from app.widgets.timeline.scrolling import Wheel
from app.widgets.timeline.snapping import Snap
from app.widgets.timeline.state import TimelineState

RULER_HEIGHT = 27
MARKER_HEIGHT = 19
_LEAST_LOOP_PIXELS = 5
_LOOP_EDGE = 5
_MOST_FLAG = 140
_HEAD = 8
"""Pixels to both sides of the playhead where its head can be grabbed."""
_TIP = "Click to go there, drag to loop a part; drag the playhead to hear what passes under it"


def flag_words(place: int, marker: Marker) -> str:
    """What stands on a marker: its name, or else its number."""
    return marker.name or str(place + 1)


class Ruler(QWidget):
    """A click seeks, a drag draws a loop or moves an end of it, a double click brings the whole song into view.

    The playhead is dragged by its head, or from anywhere with Shift, and scrubs. Markers are dragged, named with a
    double click, deleted from their menu.

    Args:
        view: the widget whose wheel, and whose keyboard focus, the ruler shares.

    Signals:
        edit_asked(str, object): the name of an edit, and the function from a document to the one after it.
        seek_asked(int): frame.
        scrub_asked(int): the playhead is dragged to this frame.
        loop_asked(object): (first, last) frame, or None.
        fit_asked(): the whole song, please.
    """

    edit_asked = Signal(str, object)
    seek_asked = Signal(int)
    scrub_asked = Signal(int)
    loop_asked = Signal(object)
    fit_asked = Signal()

    def __init__(self, view: QWidget, state: TimelineState, snap: Snap, wheel: Wheel) -> None:
        super().__init__(view)
        self._view = view
        self._state = state
        self._snap = snap
        self._wheel = wheel
        self._pressed: int | None = None
        self._fixed: int | None = None
        """The frame of the loop's other end, while one is dragged."""
        self._loop_before: tuple[int, int] | None = None
        self.is_dragging_loop = False
        self._marker = ""
        self._dragging = False
        self._scrubbing = False
        self._field = MarkerName(self)
        self._field.named.connect(self._name)
        self._field.given_up.connect(view.setFocus)
        self.setAccessibleName("Ruler")
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(200, self.wanted_height)

    @property
    def wanted_height(self) -> int:
        """In pixels: more where the song has markers, which have a row of their own."""
        return RULER_HEIGHT + (MARKER_HEIGHT if self._state.shown_song.markers else 0)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.PANEL))
        self._paint_loop(painter)
        self._paint_times(painter)
        self._paint_markers(painter)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), QColor(theme.LINE))
        x = self._state.near_x(self._state.playhead)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.ACCENT))
        head = [QPointF(x - 7, 0), QPointF(x + 7, 0), QPointF(x, 9)]
        painter.drawPolygon(QPolygonF(head))
        painter.drawRect(QRectF(x - 1, 8, 2, self.height() - 8))

    def _paint_loop(self, painter: QPainter) -> None:
        state = self._state
        if state.loop is None:
            return
        left, right = state.near_x(state.loop[0]), state.near_x(state.loop[1])
        painter.fillRect(QRect(left, 0, max(right - left, 1), RULER_HEIGHT - 1), theme.with_alpha(theme.SECOND, 0.25))
        for x in (left, right - 2):
            painter.fillRect(QRect(x, 0, 2, RULER_HEIGHT - 1), QColor(theme.SECOND))

    def _paint_times(self, painter: QPainter) -> None:
        painter.setFont(theme.ui_font(12, tabular=True))
        for tick in ticks(self._state.scale, self.width()):
            x = round(tick.x)
            height = RULER_HEIGHT if tick.label else 6
            painter.fillRect(QRect(x, RULER_HEIGHT - height, 1, height), QColor(theme.LINE))
            if tick.label:
                painter.setPen(QColor(theme.DIM))
                area = QRectF(x + 6, 0, 90, RULER_HEIGHT - 2)
                painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, tick.label)

    def _paint_markers(self, painter: QPainter) -> None:
        painter.setFont(theme.ui_font(11, tabular=True))
        for marker, flag, words in self._flags():
            moved = marker.id == self._marker
            painter.fillRect(flag, QColor(theme.PRESSED if moved else theme.RAISED))
            painter.fillRect(QRect(flag.left(), flag.top(), 2, flag.height()), QColor(theme.SECOND))
            painter.setPen(QColor(theme.TEXT))
            text = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, flag.width() - 10)
            area = flag.adjusted(7, 0, -2, 0)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _flags(self) -> list[tuple[Marker, QRect, str]]:
        """The markers in view, each with its flag, which ends where the next begins, and what stands on it."""
        state = self._state
        metrics = QFontMetrics(theme.ui_font(11, tabular=True))
        flags = []
        markers = state.shown_song.markers
        for place, marker in enumerate(markers):
            x = state.near_x(marker.frame)
            words = flag_words(place, marker)
            width = min(metrics.horizontalAdvance(words) + 14, _MOST_FLAG)
            if place + 1 < len(markers):
                width = min(width, max(state.near_x(markers[place + 1].frame) - x - 2, 3))
            if x + width >= 0 and x <= self.width():
                flags.append((marker, QRect(x, RULER_HEIGHT + 1, width, MARKER_HEIGHT - 4), words))
        return flags

    def _marker_at(self, place: QPointF) -> Marker | None:
        found = (
            marker
            for marker, flag, _ in reversed(self._flags())
            if flag.adjusted(-2, -2, 2, 4).contains(place.toPoint())
        )
        return next(found, None)

    # markers

    def begin_name(self, marker: Marker) -> None:
        """Lets the person type its name."""
        for known, flag, _ in self._flags():
            if known.id == marker.id:
                self._field.open_at(marker, flag.left(), self.height() - MARKER_HEIGHT, self.width())

    def _name(self, marker: str, name: str) -> None:
        self.edit_asked.emit("Name marker", lambda value: name_marker(value, marker, name))
        self._view.setFocus()

    def _delete(self, marker: str) -> None:
        self.edit_asked.emit("Delete marker", lambda value: remove_marker(value, marker))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        marker = self._marker_at(QPointF(event.pos()))
        if marker is None:
            return
        menu = passing_menu(self)
        menu.addAction("Name…").triggered.connect(lambda: self.begin_name(marker))
        menu.addAction("Delete marker").triggered.connect(lambda: self._delete(marker.id))
        menu.exec(event.globalPos())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            marker = self._marker_at(QPointF(event.pos()))
            words = f"{isolated(marker.name) or 'Marker'}: drag to move, double-click to name" if marker else _TIP
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    # the hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._view.setFocus()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed = round(event.position().x())
        self._loop_before = self._state.loop
        marker = self._marker_at(event.position())
        if marker is not None:
            self._marker = marker.id
            self.seek_asked.emit(marker.frame)
            return
        self._scrubbing = self._is_head_at(event.position())
        if self._scrubbing:
            return
        self._fixed = self._other_end(event.position())
        if self._fixed is None:
            self.seek_asked.emit(self._snap.seek(self._pressed, event))

    def _is_head_at(self, place: QPointF) -> bool:
        state = self._state
        return place.y() < RULER_HEIGHT and abs(state.near_x(state.playhead) - place.x()) <= _HEAD

    def _other_end(self, place: QPointF) -> int | None:
        """The far end of the loop, where the near one is under the pointer."""
        state = self._state
        if state.loop is None or place.y() >= RULER_HEIGHT:
            return None
        left, right = (abs(state.near_x(end) - place.x()) for end in state.loop)
        if min(left, right) > _LOOP_EDGE:
            return None
        return state.loop[1] if left <= right else state.loop[0]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            self._show_what_can_be_taken(event.position())
            return
        scale, x = self._state.scale, round(event.position().x())
        if self._marker:
            self._drag_marker(event)
        elif self._scrubbing or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.scrub_asked.emit(scale.frame(x))
        elif self._fixed is not None or abs(x - self._pressed) >= _LEAST_LOOP_PIXELS:
            fixed = self._fixed if self._fixed is not None else self._snapped(self._pressed, event)
            ends = sorted((fixed, self._snapped(x, event)))
            if ends[0] < ends[1]:
                self.is_dragging_loop = True
                self.loop_asked.emit(tuple(ends))

    def _drag_marker(self, event: QMouseEvent) -> None:
        far = abs(event.position().x() - (self._pressed or 0)) >= QApplication.startDragDistance()
        if not self._dragging and far:
            self._dragging = True
            self._state.begin(MoveMarker(self._marker))
        if self._dragging:
            place = event.position().toPoint()
            self._state.drag(place.x(), place.y(), self._snap.now() if self._snap.wanted(event) else None)

    def _show_what_can_be_taken(self, place: QPointF) -> None:
        is_free = self._marker_at(place) is None
        takes = is_free and (self._is_head_at(place) or self._other_end(place) is not None)
        self.setCursor(Qt.CursorShape.SizeHorCursor if takes else Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._state.drop(self.edit_asked.emit)
        self.forget()

    def give_up(self) -> None:
        """Cancels the drag: the loop goes back to where it was."""
        if self.is_dragging_loop:
            self.loop_asked.emit(self._loop_before)
        self.forget()

    def forget(self) -> None:
        """Ends the drag, though the button may still be down."""
        self._pressed, self._fixed, self._marker = None, None, ""
        self._dragging, self._scrubbing, self.is_dragging_loop = False, False, False
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.forget()
        marker = self._marker_at(event.position())
        if marker is not None:
            self.begin_name(marker)
        elif self._state.loop is not None:
            self.loop_asked.emit(None)
        else:
            self.fit_asked.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel.turn(event)

    def _snapped(self, x: int, event: QMouseEvent) -> int:
        frame = self._state.scale.frame(x)
        if not self._snap.wanted(event):
            return frame
        return frame + self._snap.now(onto_playhead=False).near(frame).by
