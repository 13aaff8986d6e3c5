"""Going on from a place in a section with the model, and choosing among the ways to go on."""

from __future__ import annotations

import random

from PySide6.QtCore import Signal

from app.document.edits.continuing import choice_of, choose_alternatives, place_to_go_on
from app.document.model import SONG_RATE, Clip, Section
from app.document.tree import section_of
from app.document.words import plural
from app.jobs.continuing import CONTINUATIONS, continue_section, place
from app.jobs.job import Job
from app.screens.arrange.context import ArrangeContext, ArrangePart
from app.widgets.dialogs.questions import ask_number

_MOST = 12
_RUN_UP = 2 * SONG_RATE
"""Frames before a continuation that are played with it."""


class ContinueActions(ArrangePart):
    """Lets the model continue the selected section, one request at a time, and changes among the continuations.

    Signals:
        told(str): what has come of it.
    """

    told = Signal(str)

    def __init__(self, context: ArrangeContext) -> None:
        super().__init__(context)
        timeline, panel, keys = context.timeline, context.panel, context.keys
        self._seeds = random.Random()
        self._count = CONTINUATIONS
        self._job: Job | None = None
        self.go_on = keys.anywhere("Continue from here with the model", self.continue_here, "C")
        self.go_on_as_often = keys.anywhere("Continue in so many ways\u2026", self.ask_and_continue, "Shift+C")
        self.before = keys.anywhere("The way to go on before", lambda: self.change(-1), "Ctrl+,")
        self.next = keys.anywhere("The next way to go on", lambda: self.change(1), "Ctrl+.")
        panel.continue_asked.connect(self.go_on.trigger)
        panel.alternatives.step_asked.connect(self.change)
        timeline.selection_changed.connect(self.show_use)
        self.show_use()

    def ask_and_continue(self) -> None:
        """Asks how many continuations to make, and makes them."""
        count = ask_number(self._timeline, "Continue from here", "In how many ways?", self._count, 1, _MOST)
        if count is not None:
            self._count = count
            self.continue_here()

    def continue_here(self) -> None:
        """Continues from the playhead where it lies in the selected section, else from the end of the section."""
        chosen = self._state.chosen()
        if not chosen:
            self.problem.emit("Choose the section to go on from.")
            return
        section = chosen[0]
        at = place_to_go_on(section, self._state.playhead)
        seed = self._seeds.randrange(1_000_000)
        try:
            job = continue_section(self._project, self._jobs, section, at, seed, self._count)
        except KeyError:
            self.problem.emit("The clip of this section is not in the project any more.")
            return
        self._job = job
        job.finished.connect(lambda clips: self._take(section, at, clips))
        job.failed.connect(self.problem)
        job.ended.connect(self._on_ended)
        self.show_use()

    def _take(self, section: Section, at: int, clips: tuple[Clip, ...]) -> None:
        fresh = place(self._project, section, at, clips)
        if not fresh:
            self.told.emit("The section is gone, so its continuations are in the list of clips.")
            return
        song, _, part = section_of(self._project.value, fresh)
        if self._state.song.id == song.id:
            self._state.select([fresh])
            self._timeline.reveal(part)
            self._sound.audition(part.start - _RUN_UP, part.end)
        ways = plural(len(clips), "way")
        more = ": this is the first. Ctrl+. goes to the next" if len(clips) > 1 else ""
        self.told.emit(f"{ways} to go on{more}.")

    def change(self, by: int) -> None:
        """Puts another continuation in the place of the selected one, and plays it."""
        ids = [part.id for part in self._state.chosen()]
        value = choose_alternatives(self._project.value, ids, by)
        if value == self._project.value:
            self.problem.emit("There is no other way to go on here. Continue from a section with the model first.")
            return
        self._project.put("Another way to go on", value)
        changed = [section_of(value, id)[2] for id in ids]
        self._sound.audition(min(part.start for part in changed) - _RUN_UP, max(part.end for part in changed))

    def _on_ended(self) -> None:
        self._job = None
        self.show_use()

    def show_use(self) -> None:
        """Shows what can be done with what is selected now."""
        chosen = self._state.chosen()
        possible = self._job is None and len(chosen) == 1
        self.go_on.setEnabled(possible)
        self.go_on_as_often.setEnabled(possible)
        self._panel.show_continuing(is_under_way=self._job is not None)
        place, count = choice_of(self._project.value, chosen[0]) if len(chosen) == 1 else (0, 0)
        self._panel.alternatives.show_choice(place, count)
