"""The model replaces the chosen stretch so that it leads to what stands after it, and plays more like it."""

from __future__ import annotations

import random

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction

from app.document.edits.made import add_clips
from app.document.edits.replacing import Passage, passage_of
from app.document.errors import UserError
from app.document.model import SONG_RATE, Clip, Section
from app.document.tree import section_of
from app.document.words import plural
from app.jobs.job import Job
from app.jobs.replacing import Replacements, more_like_section, put_in_place, replace_stretch
from app.screens.arrange.context import ArrangeContext, ArrangePart

_BESIDE = 2 * SONG_RATE
"""Frames before and after a stretch that are played with it."""
_GONE = "The clip of this section is not in the project any more."


class ReplaceActions(ArrangePart):
    """Asks the model, one request at a time, for what could stand in the place of a section, and for more like it.

    Signals:
        told(str): what has come of it.
    """

    told = Signal(str)

    def __init__(self, context: ArrangeContext) -> None:
        super().__init__(context)
        self._seeds = random.Random()
        self._job: Job | None = None
        self.replace = context.keys.anywhere("Replace this stretch", self.replace_here, "Alt+C")
        self.more = context.keys.anywhere("More like this from the model", self.more_like_this, "Alt+L")
        context.timeline.selection_changed.connect(self._show_use)
        self._show_use()

    @property
    def actions(self) -> tuple[QAction, ...]:
        """All of them, for the menu."""
        return self.replace, self.more

    def replace_here(self) -> None:
        """Replaces the selected section, or the part of it in the loop."""
        section = self._section()
        if section is None:
            return
        try:
            passage = passage_of(self._project.value, section.id, self._state.loop)
        except UserError as error:
            self.problem.emit(str(error))
            return
        except KeyError:
            self.problem.emit(_GONE)
            return
        job = replace_stretch(self._project, self._jobs, passage, self._seeds.randrange(1_000_000))
        job.finished.connect(lambda made: self._take(passage, made))
        self._follow(job)

    def more_like_this(self) -> None:
        """Makes clips that begin as the selected section does."""
        section = self._section()
        if section is None:
            return
        try:
            job = more_like_section(self._project, self._jobs, section, self._seeds.randrange(1_000_000))
        except KeyError:
            self.problem.emit(_GONE)
            return
        job.finished.connect(self._take_in)
        self._follow(job)

    def _section(self) -> Section | None:
        chosen = self._state.chosen()
        if len(chosen) != 1:
            self.problem.emit("Choose one section first.")
            return None
        return chosen[0]

    def _take(self, passage: Passage, made: Replacements) -> None:
        fresh = put_in_place(self._project, passage, made)
        if not fresh:
            self.told.emit("The section is another one by now, so what was made for it is in the list of clips.")
            return
        song, _, part = section_of(self._project.value, fresh)
        if self._state.song.id == song.id:
            self._state.select([fresh])
            self._timeline.reveal(part)
            self._sound.audition(part.start - _BESIDE, part.end + _BESIDE)
        more = " Ctrl+. goes to the next." if len(made.clips) > 1 else ""
        self.told.emit(f"{made.why}{more}".strip() or "The stretch is replaced.")

    def _take_in(self, clips: tuple[Clip, ...]) -> None:
        self._project.update(lambda value: add_clips(value, clips))
        self.told.emit(f"{plural(len(clips), 'new clip')} from where this section begins, in the list of clips.")

    def _follow(self, job: Job) -> None:
        self._job = job
        job.failed.connect(self.problem)
        job.ended.connect(self._on_ended)
        self._show_use()

    def _on_ended(self) -> None:
        self._job = None
        self._show_use()

    def _show_use(self) -> None:
        possible = self._job is None and len(self._state.chosen()) == 1
        for action in self.actions:
            action.setEnabled(possible)
