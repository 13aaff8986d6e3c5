"""Moving by keys: sections, the selection, the playhead."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeySequence

from app.document.edits.motifs import whole_motifs
from app.document.edits.sections import move_sections
from app.document.model import SONG_RATE, Section
from app.screens.arrange.context import ArrangeContext, ArrangePart

_NUDGE_PIXELS = 10
_FINE_NUDGE = SONG_RATE // 1000


class MoveActions(ArrangePart):
    """The actions of arrow keys and the like on the timeline."""

    def __init__(self, context: ArrangeContext) -> None:
        super().__init__(context)
        timeline, keys = context.timeline, context.keys
        self._held = 0
        timeline.keys_released.connect(self._let_go)
        on = keys.on_timeline
        on("Select all", self.select_all, QKeySequence.StandardKey.SelectAll)
        on("Select nothing", timeline.escape, "Escape")
        on("Nudge earlier", lambda: self._nudge(-self._step()), "Left")
        on("Nudge later", lambda: self._nudge(self._step()), "Right")
        on("Nudge one millisecond earlier", lambda: self._nudge(-_FINE_NUDGE), "Shift+Left")
        on("Nudge one millisecond later", lambda: self._nudge(_FINE_NUDGE), "Shift+Right")
        on("Move to the lane above", lambda: self._change_lane(-1), "Alt+Up")
        on("Move to the lane below", lambda: self._change_lane(1), "Alt+Down")
        on("Select the section before", lambda: self._select_along(-1), "Ctrl+Left")
        on("Select the next section", lambda: self._select_along(1), "Ctrl+Right")
        on("Select also the section before", lambda: self._select_along(-1, more=True), "Ctrl+Shift+Left")
        on("Select also the next section", lambda: self._select_along(1, more=True), "Ctrl+Shift+Right")
        on("Select on the lane above", lambda: self._select_across(-1), "Up")
        on("Select on the lane below", lambda: self._select_across(1), "Down")
        on("Playhead earlier", lambda: self._move_playhead(-self._step()), "Alt+Left")
        on("Playhead later", lambda: self._move_playhead(self._step()), "Alt+Right")
        keys.anywhere("Playhead to the edge before", lambda: self._to_edge(-1), ",")
        keys.anywhere("Playhead to the next edge", lambda: self._to_edge(1), ".")
        keys.anywhere("Playhead to the end", self._to_end, "End")

    def select_all(self) -> None:
        """Selects all sections of the song."""
        self._state.select(part.id for lane in self._state.song.lanes for part in lane.sections)

    def _let_go(self) -> None:
        """Ends a gesture: what a key does while it is held is one step of undo."""
        self._held += 1

    # sections

    def _nudge(self, by: int) -> None:
        ids = [part.id for part in self._state.chosen()]
        if ids:
            value = move_sections(self._project.value, ids, by)
            self._project.put("Nudge", value, gesture=("nudge", tuple(ids), by > 0, self._held))
        else:
            self._move_playhead(by)

    def _step(self) -> int:
        return max(round(self._state.scale.frames(_NUDGE_PIXELS)), 1)

    def _change_lane(self, by: int) -> None:
        if self._state.selection:
            ids = [part.id for part in self._state.chosen()]
            self._project.edit("Move", move_sections, ids, 0, lanes=by)

    # the selection

    def _select_along(self, way: int, *, more: bool = False) -> None:
        lanes = self._state.song.lanes
        chosen = self._state.chosen()
        if chosen:
            edge = chosen[0] if way < 0 else chosen[-1]
            sections = next(lane.sections for lane in lanes if edge in lane.sections)
            place = sections.index(edge) + way
        else:
            here = self._state.current_lane or 0
            sections = lanes[here].sections if here < len(lanes) else ()
            place = 0 if way > 0 else len(sections) - 1
        if 0 <= place < len(sections):
            self._choose(sections[place], more=more)

    def _select_across(self, way: int) -> None:
        """The nearest section on the next lane that has any."""
        lanes = self._state.song.lanes
        chosen = self._state.chosen()
        if not chosen:
            self._select_along(1)
            return
        edge = chosen[0] if way < 0 else chosen[-1]
        here = next(place for place, lane in enumerate(lanes) if edge in lane.sections)
        rest = range(here + way, len(lanes) if way > 0 else -1, way)
        goal = next((lanes[place] for place in rest if lanes[place].sections), None)
        if goal is not None:
            self._choose(min(goal.sections, key=lambda part: _distance(part, edge)), more=False)

    def _choose(self, part: Section, *, more: bool) -> None:
        whole = whole_motifs(self._state.song, [part.id])
        self._state.select(self._state.selection | whole if more else whole)
        self._timeline.reveal(part)

    # the playhead

    def _move_playhead(self, by: int) -> None:
        self._go(max(self._state.playhead + by, 0))

    def _go(self, frame: int) -> None:
        self._timeline.seek_asked.emit(frame)
        self._state.show_place(frame)

    def _to_edge(self, way: int) -> None:
        parts = [part for lane in self._state.song.lanes for part in lane.sections]
        places = {0, *(part.start for part in parts), *(part.end for part in parts)}
        at = self._state.playhead
        beyond = [place for place in places if (place - at) * way > 0]
        if beyond:
            nearest: Callable[[list[int]], int] = min if way > 0 else max
            self._go(nearest(beyond))

    def _to_end(self) -> None:
        self._go(self._state.song.frames)


def _distance(part: Section, other: Section) -> int:
    middle = (other.start + other.end) // 2
    return abs((part.start + part.end) // 2 - middle)
