"""Playing sections again with the model, or along to the lanes beside them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction

from app.document.model import Project
from app.document.song_part import SongPart, lanes_beside, sections_alone, whole_song
from app.screens.arrange.context import ArrangeContext, ArrangePart
from app.widgets.timeline.state import TimelineState


def chosen_part(project: Project, state: TimelineState) -> SongPart | None:
    """The sections that are selected on a timeline, or else its song; None where that is empty."""
    chosen = [part.id for part in state.chosen()]
    if chosen:
        return sections_alone(project, chosen)
    return whole_song(project, state.song.id) if state.song.frames else None


class PlayAgainActions(ArrangePart):
    """Asks for clips that play along to what is on the timeline.

    Args:
        ask: asks what to generate, along to this part.
    """

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

    def _show_use(self) -> None:
        self.along.setEnabled(bool(self._state.chosen()))
