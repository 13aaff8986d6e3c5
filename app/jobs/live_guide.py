"""What live sound plays along to: worked out in the background while the sound goes on."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from app.document.guide_choice import NO_GUIDE, GuideChoice
from app.document.store import ProjectFolder
from app.jobs.job import Job, JobList
from app.session.open_project import OpenProject
from app.studio.guides.looped import Guide, guide_to_loop
from resources.progress import Cancelled, Report

__all__ = ["Guide", "LiveGuideSource"]


class LiveGuideSource(QObject):
    """Works out the guide that is chosen, one at a time.

    Attributes:
        guide: None while nothing is played along to.

    Signals:
        changed(Guide | None): this is to be played along to from now on, or nothing.
        progressed(float, str): how far it is worked out, 0..1, and what is being done.
        failed(str): why it cannot be had; nothing is played along to then.
    """

    changed = Signal(object)
    progressed = Signal(float, str)
    failed = Signal(str)

    def __init__(self, project: OpenProject, jobs: JobList, seed: int, parent: QObject) -> None:
        super().__init__(parent)
        self._project, self._jobs, self._seed = project, jobs, seed
        self._job: Job | None = None
        self.guide: Guide | None = None

    def choose(self, choice: GuideChoice) -> None:
        """Works it out; what is played along to now goes on until then. The same choice again is another guide of that
        kind, where there are several.
        """
        self.forget()
        if choice == NO_GUIDE or choice.source == "none":
            self._put(None)
            return
        self._seed += 1
        place, seed = ProjectFolder(self._project.folder), self._seed

        def work(report: Report, cancelled: Cancelled) -> Guide:
            return guide_to_loop(place, choice, seed, report, cancelled)

        self._job = self._jobs.start("Working out the guide", work, quiet=True)
        self._job.progressed.connect(self._on_progress)
        self._job.finished.connect(self._on_finished)
        self._job.failed.connect(self._on_failed)

    def forget(self) -> None:
        """Leaves off what is being worked out."""
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _put(self, guide: Guide | None) -> None:
        self.guide = guide
        self.changed.emit(guide)

    @Slot(float, str, float)
    def _on_progress(self, fraction: float, words: str, _seconds_left: float) -> None:
        if self.sender() is self._job:
            self.progressed.emit(fraction, words)

    @Slot(object)
    def _on_finished(self, guide: Guide) -> None:
        if self.sender() is self._job:
            self._job = None
            self._put(guide)

    @Slot(str)
    def _on_failed(self, why: str) -> None:
        if self.sender() is self._job:
            self._job = None
            self._put(None)
            self.failed.emit(why)
