"""What learning would take, worked out in the background."""

from __future__ import annotations

from app.jobs.job import Job, JobList
from app.studio.training.estimate import Estimate, estimate
from app.studio.training.instrument import Preset

__all__ = ["Estimate", "work_out"]


def work_out(jobs: JobList, preset: Preset) -> Job:
    """Starts working out what learning with a preset would take; the job finishes with an `Estimate`."""
    return jobs.start("Working out what it takes", lambda report, cancelled: estimate(preset), quiet=True)
