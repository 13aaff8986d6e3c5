"""Taking in the clips that were made just before the program was killed."""

from __future__ import annotations

from app.document.edits.made import add_clips
from app.document.model import Clip
from app.jobs.job import Cancelled, Job, JobList, Report
from app.jobs.open_project import OpenProject


def take_in_found_clips(project: OpenProject, jobs: JobList) -> Job:
    """Starts looking through the clips on the disk; those that the document does not know join it."""
    folder = project.folder

    def work(report: Report, cancelled: Cancelled) -> tuple[Clip, ...]:
        from app.studio.generating import found_clips

        return found_clips(folder)

    def take_in(clips: tuple[Clip, ...]) -> None:
        project.absorb(lambda value: add_clips(value, clips))

    job = jobs.start("Looking through the clips", work)
    job.finished.connect(take_in)
    return job
