"""Layering on the Arrange screen: takes side by side in stereo, accents onto accents."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QAction

from app.document.edits.layers import Take, takes_of_clips, takes_of_sections
from app.document.model import Song
from app.jobs.job import Job
from app.jobs.layering import align_accents, layer_to_stereo, take_over
from app.screens.arrange.context import ArrangeContext, ArrangePart


class LayerActions(ArrangePart):
    """Layers what was chosen last: sections on the timeline, or clips in the list.

    Args:
        need_song: makes a song where there is none.
    """

    def __init__(self, context: ArrangeContext, need_song: Callable[[], None]) -> None:
        super().__init__(context)
        self._need_song = need_song
        self._clips_were_last = False
        self._job: Job | None = None
        self.layer = context.keys.anywhere("Layer to stereo", partial(self.layer_chosen, keep_aligned=False), "T")
        self.keep = context.keys.anywhere(
            "Layer to stereo and keep aligned", partial(self.layer_chosen, keep_aligned=True), "Shift+T"
        )
        self.align = context.keys.anywhere("Align accents", self.align_chosen, "A")
        context.timeline.selection_changed.connect(self._on_sections)
        context.clips.list.selectionModel().selectionChanged.connect(self._on_clips)
        self._show_use()

    @property
    def actions(self) -> tuple[QAction, ...]:
        """All of them, for the menu."""
        return self.layer, self.keep, self.align

    def layer_chosen(self, *, keep_aligned: bool) -> None:
        """Puts the chosen takes on lanes panned apart, accents on accents."""
        if self._clips_were_last and not self._state.song.id:
            self._need_song()
        takes = self._takes()
        if len(takes) < 2:
            self.problem.emit("Choose two or more sections, or clips in the list, to layer.")
            return
        song = self._state.song.id
        job = layer_to_stereo(self._project, self._jobs, song, takes, keep_aligned=keep_aligned)
        self._follow(job, "Layer to stereo", {part.id for take in takes for part in take})

    def align_chosen(self) -> None:
        """Moves the chosen sections onto the accents of what sounds with them."""
        chosen = {part.id for part in self._state.chosen()}
        if not chosen:
            self.problem.emit("Choose the sections to align.")
            return
        job = align_accents(self._project, self._jobs, self._state.song.id, chosen)
        self._follow(job, "Align accents", chosen)

    def _takes(self) -> tuple[Take, ...]:
        if self._clips_were_last:
            playhead = self._state.playhead
            return takes_of_clips(self._project.value, self._clips.list.chosen(), playhead)
        return takes_of_sections(self._state.song, self._state.selection)

    def _follow(self, job: Job, name: str, ids: set[str]) -> None:
        """Makes the result of the job one edit, and selects the sections it was about."""
        self._job = job
        before = self._project.value.songs
        job.finished.connect(lambda song: self._take_over(name, before, song, ids))
        job.failed.connect(self.problem)
        job.ended.connect(self._on_ended)
        self._show_use()

    def _take_over(self, name: str, before: tuple[Song, ...], song: Song, ids: set[str]) -> None:
        known = {part.id for old in before for lane in old.lanes for part in lane.sections}
        if song in before:
            self.problem.emit("Their accents meet already.")
        elif not take_over(self._project, name, before, song):
            self.problem.emit("The song was changed meanwhile. Do it again.")
        elif self._state.song.id == song.id:
            fresh = {part.id for lane in song.lanes for part in lane.sections} - known
            self._state.select(ids | fresh)
            for part in reversed(self._state.chosen()):
                self._timeline.reveal(part)

    def _on_ended(self) -> None:
        self._job = None
        self._show_use()

    def _on_sections(self) -> None:
        if self._state.selection:
            self._clips_were_last = False
        self._show_use()

    def _on_clips(self) -> None:
        if len(self._clips.list.chosen()) > 1:
            self._clips_were_last = self._clips.list.hasFocus() or not self._state.selection
        elif self._state.selection:
            self._clips_were_last = False
        self._show_use()

    def _show_use(self) -> None:
        free = self._job is None
        layers = len(self._clips.list.chosen()) if self._clips_were_last else len(self._state.selection)
        for action in (self.layer, self.keep):
            action.setEnabled(free and layers > 1)
        self.align.setEnabled(free and bool(self._state.selection))
