"""The markers of a song by keys: set, named, deleted, gone to; and the loop round what is selected."""

from __future__ import annotations

from app.document.edits.markers import add_marker, move_nearest_marker, remove_marker
from app.document.model import Marker
from app.screens.arrange.context import ArrangeContext, ArrangePart


class MarkerActions(ArrangePart):
    """Actions on the markers about the playhead, and on the loop."""

    def __init__(self, context: ArrangeContext) -> None:
        super().__init__(context)
        keys = context.keys
        keys.anywhere("Add a marker", self.add, "M")
        keys.anywhere("Name the marker", self.name, "Shift+M")
        keys.anywhere("Move the nearest marker here", self.move_here, "Ctrl+Shift+M")
        keys.anywhere("Delete the marker", self.delete, "Alt+M")
        keys.anywhere("Go to the marker before", lambda: self.jump(-1), "PgUp")
        keys.anywhere("Go to the next marker", lambda: self.jump(1), "PgDown")
        keys.anywhere("Loop what is selected", self.loop_chosen, "Shift+L")

    def add(self) -> None:
        """Adds a marker at the playhead; where there is one already, lets the person name it."""
        song = self._state.song.id
        if not song:
            return
        if self._at_playhead() is not None:
            self.name()
        else:
            self._project.edit("Add marker", add_marker, song, self._state.playhead)

    def name(self) -> None:
        """Lets the person name the marker at the playhead, or the last before it."""
        marker = self._before_playhead()
        if marker is not None:
            self._timeline.seek_asked.emit(marker.frame)
            self._state.show_place(marker.frame)
            self._timeline.ruler.begin_name(marker)

    def move_here(self) -> None:
        """Moves the nearest marker to the playhead."""
        song = self._state.song
        if song.markers:
            self._project.edit("Move marker", move_nearest_marker, song.id, self._state.playhead)
        else:
            self.problem.emit("There is no marker yet.")

    def delete(self) -> None:
        """Removes the marker at the playhead, or the last before it."""
        marker = self._before_playhead()
        if marker is not None:
            self._project.edit("Delete marker", remove_marker, marker.id)

    def jump(self, way: int) -> None:
        """Moves the playhead to the next marker (`way` 1) or the one before (-1)."""
        at = self._state.playhead
        beyond = [marker.frame for marker in self._state.song.markers if (marker.frame - at) * way > 0]
        if beyond:
            frame = beyond[0] if way > 0 else beyond[-1]
            self._timeline.seek_asked.emit(frame)
            self._state.show_place(frame)

    def loop_chosen(self) -> None:
        """Loops the selected sections; without any, the part between the markers around the playhead."""
        chosen = self._state.chosen()
        if chosen:
            self._timeline.loop_asked.emit((min(part.start for part in chosen), max(part.end for part in chosen)))
            return
        at, song = self._state.playhead, self._state.song
        places = [0, *(marker.frame for marker in song.markers), song.frames]
        start = max(place for place in places if place <= at)
        end = min((place for place in places if place > at), default=0)
        if start < end:
            self._timeline.loop_asked.emit((start, end))

    def _at_playhead(self) -> Marker | None:
        at = self._state.playhead
        return next((marker for marker in self._state.song.markers if marker.frame == at), None)

    def _before_playhead(self) -> Marker | None:
        """The marker at the playhead, or the last before it."""
        at = self._state.playhead
        before = [marker for marker in self._state.song.markers if marker.frame <= at]
        if not before:
            self.problem.emit("There is no marker at or before the playhead.")
        return before[-1] if before else None
