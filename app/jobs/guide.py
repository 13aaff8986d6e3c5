"""Working out a guide in the background, to be seen and heard before clips play along to it."""

from __future__ import annotations

from app.document.guide_choice import GuideChoice
from app.document.store import ProjectFolder
from app.jobs.job import Job, JobList
from app.session.open_project import OpenProject
from app.studio.guides.preview import GuidePreview
from resources.progress import Cancelled, Report

__all__ = ["GuidePreview", "work_out_guide"]


def work_out_guide(project: OpenProject, jobs: JobList, choice: GuideChoice, seconds: float, seed: int) -> Job:
    """Starts working out what a clip of this length and seed would play along to; the job finishes with a
    `GuidePreview`, or fails with why there is none.
    """

    def work(report: Report, cancelled: Cancelled) -> GuidePreview:
        from app.studio.guides.preview import preview_guide

        return preview_guide(ProjectFolder(project.folder), choice, seconds, seed, report, cancelled)

    return jobs.start("Working out the guide", work, quiet=True)
