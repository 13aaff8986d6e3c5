"""The map on screen: points under the pointer, walked by the arrows, dragged off, and a path drawn among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from PySide6.QtCore import QEvent, QMimeData, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDrag,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from app.document.excerpt import Excerpt
from app.widgets import theme
from app.widgets.map.geometry import Floats, MapScale, along, nearest, step
from app.widgets.map.painter import PointPainter, radius_of
from app.widgets.map.points import MapPoints
from app.widgets.timeline.mouse import EXCERPT_MIME, excerpt_words

_REACH = 9.0
"""Pixels around the pointer in which a point is under it."""
_LEAST_PATH = 14.0
"""Pixels: shorter ones were meant as a click."""
_ZOOM, _ZOOM_KEY = 1.0015, 1.4
"""Of the view, for each eighth of a degree of the wheel, and for a key."""
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class MapView(QWidget):
    """Signals:

    hovered(object): the excerpt that the pointer has come upon, or None.
    chosen(object): another excerpt is chosen, or None.
    play_asked(object): hear this excerpt, or stop it where it plays.
    path_changed(): another path is drawn, or none.
    """

    hovered = Signal(object)
    chosen = Signal(object)
    play_asked = Signal(object)
    path_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.points = MapPoints()
        self.tip_of: Callable[[Excerpt], str] = lambda excerpt: ""
        """What is said of an excerpt under the pointer, and to screen readers."""
        self.scale = MapScale()
        self._pixels: Floats = np.zeros((0, 2), np.float32)
        self._painter = PointPainter()
        self._layer: QPixmap | None = None
        self._alike: frozenset[int] = frozenset()
        self._current = self._hovered = self._playing = -1
        self._path: list[QPointF] = []
        self._pressed: QPointF | None = None
        self._grabbed = -1
        self._panning: QPointF | None = None
        self._is_drawing = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Map of sections: near sounds alike")

    # what is shown

    def show_points(self, points: MapPoints) -> None:
        """Takes other points; what is chosen stays so as long as it is there."""
        current, alike = self.current, self.alike
        self.points = points
        self._hovered = -1
        self._current = points.place_of(current)
        places = {excerpt: place for place, excerpt in enumerate(points.excerpts)} if alike else {}
        self._alike = frozenset(places[excerpt] for excerpt in alike if excerpt in places)
        self._lay_out()
        if current is not None and self._current < 0:
            self.chosen.emit(None)
        self._say()

    def show_alike(self, excerpts: Iterable[Excerpt]) -> None:
        """Shows these clearly and all others hardly; none for all alike."""
        wanted = set(excerpts)
        self._alike = frozenset(place for place, each in enumerate(self.points.excerpts) if each in wanted)
        self._repaint_layer()

    def show_playing(self, excerpt: Excerpt | None) -> None:
        """Marks what plays."""
        place = self.points.place_of(excerpt)
        if place != self._playing:
            self._playing = place
            self.update()

    @property
    def alike(self) -> tuple[Excerpt, ...]:
        """Those that are shown clearly while all others hardly are."""
        return tuple(self.points.excerpts[place] for place in sorted(self._alike))

    @property
    def current(self) -> Excerpt | None:
        """The chosen excerpt."""
        return self.points.excerpts[self._current] if self._current >= 0 else None

    @property
    def under_pointer(self) -> Excerpt | None:
        """The excerpt that the pointer rests on."""
        return self.points.excerpts[self._hovered] if self._hovered >= 0 else None

    def choose(self, excerpt: Excerpt | None) -> None:
        """Chooses an excerpt and brings it into view."""
        self._choose(self.points.place_of(excerpt))

    def _choose(self, place: int) -> None:
        if place >= 0:
            x, y = self.points.places[place].tolist()
            self._set_scale(self.scale.around((x, y)))
        if place != self._current:
            self._current = place
            self.update()
            self._say()
            self.chosen.emit(self.current)

    def pixel_of(self, excerpt: Excerpt) -> QPointF:
        """Where an excerpt is on screen."""
        return QPointF(*self._pixels[self.points.excerpts.index(excerpt)].tolist())

    def _say(self) -> None:
        current = self.current
        self.setAccessibleDescription(self.tip_of(current) if current is not None else "no section chosen")

    # the path

    @property
    def path(self) -> tuple[Excerpt, ...]:
        """The excerpts of clips along the path that is drawn, in its order."""
        if len(self._path) < 2:
            return ()
        line = np.array([(point.x(), point.y()) for point in self._path], np.float32)
        pixels = self.scale.pixels(line)
        own = np.array([not excerpt.is_album for excerpt in self.points.excerpts], np.bool_)
        return tuple(self.points.excerpts[place] for place in along(self._pixels, self.points.shown & own, pixels))

    def clear_path(self) -> None:
        """No path is drawn any more."""
        if self._path:
            self._path = []
            self.update()
            self.path_changed.emit()

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(600, 400)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 140)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.scale = self.scale.resized(self.width(), self.height())
        self._lay_out()

    def _set_scale(self, scale: MapScale) -> None:
        if scale != self.scale:
            self.scale = scale
            self._lay_out()

    def _lay_out(self) -> None:
        self._pixels = self.scale.pixels(self.points.places)
        self._repaint_layer()

    def _repaint_layer(self) -> None:
        self._layer = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._layer is None:
            self._layer = self._painter.layer(
                self.points, self._pixels, self._alike, self.size(), self.devicePixelRatioF()
            )
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._layer)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if len(self._path) > 1:
            pen = QPen(QColor(theme.ACCENT), 1.6, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF(self._path_pixels()))
        for place, colour, wider in (
            (self._hovered, theme.DIM, 3.0),
            (self._playing, theme.ACCENT, 5.0),
            (self._current, theme.TEXT, 7.0),
        ):
            if place >= 0:
                radius = radius_of(self.points, place) + wider
                painter.setPen(QPen(QColor(colour), 1.6))
                painter.drawEllipse(QPointF(*self._pixels[place].tolist()), radius, radius)
        if self.hasFocus():
            painter.setPen(theme.with_alpha(theme.SECOND, 0.35))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _path_pixels(self) -> list[QPointF]:
        line = np.array([(point.x(), point.y()) for point in self._path], np.float32)
        return [QPointF(x, y) for x, y in self.scale.pixels(line).tolist()]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            self._panning = event.position()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed = event.position()
        draws = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._grabbed = -1 if draws else self._at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._panning is not None:
            self._set_scale(self.scale.moved(at.x() - self._panning.x(), at.y() - self._panning.y()))
            self._panning = at
        elif self._pressed is None:
            self._hover(self._at(at))
        elif self._grabbed >= 0:
            if (at - self._pressed).manhattanLength() >= QApplication.startDragDistance():
                self._drag(self._grabbed)
        else:
            self._draw(at)

    def _draw(self, at: QPointF) -> None:
        if not self._is_drawing:
            assert self._pressed is not None
            if (at - self._pressed).manhattanLength() < _LEAST_PATH:
                return
            self._is_drawing = True
            self._path = [self._place(self._pressed)]
        self._path.append(self._place(at))
        self.update()

    def _place(self, at: QPointF) -> QPointF:
        return QPointF(*self.scale.place(at.x(), at.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            self._panning = None
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        self._pressed = None
        if self._is_drawing:
            self._is_drawing = False
            self.path_changed.emit()
        elif self._grabbed >= 0:
            self._choose(self._grabbed)
        else:
            self.clear_path()
            self._choose(-1)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self._at(event.position())
        if place >= 0:
            self._choose(place)
            self.play_asked.emit(self.points.excerpts[place])

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        at = event.position()
        self._set_scale(self.scale.zoomed(_ZOOM ** event.angleDelta().y(), at.x(), at.y()))
        self._hover(self._at(at))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ARROWS and len(self.points):
            self._walk(*_ARROWS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.play_asked.emit(self.current)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            by = 1 / _ZOOM_KEY if key == Qt.Key.Key_Minus else _ZOOM_KEY
            self._set_scale(self.scale.zoomed(by, self.width() / 2, self.height() / 2))
        elif key == Qt.Key.Key_Escape and (self._path or self._alike):
            self.clear_path()
            self.show_alike(())
        else:
            event.ignore()

    def _walk(self, right: int, down: int) -> None:
        if not self.points.shown.any():
            return
        if self._current < 0:
            middle = self.width() / 2, self.height() / 2
            self._choose(nearest(self._pixels, self.points.shown, *middle, np.inf))
        else:
            self._choose(step(self._pixels, self.points.shown, self._current, right, down))

    def focusInEvent(self, event: object) -> None:
        self.update()

    def focusOutEvent(self, event: object) -> None:
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self.tip_of(self.points.excerpts[place]) if place >= 0 else "", self)
            return True
        return super().event(event)

    def _at(self, at: QPointF) -> int:
        return nearest(self._pixels, self.points.shown, at.x(), at.y(), _REACH)

    def _hover(self, place: int) -> None:
        if place != self._hovered:
            self._hovered = place
            self.setCursor(Qt.CursorShape.PointingHandCursor if place >= 0 else Qt.CursorShape.CrossCursor)
            self.update()
            self.hovered.emit(self.under_pointer)

    def _drag(self, place: int) -> None:
        excerpt = self.points.excerpts[place]
        self._pressed, self._grabbed = None, -1
        if excerpt.is_album:
            return
        self._choose(place)
        drag = QDrag(self)
        mime = QMimeData()
        mime.setData(EXCERPT_MIME, excerpt_words([excerpt]))
        drag.setMimeData(mime)
        drag.exec(Qt.DropAction.CopyAction)
