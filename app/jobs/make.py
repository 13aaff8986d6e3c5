"""“Make it for me”: a whole album made in the background, in the project that is open."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot

from app.document.edits.merging import take_in_chosen, take_in_made
from app.document.model import Project
from app.document.shelf import is_untitled_name, rename
from app.document.store import ProjectFolder
from app.jobs.import_album import demo_band_folder
from app.jobs.job import Job, JobList
from app.session.open_project import OpenProject
from app.studio.recipes.make import Made, MakeOptions
from app.studio.training.instrument import Preset, Started
from app.studio.training.train import LearningEvent
from app.studio.training.training_log import LearningLog
from resources.progress import Cancelled, Report

__all__ = ["Made", "MakeJob", "MakeOptions", "make_for_me", "options_for"]


def options_for(project: OpenProject) -> MakeOptions:
    """Options that use the album of the project, or the demo band where there is none; its release goes into it."""
    return MakeOptions(
        out=ProjectFolder(project.folder).releases, loudness=project.value.release.loudness, previews=True
    )


class MakeJob(Job):
    """One making; finishes with a `Made`.

    The document takes in each stage as it ends, beside whatever the artist does meanwhile: what was made as an update,
    which undo does not touch; songs and names as an edit.

    Attributes:
        log: what has happened in its training so far; read it in the thread of the window only.
        run: id of the run; "" until the training has begun.

    Signals (in the window's thread):
        kept(Project): the document of the making after one more stage.
        updated(): the log has grown.
    """

    kept = Signal(object)
    updated = Signal()
    is_paused = False

    _told = Signal(object)

    def __init__(self, project: OpenProject, options: MakeOptions) -> None:
        super().__init__("Make it for me", self._make)
        self._project = project
        self._options = options
        self._start = self._last = project.value
        self.log, self.run = LearningLog(), ""
        self.kept.connect(self._take_in)
        self._told.connect(self._take)
        self.ended.connect(self.log.hold)

    @property
    def preset(self) -> Preset:
        """The model that learns."""
        return self._options.as_preset()

    @property
    def is_stopping(self) -> bool:
        """Whether it was cancelled and has not ended yet."""
        return self.is_asked_to_stop

    @Slot(object)
    def _take(self, event: LearningEvent) -> None:
        self.log.take(event)
        if isinstance(event, Started):
            self.run = event.run
        self.updated.emit()

    @Slot(object)
    def _take_in(self, after: Project) -> None:
        before, self._last = self._last, after
        self._project.update(take_in_made(before, after))
        self._project.put("Make it for me", take_in_chosen(self._project.value, before, after), gesture=id(self))
        value = self._project.value
        if value.album.title and is_untitled_name(value.name):
            self._project.put("Make it for me", rename(value, value.album.title), gesture=id(self))

    def _make(self, report: Report, cancelled: Cancelled) -> Made:
        from app.studio.demo.demo import render_demo_band
        from app.studio.recipes.make import Listeners, make_in_project

        def keep(project: Project) -> None:
            self.tell(self.kept, project)

        def told(event: LearningEvent) -> None:
            self.tell(self._told, event)

        options = self._options
        if not options.sources and not self._start.album.tracks:
            render_demo_band(demo_band_folder(), lambda _, text: report(0.0, text), cancelled)
            options = replace(options, sources=(demo_band_folder(),))
        return make_in_project(self._start, self._project.folder, options, Listeners(keep, told), report, cancelled)


def make_for_me(project: OpenProject, jobs: JobList, options: MakeOptions) -> MakeJob:
    """Starts making an album."""
    job = MakeJob(project, options)
    jobs.start_job(job)
    return job
