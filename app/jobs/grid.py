"""Making the grid of checkpoints and temperatures in the background: each row is there as soon as it is made."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal

from app.jobs.job import Job, JobList
from app.studio.generation.grid import (
    GRID_SECONDS,
    GRID_TEMPERATURES,
    MOST_ROWS,
    GridRequest,
    GridRow,
    epochs_to_compare,
    generate_grid,
)
from resources.progress import Cancelled, Report

__all__ = [
    "GRID_SECONDS",
    "GRID_TEMPERATURES",
    "MOST_ROWS",
    "GridJob",
    "GridRequest",
    "GridRow",
    "epochs_to_compare",
    "make_grid",
]


class GridJob(Job):
    """Signals (in the thread of the window):

    made(object): GridRow, one checkpoint.
    """

    made = Signal(object)

    def __init__(self, folder: Path, request: GridRequest) -> None:
        super().__init__("Comparing epochs", self._make)
        self._folder = folder
        self._request = request

    def _make(self, report: Report, cancelled: Cancelled) -> None:
        for row in generate_grid(self._folder, self._request, report, cancelled):
            self.tell(self.made, row)


def make_grid(jobs: JobList, folder: Path, request: GridRequest) -> GridJob:
    """Starts making a grid."""
    job = GridJob(folder, request)
    jobs.start_job(job)
    return job
