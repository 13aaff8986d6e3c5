"""Playing sections again with the model, or along to the lanes beside them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction

from app.document.edits.made import add_clips
from app.document.edits.playing_again import place_takes
from app.document.model import Clip, Project
from app.document.song_part import SongPart, lanes_beside, sections_alone, whole_song
from app.document.tree import section_of
from app.document.words import plural
from app.screens.arrange.context import ArrangeContext, ArrangePart
from app.widgets.timeline.state import TimelineState


def chosen_part(project: Project, state: TimelineState) -> SongPart | None:
    """The sections that are selected on a timeline, or else its song; None where that is empty."""
    chosen = [part.id for part in state.chosen()]
    if chosen:
        return sections_alone(project, chosen)
    return whole_song(project, state.song.id) if state.song.frames else None


class PlayAgainActions(ArrangePart):
    """Asks for clips that play along to what is on the timeline, and puts them there.

    Signals:
        told(str): what has come of it.

    Args:
        ask: asks what to generate, along to this part.
    """

    told = Signal(str)

    def __init__(self, context: ArrangeContext, ask: Callable[[SongPart], None]) -> None:
        super().__init__(context)
        self._ask = ask
        self.again = context.keys.anywhere("Play it again, anew…", self.play_again, "Shift+G")
        self.along = context.keys.anywhere("Play along to the other lanes…", self.play_along, "Alt+G")
        context.timeline.selection_changed.connect(self._show_use)
        self._show_use()

    @property
    def actions(self) -> tuple[QAction, ...]:
        """All of them, for the menu."""
        return self.again, self.along

    def play_again(self) -> None:
        """Asks for clips that follow the selected sections, or else the whole song."""
        part = chosen_part(self._project.value, self._state)
        if part is None:
            self.problem.emit("There is nothing in this song yet to play again.")
        else:
            self._ask(part)

    def play_along(self) -> None:
        """Asks for clips that go with what other lanes play while the selected sections last."""
        part = lanes_beside(self._project.value, [part.id for part in self._state.chosen()])
        if part is None:
            self.problem.emit("Nothing lies on other lanes beside what is selected.")
        else:
            self._ask(part)

    def take(self, part: SongPart, takes: tuple[Clip, ...]) -> None:
        """Puts takes of a part where that is, in one step of undo, and plays them."""
        self._project.update(lambda value: add_clips(value, takes))
        value, fresh = place_takes(self._project.value, part, [clip.id for clip in takes])
        made = plural(len(takes), "take")
        if not fresh:
            self.told.emit(f"What was to be played again is gone, so {made} are in the list of clips.")
            return
        self._project.put("Play it again", value)
        if self._project.value != value:
            return
        placed = [section_of(value, id) for id in fresh]
        if self._state.song.id == part.song.id:
            self._state.select(fresh)
            self._timeline.reveal(placed[0][2])
            self._sound.audition(min(each.start for _, _, each in placed), max(each.end for _, _, each in placed))
        own = {each.id for lane in part.song.lanes for each in lane.sections}
        where = "in its place" if own.issuperset(fresh) else "on a lane below"
        more = ": this is the first. Ctrl+. goes to the next" if len(takes) > 1 else ""
        self.told.emit(f"{made} {where}{more}.")

    def _show_use(self) -> None:
        self.along.setEnabled(bool(self._state.chosen()))
