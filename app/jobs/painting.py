"""Painting the old lettering out in the background, as fast as boxes are marked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from app.document.model import Project
from app.jobs.job import Job, JobList
from app.studio.artwork.painting import old_cover
from resources.progress import Cancelled, Report

__all__ = ["PaintingOut", "old_cover"]


class PaintingOut(QObject):
    """Paints one version of the cover at a time; of several that are asked for meanwhile, only the last.

    Signals:
        painted(object): RGB bytes [height, width, 3] of the cover, as it is without what is marked.
        progressed(float, str, float): as of a job.
        failed(str): why it cannot be done.
        ended(): nothing is left to do.
    """

    painted = Signal(object)
    progressed = Signal(float, str, float)
    failed = Signal(str)
    ended = Signal()

    def __init__(self, folder: Path, jobs: JobList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder, self._jobs = folder, jobs
        self._job: Job | None = None
        self._next: Project | None = None

    def paint(self, project: Project) -> None:
        self._next = project
        if self._job is None:
            self._start()
        else:
            self._job.cancel()

    def _start(self) -> None:
        if self._next is None:
            self.ended.emit()
            return
        (project, self._next), folder = (self._next, None), self._folder

        def work(report: Report, cancelled: Cancelled) -> np.ndarray:
            from app.studio.artwork.painting import painted_pixels

            return painted_pixels(project, folder, report, cancelled)

        self._job = self._jobs.start("Painting out", work)
        self._job.progressed.connect(self.progressed)
        self._job.finished.connect(self.painted)
        self._job.failed.connect(self.failed)
        self._job.ended.connect(self._on_ended)

    @Slot()
    def _on_ended(self) -> None:
        self._job = None
        self._start()
