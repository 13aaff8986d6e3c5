"""Making the drums that a beat is heard with while it is drawn, in the background: it takes a moment the first time."""

from __future__ import annotations

from app.jobs.job import Job, JobList
from app.studio.demo.kit import Kit, beat_kit
from resources.progress import Cancelled, Report

__all__ = ["Kit", "make_beat_kit"]


def make_beat_kit(jobs: JobList) -> Job:
    """Starts making them; the job finishes with a `Kit`."""

    def work(_report: Report, _cancelled: Cancelled) -> Kit:
        return beat_kit()

    return jobs.start("Making the drums", work, quiet=True)
