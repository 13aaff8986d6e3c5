"""What the mouse does on the lanes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QMimeData, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication

from app.document.edits.motifs import whole_motifs
from app.document.edits.sections import set_fade_in_curve, set_fade_out_curve
from app.document.excerpt import Excerpt
from app.document.fades import next_curve
from app.document.model import Section
from app.widgets.timeline.gestures import Fade, Gesture, Move, Place, Trim
from app.widgets.timeline.hit import Hit, Part, hit
from app.widgets.timeline.snapping import Snap
from app.widgets.timeline.state import TimelineState

CLIP_MIME = "application/x-deepcuts-clips"
"""Ids of clips, separated by spaces."""
EXCERPT_MIME = "application/x-deepcuts-excerpts"
"""Excerpts of clips, as `excerpt_words` writes them."""
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


def excerpt_words(excerpts: Iterable[Excerpt]) -> bytes:
    """Excerpts of clips as a drag carries them: id, offset and length of each."""
    return " ".join(f"{each.source}:{each.offset}:{each.length}" for each in excerpts).encode()


def carried_excerpts(mime: QMimeData) -> tuple[Excerpt, ...]:
    """What `excerpt_words` wrote into a drag; nothing of a drag that carries something else."""
    if not mime.hasFormat(EXCERPT_MIME):
        return ()
    words = (word.split(":") for word in mime.data(EXCERPT_MIME).toStdString().split())
    return tuple(Excerpt(id, int(offset), int(length)) for id, offset, length in words)


def excerpts_of(mime: QMimeData, frames: Mapping[str, int]) -> tuple[Excerpt, ...]:
    """What is dragged, whole clips or excerpts of them.

    Args:
        frames: the length of each clip that is known, by its id; others are left out.
    """
    whole = (Excerpt(id, 0, frames[id]) for id in clips_of(mime) if id in frames)
    return (*whole, *(each for each in carried_excerpts(mime) if each.source in frames))


class Mouse(QObject):
    """Turns presses, moves and releases into selection, gestures and scrolling.

    Signals:
        edit_asked(str, object): the name of an edit, and the function from a document to the one after it.
        seek_asked(int): a click wants the playhead at this frame.
        over_song(str): the sections that are dragged hang over this other song now, or over none ("").
        to_song_asked(str, bool): they were dropped there; whether as copies.
        out_asked(object): the sections of these ids are carried out of the window.
    """

    edit_asked = Signal(str, object)
    seek_asked = Signal(int)
    over_song = Signal(str)
    to_song_asked = Signal(str, bool)
    out_asked = Signal(object)

    def __init__(self, area: QAbstractScrollArea, state: TimelineState, snap: Snap) -> None:
        super().__init__(area)
        self._area = area
        self._state = state
        self._snap = snap
        self.song_at: Callable[[QPoint], str] = lambda place: ""
        """Which other song is shown at a place of the screen, e.g. on the strip of songs; "" for none."""
        self._pressed: QPoint | None = None
        self._hit = Hit(Part.NOTHING, 0)
        self._at = QPoint()
        self._snaps = True
        self._panning: QPoint | None = None
        self._over_song = ""
        self._before_press: frozenset[str] = frozenset()
        self._before_lasso: frozenset[str] = frozenset()
        self._auto_scroll = QTimer(self)
        self._auto_scroll.setInterval(_AUTO_SCROLL_MS)
        self._auto_scroll.timeout.connect(self._scroll_on)

    def give_up(self) -> None:
        """Cancels the drag: what a lasso selected is no longer selected."""
        if self._state.lasso is not None:
            self._state.select(self._before_press)
        self.forget()

    def forget(self) -> None:
        """Ends the drag, though the button may still be down."""
        self._pressed = None
        self._panning = None
        self._over_song = ""
        self._auto_scroll.stop()

    def press(self, event: QMouseEvent) -> None:
        """A button goes down: selects, and gets ready for a drag."""
        state = self._state
        place = event.position().toPoint()
        if self._pressed is not None and event.button() != Qt.MouseButton.LeftButton:
            return
        if event.button() == Qt.MouseButton.MiddleButton:
            self._panning = place
            return
        found = self._find(place)
        in_song = 0 <= found.lane < len(state.song.lanes)
        state.current_lane = found.lane if in_song and found.section is None else None
        if event.button() == Qt.MouseButton.RightButton and found.section is not None:
            if found.section.id not in state.selection:
                state.select(self._taken(event, found.section))
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed, self._hit, self._at = place, found, place
        self._before_press = state.selection
        self._before_lasso = state.selection if _adds(event) else frozenset()
        if found.section is not None and not _copies(event):
            self._press_section(self._taken(event, found.section), adds=_adds(event))
        elif not _adds(event):
            state.select(())

    def _taken(self, event: QMouseEvent, section: Section) -> frozenset[str]:
        """What a click on a section chooses: the whole of its motif; with Alt, it alone."""
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return frozenset((section.id,))
        return whole_motifs(self._state.song, [section.id])

    def _press_section(self, taken: frozenset[str], *, adds: bool) -> None:
        state = self._state
        if adds:
            state.select(state.selection - taken if taken <= state.selection else state.selection | taken)
        elif not taken <= state.selection:
            state.select(taken)

    def move(self, event: QMouseEvent) -> None:
        """The pointer moves: shows what is under it, or goes on with a drag."""
        state = self._state
        place = event.position().toPoint()
        if self._panning is not None:
            state.scroll_by(self._panning.x() - place.x())
            bar = self._area.verticalScrollBar()
            bar.setValue(bar.value() + self._panning.y() - place.y())
            self._panning = place
            return
        if self._pressed is None:
            found = self._find(place)
            self._area.viewport().setCursor(_CURSORS[found.part])
            state.set_hovered(found.section.id if found.section is not None else "")
            return
        self._at = place
        self._snaps = self._snap.wanted(event)
        far = (place - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if far and not state.is_dragging:
            if self._hit.section is not None and self._hit.section.id not in state.selection and _copies(event):
                state.select(self._taken(event, self._hit.section))
            self._begin()
        if isinstance(state.gesture, Move):
            state.gesture.copies = _copies(event)
            if self._has_left_window(event):
                carried = [part.id for part in state.chosen()]
                state.cancel()
                self.forget()
                self.out_asked.emit(carried)
                return
        self._drag()
        self._look_for_song(event)
        near_end = not _NEAR_THE_END <= place.x() <= self._area.viewport().width() - _NEAR_THE_END
        if near_end and state.is_dragging and not self._auto_scroll.isActive():
            self._auto_scroll.start()

    def _has_left_window(self, event: QMouseEvent) -> bool:
        window = self._area.window()
        return not window.rect().contains(window.mapFromGlobal(event.globalPosition().toPoint()))

    def _look_for_song(self, event: QMouseEvent) -> None:
        """Sections can be carried out of the lanes, onto another song."""
        carried = isinstance(self._state.gesture, Move) and not self._area.viewport().rect().contains(self._at)
        song = self.song_at(event.globalPosition().toPoint()) if carried else ""
        song = song if song != self._state.song.id else ""
        if song != self._over_song:
            self._over_song = song
            self.over_song.emit(song)

    def _begin(self) -> None:
        gesture = self._gesture()
        if gesture is not None:
            self._state.begin(gesture)
        elif self._hit.section is None and self._pressed is not None:
            self._state.set_lasso(QRect(self._pressed, self._pressed))

    def _gesture(self) -> Gesture | None:
        state, section = self._state, self._hit.section
        if section is None or self._pressed is None or section.id not in state.selection:
            return None
        frame = state.scale.frame(self._pressed.x())
        if self._hit.part in (Part.START, Part.END):
            return Trim(section, self._hit.part, frame)
        if self._hit.part in (Part.FADE_IN, Part.FADE_OUT):
            return Fade(section, self._hit.part, frame)
        return Move(state.song, state.selection, section, frame, self._hit.lane)

    def _drag(self) -> None:
        state = self._state
        if state.gesture is not None:
            self._drag_to(self._at, snaps=self._snaps)
        elif state.lasso is not None and self._pressed is not None:
            area = QRect(self._pressed, self._at).normalized()
            state.set_lasso(area)
            state.select(self._before_lasso | self._inside(area))

    def _drag_to(self, place: QPoint, *, snaps: bool) -> None:
        self._state.drag(place.x(), place.y(), self._snap.now() if snaps else None)

    def _inside(self, area: QRect) -> frozenset[str]:
        state = self._state
        caught: set[str] = set()
        for place, lane in enumerate(state.shown_song.lanes):
            top = state.rows.top(place)
            if top < area.bottom() and top + state.rows.height > area.top():
                caught.update(
                    part.id
                    for part in lane.sections
                    if state.x(part.start) < area.right() and state.x(part.end) > area.left()
                )
        return frozenset(caught)

    def _scroll_on(self) -> None:
        state = self._state
        width = self._area.viewport().width()
        over = min(self._at.x() - _NEAR_THE_END, 0) or max(self._at.x() - width + _NEAR_THE_END, 0)
        if not over or not state.is_dragging:
            self._auto_scroll.stop()
            return
        start = state.scale.start
        state.scroll_by(over)
        if self._pressed is not None and state.lasso is not None:
            moved = (state.scale.start - start) / state.scale.frames_per_pixel
            self._pressed = self._pressed - QPoint(round(moved), 0)
        self._drag()

    def release(self, event: QMouseEvent) -> None:
        """A button goes up: ends a drag, or was a click."""
        state = self._state
        if event.button() == Qt.MouseButton.MiddleButton:
            self._panning = None
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        found, pressed, song = self._hit, self._pressed, self._over_song
        self.forget()
        if isinstance(state.gesture, Move):
            state.gesture.copies = _copies(event)
        if song:
            state.cancel()
            self.to_song_asked.emit(song, _copies(event))
        elif state.gesture is not None:
            state.drop(self.edit_asked.emit)
        elif state.lasso is not None:
            state.set_lasso(None)
        elif found.section is None:
            self.seek_asked.emit(self._snap.seek(pressed.x(), event))
        elif _copies(event):
            self._press_section(self._taken(event, found.section), adds=True)
        elif found.part in (Part.FADE_IN, Part.FADE_OUT):
            self._bend(found.section, found.part)
        elif not _adds(event):
            state.select(self._taken(event, found.section))

    def _bend(self, section: Section, part: Part) -> None:
        """A click on the grip of a fade gives it the next curve."""
        if part is Part.FADE_IN:
            curve, edit = next_curve(section.fade_in_curve), set_fade_in_curve
        else:
            curve, edit = next_curve(section.fade_out_curve), set_fade_out_curve
        self.edit_asked.emit("Curve of a fade", lambda value: edit(value, [section.id], curve))

    # clips from the list

    def clips_enter(self, event: QDragMoveEvent) -> None:
        """Clips from the list come over the lanes: begins to place them."""
        state = self._state
        excerpts = excerpts_of(event.mimeData(), {clip.id: clip.frames for clip in state.project.clips})
        if not excerpts or not state.song.id:
            event.ignore()
            return
        state.begin(Place(state.song.id, excerpts))
        self.clips_move(event)

    def clips_move(self, event: QDragMoveEvent) -> None:
        """They are moved."""
        self._drag_to(event.position().toPoint(), snaps=self._snap.wanted(event))
        event.acceptProposedAction()

    def clips_drop(self, event: QDropEvent) -> None:
        """They are dropped."""
        self._state.drop(self.edit_asked.emit)
        self._area.setFocus()
        event.acceptProposedAction()

    def _find(self, place: QPoint) -> Hit:
        state = self._state
        return hit(self._state.song, state.scale, state.rows, place.x(), place.y())


def _copies(event: QMouseEvent) -> bool:
    """With Ctrl a drag copies; what a click with it chooses is known only when there was no drag."""
    return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)


def _adds(event: QMouseEvent) -> bool:
    return bool(event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier))
