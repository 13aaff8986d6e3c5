"""Handing songs over to a studio in the background."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.document.studio_form import StudioForm
from app.jobs.job import Job, JobList
from app.session.open_project import OpenProject
from resources.progress import Cancelled, Report

if TYPE_CHECKING:
    from app.studio.sessions.handing_over import HandedOver


def hand_over(project: OpenProject, jobs: JobList, out: Path, form: StudioForm) -> Job:
    """Starts writing stems or sessions into a new folder in `out`; the job finishes with a `HandedOver`."""

    def work(report: Report, cancelled: Cancelled) -> HandedOver:
        from app.studio.sessions.handing_over import hand_over

        return hand_over(value, folder, out, form, report=report, cancelled=cancelled)

    value, folder = project.value, project.folder
    return jobs.start("Hand over", work)
