"""Reading previews in the background."""

from __future__ import annotations

from pathlib import Path

from app.document.model import Clip, Project
from app.jobs.job import Job, JobList
from app.studio.training.previews import PreviewSound
from resources.progress import Cancelled, Report

__all__ = ["PreviewSound", "read_previews"]


def read_previews(jobs: JobList, project: Project, folder: Path, clips: tuple[Clip, ...]) -> Job:
    """Starts reading clips of the project in `folder`, with its finish.

    The job finishes with dict[str, PreviewSound], without those that cannot be read.
    """

    def work(report: Report, cancelled: Cancelled) -> dict[str, PreviewSound]:
        from app.studio.finish.chosen import chosen_finish
        from app.studio.training.previews import read_previews

        return read_previews(folder, clips, chosen_finish(project, folder), report, cancelled)

    return jobs.start("Listening", work, quiet=True)
