"""Whether an open project can be saved, tried in the background."""

from __future__ import annotations

from app.document.writable import try_writing
from app.jobs.job import Job, JobList
from app.session.open_project import OpenProject
from resources.progress import Cancelled, Report


def try_saving(project: OpenProject, jobs: JobList) -> Job:
    """Starts trying; the job fails with what is wrong where nothing can be saved."""

    def work(report: Report, cancelled: Cancelled) -> None:
        try_writing(folder)

    folder = project.folder
    return jobs.start("Looking whether it can be saved", work, quiet=True)
