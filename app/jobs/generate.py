"""Generating clips in the background: they join the document as they are made."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot

from app.document.edits.made import add_clips
from app.document.model import Clip
from app.jobs.job import Job, JobList
from app.session.open_project import OpenProject
from app.studio.generation.generate import DEFAULT_PARAMETERS, SamplingParameters
from resources.progress import Cancelled, Report

__all__ = ["GenerateJob", "Order", "SamplingParameters", "generate"]

_AT_ONCE = 8
"""Clips made together: enough to keep the machine busy, few enough to hear the first ones soon."""


@dataclass(frozen=True)
class Order:
    """What to generate."""

    run: str
    epoch: int
    count: int
    seconds: float
    seed: int
    parameters: SamplingParameters = DEFAULT_PARAMETERS
    in_silence: bool = False
    """Whether the clips begin in silence, not amid the music of the album."""


class GenerateJob(Job):
    """Makes clips in groups; the document takes in each group as soon as it is there.

    Signals (in the thread of the window):
        made(object): tuple[Clip, ...], one group.
    """

    made = Signal(object)

    def __init__(self, project: OpenProject, order: Order) -> None:
        super().__init__("Generating", self._generate)
        self._project = project
        self._order = order
        self.made.connect(self._take_in)

    @Slot(object)
    def _take_in(self, clips: tuple[Clip, ...]) -> None:
        self._project.update(lambda value: add_clips(value, clips))

    def _generate(self, report: Report, cancelled: Cancelled) -> tuple[Clip, ...]:
        from app.studio.generation.generate import generate_clips

        order, folder = self._order, self._project.folder
        value = self._project.value
        clips: tuple[Clip, ...] = ()
        while len(clips) < order.count:
            done, now = len(clips), min(_AT_ONCE, order.count - len(clips))

            def report_group(fraction: float, text: str, done: int = done, now: int = now) -> None:
                report((done + fraction * now) / order.count, f"clip {done + 1} to {done + now} of {order.count}")

            group = generate_clips(
                value,
                folder,
                run=order.run,
                epoch=order.epoch,
                count=now,
                seconds=order.seconds,
                parameters=order.parameters,
                seed=order.seed + done,
                in_silence=order.in_silence,
                report=report_group,
                cancelled=cancelled,
            )
            value, clips = add_clips(value, group), (*clips, *group)
            self.tell(self.made, group)
        return clips


def generate(project: OpenProject, jobs: JobList, order: Order) -> GenerateJob:
    """Starts generating; the job finishes with tuple[Clip, ...].

    What is made joins the document whatever happens later: cancelling keeps the groups that are done.
    """
    job = GenerateJob(project, order)
    jobs.start_job(job)
    return job
