"""What the mouse does on the lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import QApplication

from app.document.model import Section
from app.widgets.timeline.gestures import Fade, Gesture, Move, Place, Trim
from app.widgets.timeline.hit import Hit, Part, hit

if TYPE_CHECKING:
    from app.widgets.timeline.view import TimelineView

CLIP_MIME = "application/x-deepcuts-clips"
"""Ids of clips, separated by spaces."""
_AUTO_SCROLL_MS = 30
_NEAR_THE_END = 24

_CURSORS = {
    Part.NOTHING: Qt.CursorShape.ArrowCursor,
    Part.BODY: Qt.CursorShape.ArrowCursor,
    Part.START: Qt.CursorShape.SizeHorCursor,
    Part.END: Qt.CursorShape.SizeHorCursor,
    Part.FADE_IN: Qt.CursorShape.PointingHandCursor,
    Part.FADE_OUT: Qt.CursorShape.PointingHandCursor,
}


def clips_of(mime: QMimeData) -> tuple[str, ...]:
    """The ids of the clips in a drag."""
    return tuple(mime.data(CLIP_MIME).toStdString().split()) if mime.hasFormat(CLIP_MIME) else ()


class Mouse(QObject):
    """Turns presses, moves and releases into selection, gestures and scrolling of a view."""

    def __init__(self, view: TimelineView) -> None:
        super().__init__(view)
        self._view = view
        self._pressed: QPoint | None = None
        self._hit = Hit(Part.NOTHING, 0)
        self._at = QPoint()
        self._snap = True
        self._panning: QPoint | None = None
        self._before_lasso: frozenset[str] = frozenset()
        self._auto_scroll = QTimer(self)
        self._auto_scroll.setInterval(_AUTO_SCROLL_MS)
        self._auto_scroll.timeout.connect(self._scroll_on)

    def forget(self) -> None:
        """The drag is over, whatever the button does."""
        self._pressed = None
        self._panning = None
        self._auto_scroll.stop()

    def press(self, event: QMouseEvent) -> None:
        view = self._view
        place = event.position().toPoint()
        if event.button() == Qt.MouseButton.MiddleButton:
            self._panning = place
            return
        found = self._find(place)
        in_song = 0 <= found.lane < len(view.song.lanes)
        view.current_lane = found.lane if in_song and found.section is None else None
        if event.button() == Qt.MouseButton.RightButton and found.section is not None:
            if found.section.id not in view.selection:
                view.select({found.section.id})
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed, self._hit, self._at = place, found, place
        self._before_lasso = view.selection if _adds(event) else frozenset()
        if found.section is not None:
            self._press_section(found.section, adds=_adds(event))
        elif not _adds(event):
            view.select(())

    def _press_section(self, section: Section, *, adds: bool) -> None:
        view = self._view
        if adds:
            view.select(view.selection ^ {section.id})
        elif section.id not in view.selection:
            view.select({section.id})

    def move(self, event: QMouseEvent) -> None:
        view = self._view
        place = event.position().toPoint()
        if self._panning is not None:
            view.scroll_by(self._panning.x() - place.x())
            bar = view.verticalScrollBar()
            bar.setValue(bar.value() + self._panning.y() - place.y())
            self._panning = place
            return
        if self._pressed is None:
            found = self._find(place)
            view.viewport().setCursor(_CURSORS[found.part])
            view.hover(found.section.id if found.section is not None else "")
            return
        self._at = place
        self._snap = view.snap_on and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        far = (place - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if view.gesture is None and view.scene.lasso is None and far:
            self._begin()
        self._drag()
        near_end = not _NEAR_THE_END <= place.x() <= view.viewport().width() - _NEAR_THE_END
        dragging = view.gesture is not None or view.scene.lasso is not None
        if near_end and dragging and not self._auto_scroll.isActive():
            self._auto_scroll.start()

    def _begin(self) -> None:
        gesture = self._gesture()
        if gesture is not None:
            self._view.begin(gesture)
        elif self._hit.section is None and self._pressed is not None:
            self._view.show_lasso(QRect(self._pressed, self._pressed))

    def _gesture(self) -> Gesture | None:
        view, section = self._view, self._hit.section
        if section is None or self._pressed is None or section.id not in view.selection:
            return None
        frame = view.scene.scale.frame(self._pressed.x())
        if self._hit.part in (Part.START, Part.END):
            return Trim(section, self._hit.part, frame)
        if self._hit.part in (Part.FADE_IN, Part.FADE_OUT):
            return Fade(section, self._hit.part, frame)
        return Move(view.song, view.selection, section, frame, self._hit.lane)

    def _drag(self) -> None:
        view = self._view
        if view.gesture is not None:
            view.drag(self._at, snap=self._snap)
        elif view.scene.lasso is not None and self._pressed is not None:
            area = QRect(self._pressed, self._at).normalized()
            view.show_lasso(area)
            view.select(self._before_lasso | self._inside(area))

    def _inside(self, area: QRect) -> frozenset[str]:
        scene = self._view.scene
        caught: set[str] = set()
        for place, lane in enumerate(scene.song.lanes):
            top = scene.rows.top(place)
            if top < area.bottom() and top + scene.rows.height > area.top():
                caught.update(
                    part.id
                    for part in lane.sections
                    if scene.x(part.start) < area.right() and scene.x(part.end) > area.left()
                )
        return frozenset(caught)

    def _scroll_on(self) -> None:
        view = self._view
        width = view.viewport().width()
        over = min(self._at.x() - _NEAR_THE_END, 0) or max(self._at.x() - width + _NEAR_THE_END, 0)
        if not over or (view.gesture is None and view.scene.lasso is None):
            self._auto_scroll.stop()
            return
        start = view.scene.scale.start
        view.scroll_by(over)
        if self._pressed is not None and view.scene.lasso is not None:
            moved = (view.scene.scale.start - start) / view.scene.scale.frames_per_pixel
            self._pressed = self._pressed - QPoint(round(moved), 0)
        self._drag()

    def release(self, event: QMouseEvent) -> None:
        view = self._view
        if event.button() == Qt.MouseButton.MiddleButton:
            self._panning = None
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        found, pressed = self._hit, self._pressed
        self.forget()
        if view.gesture is not None:
            view.drop()
        elif view.scene.lasso is not None:
            view.show_lasso(None)
        elif found.section is None:
            view.seek_asked.emit(view.scene.scale.frame(pressed.x()))
        elif not _adds(event):
            view.select({found.section.id})

    # clips from the list

    def clips_enter(self, event: QDragMoveEvent) -> None:
        view = self._view
        known = {clip.id for clip in view.project.clips}
        clips = tuple(clip for clip in clips_of(event.mimeData()) if clip in known)
        if not clips or not view.song.id:
            event.ignore()
            return
        view.begin(Place(view.project, view.song.id, clips))
        self.clips_move(event)

    def clips_move(self, event: QDragMoveEvent) -> None:
        snap = self._view.snap_on and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        self._view.drag(event.position().toPoint(), snap=snap)
        event.acceptProposedAction()

    def clips_drop(self, event: QDropEvent) -> None:
        self._view.drop()
        self._view.setFocus()
        event.acceptProposedAction()

    def _find(self, place: QPoint) -> Hit:
        scene = self._view.scene
        return hit(self._view.song, scene.scale, scene.rows, place.x(), place.y())


def _adds(event: QMouseEvent) -> bool:
    return bool(event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier))
