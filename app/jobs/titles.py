"""Inventing titles in the background."""

from __future__ import annotations

from functools import partial
from typing import Literal

from app.document.edits.made import add_titles
from app.document.model import Title
from app.jobs.job import Job, JobList
from app.session.open_project import OpenProject
from resources.progress import Cancelled, Report


def invent_titles(
    project: OpenProject, jobs: JobList, *, count: int, order: int, by: Literal["letter", "word"], seed: int
) -> Job:
    """Starts inventing; what comes out is put before the titles that are there.

    The job finishes with (the new titles, a plain note or "").
    """

    def work(report: Report, cancelled: Cancelled) -> tuple[tuple[Title, ...], str]:
        from app.studio.titles.naming import invent_titles

        return invent_titles(value, count=count, order=order, by=by, seed=seed, cancelled=cancelled)

    value = project.value
    job = jobs.start("Titles", work)
    job.finished.connect(partial(_take_in, project))
    return job


def invent_name(project: OpenProject, jobs: JobList, *, of: Literal["album", "artist"], seed: int) -> Job:
    """Starts inventing a name in the manner of the catalogue; the job finishes with it."""

    def work(report: Report, cancelled: Cancelled) -> str:
        from app.studio.titles.naming import album_name, artist_name

        return album_name(value, seed=seed) if of == "album" else artist_name(value, seed=seed)

    value = project.value
    return jobs.start("Titles", work)


def _take_in(project: OpenProject, made: tuple[tuple[Title, ...], str]) -> None:
    project.update(lambda value: add_titles(value, made[0]))
