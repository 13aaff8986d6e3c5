"""Making covers in the background."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
from PySide6.QtCore import Signal

from app.document.edits.made import add_covers
from app.document.model import Cover
from app.jobs.job import Cancelled, Job, JobList, Report
from app.jobs.open_project import OpenProject


class CoverJob(Job):
    """Signals:
    previewed(object): the picture so far, RGB bytes [height, width, 3].
    made(object): candidates that are done, as a tuple of `Cover`.
    """

    previewed = Signal(object)
    made = Signal(object)


def make_covers(
    project: OpenProject,
    jobs: JobList,
    *,
    count: int,
    method: Literal["self", "photos"],
    pieces: float,
    strength: float,
    seed: int,
) -> CoverJob:
    """Starts making so many candidates, with seeds in a row; each joins the document as soon as it is done."""

    def work(report: Report, cancelled: Cancelled) -> None:
        from app.studio.covers import make_covers

        make_covers(
            value,
            folder,
            count=count,
            method=method,
            pieces=pieces,
            strength=strength,
            seed=seed,
            report=report,
            cancelled=cancelled,
            preview=lambda picture: job.tell(job.previewed, np.array(picture)),
            made=lambda cover: job.tell(job.made, (cover,)),
        )

    value, folder = project.value, project.folder
    job = CoverJob("Artwork", work)
    job.made.connect(partial(_absorb, project))
    jobs.start_job(job)
    return job


def use_picture(project: OpenProject, jobs: JobList, path: Path) -> Job:
    """Takes a picture as it is for a candidate; the job finishes with it, in a tuple."""

    def work(report: Report, cancelled: Cancelled) -> tuple[Cover, ...]:
        from app.studio.covers import use_picture

        return (use_picture(value, folder, path),)

    value, folder = project.value, project.folder
    job = jobs.start("Artwork", work)
    job.finished.connect(partial(_absorb, project))
    return job


def _absorb(project: OpenProject, covers: tuple[Cover, ...]) -> None:
    project.absorb(lambda value: add_covers(value, covers))
