"""The settings of snapping, and what a drag can snap to in the stretch that is in view."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QDropEvent, QMouseEvent

from app.document.model import SONG_RATE
from app.widgets.timeline.gestures import Move
from app.widgets.timeline.snap import SNAP_KINDS, Snapping, accent_targets, targets
from app.widgets.timeline.state import TimelineState

_PIXELS = 8


class Snap:
    """Whether drags snap, and to what.

    Attributes:
        on: whether anything snaps at all.
        kinds: some of `SNAP_KINDS`.
    """

    def __init__(self, state: TimelineState) -> None:
        self._state = state
        self.on = True
        self.kinds = frozenset(SNAP_KINDS)
        self._known: tuple[object, ...] = ()
        self._targets: tuple[int, ...] = ()
        self._accents: tuple[int, ...] = ()

    def wanted(self, event: QMouseEvent | QDropEvent) -> bool:
        """Whether a drag with these keys held snaps: not while Alt is held."""
        return self.on and not event.modifiers() & Qt.KeyboardModifier.AltModifier

    def seek(self, x: int, event: QMouseEvent) -> int:
        """The frame of a click at a pixel; within 8 pixels of the start of the song, 0."""
        frame = self._state.scale.frame(x)
        near_start = frame <= self._state.scale.frames(_PIXELS)
        return 0 if near_start and self.wanted(event) else frame

    def now(self, *, onto_playhead: bool = True) -> Snapping:
        """What there is to snap to at this zoom, without what is being dragged.

        Args:
            onto_playhead: whether the playhead is among it.
        """
        state = self._state
        moved = state.gesture.moved if state.gesture is not None else frozenset()
        if isinstance(state.gesture, Move) and state.gesture.copies:
            moved = frozenset()  # what is copied stays where it is
        reach = state.scale.frames(_PIXELS)
        # Seconds pull only where they are far enough apart on screen to leave room between them.
        near_seconds = "seconds" in self.kinds and reach * 6 < SONG_RATE
        playhead = state.playhead if onto_playhead else None
        song = state.song
        accents = state.accents if "accents" in self.kinds else {}
        known = (song, playhead, moved, self.kinds, accents, state.clips)
        if self._known != known:
            self._known = known
            self._targets = targets(song, playhead, kinds=self.kinds, without=moved, clips=state.clips)
            # what is trimmed sounds where it did: its own accents count
            carried = moved if isinstance(state.gesture, Move) else frozenset()
            self._accents = accent_targets(song, accents, without=carried)
        return Snapping(self._targets, reach, reach if near_seconds else 0.0, self._accents, accents)
