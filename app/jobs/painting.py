"""Painting the old lettering out in the background, as fast as boxes are marked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.document.model import Project
from app.jobs.job import Job, JobList
from app.jobs.latest import LatestOnly
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
        self._requests = LatestOnly(self._start, self, at_rest=self.ended.emit, cancels=True)

    def paint(self, project: Project) -> None:
        """Asks for the cover as this document has it; what is being painted for an older one is given up."""
        self._requests.ask(project)

    def cancel(self) -> None:
        """Gives up what is being painted."""
        self._requests.cancel()

    def _start(self, project: Project) -> Job:
        folder = self._folder

        def work(report: Report, cancelled: Cancelled) -> np.ndarray:
            from app.studio.artwork.painting import painted_pixels

            return painted_pixels(project, folder, report, cancelled)

        job = self._jobs.start("Painting out", work)
        job.progressed.connect(self.progressed)
        job.finished.connect(self.painted)
        job.failed.connect(self.failed)
        return job
