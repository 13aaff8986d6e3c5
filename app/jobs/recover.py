"""Taking up what lies in the folder of a project and its document does not know yet."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from app.document.edits.made import add_clips
from app.document.model import Clip, Project, Run
from app.document.store import ProjectFolder
from app.jobs.job import Job, JobList
from app.session.open_project import OpenProject
from resources.progress import Cancelled, Report

Found = tuple[tuple[Run, ...], tuple[Clip, ...]]


def recover(project: OpenProject, jobs: JobList) -> Job:
    """Starts looking for runs and clips that were made just before the program was killed."""

    def work(report: Report, cancelled: Cancelled) -> Found:
        from app.studio.generation.clip_files import clear_away, found_clips
        from app.studio.training.train import found_runs

        with suppress(OSError):
            clear_away(ProjectFolder(folder))
        return found_runs(folder), found_clips(folder)

    folder = project.folder
    job = jobs.start("Looking for what was made", work, quiet=True)
    job.finished.connect(partial(_take_in, project))
    return job


def _take_in(project: OpenProject, found: Found) -> None:
    project.update(lambda value: with_found(value, found))


def with_found(project: Project, found: Found) -> Project:
    """The document with what the folder knows better."""
    from app.studio.training.train import with_found_runs

    runs, clips = found
    return add_clips(with_found_runs(project, runs), clips)
