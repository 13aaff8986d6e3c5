"""Finding the lost file of a clip, in the background."""

from __future__ import annotations

from pathlib import Path

from app.document.model import Clip
from app.jobs.job import Job, JobList
from app.session.open_project import OpenProject
from resources.progress import Cancelled, Report


def locate(project: OpenProject, jobs: JobList, clip: Clip, path: Path) -> Job:
    """Starts putting the sound of a file where that of a clip should be; see `studio.locating`."""
    folder = project.folder

    def work(report: Report, cancelled: Cancelled) -> None:
        from app.studio.generation.locating import locate_clip

        locate_clip(folder, clip, path, report=report, cancelled=cancelled)

    return jobs.start("Finding a clip", work)
