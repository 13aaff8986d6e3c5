"""Going on from a place in a section with the model."""

from __future__ import annotations

import random

from PySide6.QtCore import QObject, Signal

from app.document.clip_names import lane_name
from app.document.edits.continuing import place_to_go_on
from app.document.edits.tree import section_of
from app.document.model import Clip, Section
from app.document.words import plural
from app.jobs.continuing import continue_section, place
from app.jobs.job import Job, JobList
from app.jobs.open_project import OpenProject
from app.screens.arrange_keys import Keys
from app.widgets.section_panel import SectionPanel
from app.widgets.timeline.scrolling import reveal
from app.widgets.timeline.view import TimelineView


class ContinueActions(QObject):
    """Lets the model go on from the selected section; one request at a time.

    Signals:
        problem(str): why there is nothing, in plain words.
        told(str): what has come of it.
    """

    problem = Signal(str)
    told = Signal(str)

    def __init__(
        self, project: OpenProject, jobs: JobList, timeline: TimelineView, panel: SectionPanel, keys: Keys
    ) -> None:
        super().__init__(timeline)
        self._project = project
        self._jobs = jobs
        self._timeline = timeline
        self._panel = panel
        self._seeds = random.Random()
        self._job: Job | None = None
        self.go_on = keys.anywhere("Continue from here with the model", self.continue_here, "C")
        panel.continue_asked.connect(self.go_on.trigger)
        timeline.selection_changed.connect(self._show_use)
        self._show_use()

    def continue_here(self) -> None:
        """From the playhead where it lies in the selected section, else from the end of that."""
        chosen = self._timeline.chosen()
        if not chosen:
            self.problem.emit("Choose the section to go on from.")
            return
        section = chosen[0]
        at = place_to_go_on(section, self._timeline.scene.playhead)
        try:
            job = continue_section(self._project, self._jobs, section, at, self._seeds.randrange(1_000_000))
        except KeyError:
            self.problem.emit("The clip of this section is not in the project any more.")
            return
        self._job = job
        job.finished.connect(lambda clips: self._take(section, at, clips))
        job.failed.connect(self.problem)
        job.ended.connect(self._on_ended)
        self._show_use()

    def _take(self, section: Section, at: int, clips: tuple[Clip, ...]) -> None:
        if not place(self._project, section.id, at, clips):
            self.told.emit("The section is gone, so its continuations are in the list of clips.")
            return
        song, _, _ = section_of(self._project.value, section.id)
        if self._timeline.song.id == song.id:
            fresh = song.lanes[-1].sections
            self._timeline.select(part.id for part in fresh)
            reveal(self._timeline, fresh[0])
        ways = plural(len(clips), "way")
        self.told.emit(f"{ways} to go on, one behind the other on lane {lane_name(len(song.lanes) - 1)}.")

    def _on_ended(self) -> None:
        self._job = None
        self._show_use()

    def _show_use(self) -> None:
        possible = self._job is None and len(self._timeline.selection) == 1
        self.go_on.setEnabled(possible)
        self._panel.show_continuing(is_under_way=self._job is not None)
