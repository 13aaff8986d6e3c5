"""Making covers in the background."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal

from app.document.edits.made import add_covers
from app.document.model import Cover
from app.jobs.job import Job, JobList
from app.session.open_project import OpenProject
from app.studio.artwork.settings import DEFAULT_SETTINGS, RELEASE_SIDE, CoverSettings
from resources.progress import Cancelled, Report

if TYPE_CHECKING:
    from PIL.Image import Image

    from app.studio.artwork.covers import Rendering

__all__ = [
    "DEFAULT_SETTINGS",
    "RELEASE_SIDE",
    "CoverJob",
    "CoverSettings",
    "make_covers",
    "make_more_like",
    "use_picture",
]


class CoverJob(Job):
    """Signals:
    previewed(object): the picture so far, RGB bytes [height, width, 3].
    made(object): candidates that are done, as a tuple of `Cover`.
    """

    previewed = Signal(object)
    made = Signal(object)


def make_covers(project: OpenProject, jobs: JobList, settings: CoverSettings, seeds: Sequence[int]) -> CoverJob:
    """Starts making candidates, one of each seed; each joins the document as soon as it is done."""

    def make(rendering: Rendering, made: Callable[[Cover], None]) -> None:
        from app.studio.artwork.covers import make_covers

        make_covers(value, folder, settings, seeds, rendering, made)

    value, folder = project.value, project.folder
    return _start(project, jobs, make)


def make_more_like(project: OpenProject, jobs: JobList, id: str, seeds: Sequence[int]) -> CoverJob:
    """The same for candidates near the one called `id`."""

    def make(rendering: Rendering, made: Callable[[Cover], None]) -> None:
        from app.studio.artwork.covers import make_more_like

        make_more_like(value, folder, id, seeds, rendering, made)

    value, folder = project.value, project.folder
    return _start(project, jobs, make)


def _start(project: OpenProject, jobs: JobList, make: Callable[[Rendering, Callable[[Cover], None]], None]) -> CoverJob:
    def work(report: Report, cancelled: Cancelled) -> None:
        from app.studio.artwork.covers import Rendering

        def preview(picture: Image) -> None:
            job.tell(job.previewed, np.array(picture))

        rendering = Rendering(report=report, cancelled=cancelled, preview=preview)
        make(rendering, lambda cover: job.tell(job.made, (cover,)))

    job = CoverJob("Artwork", work)
    job.made.connect(partial(_take_in, project))
    jobs.start_job(job)
    return job


def use_picture(project: OpenProject, jobs: JobList, path: Path) -> Job:
    """Takes a picture as it is for a candidate; the job finishes with it, in a tuple."""

    def work(report: Report, cancelled: Cancelled) -> tuple[Cover, ...]:
        from app.studio.artwork.covers import use_picture

        return (use_picture(value, folder, path),)

    value, folder = project.value, project.folder
    job = jobs.start("Artwork", work)
    job.finished.connect(partial(_take_in, project))
    return job


def _take_in(project: OpenProject, covers: tuple[Cover, ...]) -> None:
    project.update(lambda value: add_covers(value, covers))
