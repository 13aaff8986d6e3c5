"""Generating clips in the background: they join the document as they are made."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot

from app.document.edits.made import add_clips
from app.document.model import Clip
from app.jobs.job import Job, JobList
from app.session.open_project import OpenProject
from app.studio.generation.generate import ClipRequest, SamplingParameters
from resources.progress import Cancelled, Report

__all__ = ["ClipRequest", "GenerateJob", "SamplingParameters", "generate"]

_AT_ONCE = 8
"""Clips made together: enough to keep the machine busy, few enough to hear the first ones soon."""


class GenerateJob(Job):
    """Makes clips in groups; the document takes in each group as soon as it is there.

    Signals (in the thread of the window):
        made(object): tuple[Clip, ...], one group.
    """

    made = Signal(object)

    def __init__(self, project: OpenProject, request: ClipRequest) -> None:
        super().__init__("Generating", self._generate)
        self._project = project
        self._request = request
        self.made.connect(self._take_in)

    @Slot(object)
    def _take_in(self, clips: tuple[Clip, ...]) -> None:
        self._project.update(lambda value: add_clips(value, clips))

    def _generate(self, report: Report, cancelled: Cancelled) -> tuple[Clip, ...]:
        from app.studio.generation.generate import generate_clips

        request, folder = self._request, self._project.folder
        value = self._project.value
        clips: tuple[Clip, ...] = ()
        while len(clips) < request.count:
            done = len(clips)
            group = request.part(done, _AT_ONCE)

            def report_group(fraction: float, text: str, done: int = done, now: int = group.count) -> None:
                report((done + fraction * now) / request.count, f"clip {done + 1} to {done + now} of {request.count}")

            made = generate_clips(value, folder, group, report_group, cancelled)
            value, clips = add_clips(value, made), (*clips, *made)
            self.tell(self.made, made)
        return clips


def generate(project: OpenProject, jobs: JobList, request: ClipRequest) -> GenerateJob:
    """Starts generating; the job finishes with tuple[Clip, ...].

    What is made joins the document whatever happens later: cancelling keeps the groups that are done.
    """
    job = GenerateJob(project, request)
    jobs.start_job(job)
    return job
