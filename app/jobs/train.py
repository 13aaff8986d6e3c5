"""Learning in the background: the album is prepared, the trainer runs, a preview follows every epoch."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QTimer, Signal, Slot

from app.document.edits.made import add_clips, put_run_last
from app.document.model import Run
from app.jobs.job import Job, JobList
from app.session.open_project import OpenProject
from app.studio.training.instrument import (
    PRESETS,
    Control,
    Preset,
    Started,
    Step,
    album_report,
    as_chosen,
    checkpoints,
    chosen_preset,
    custom_preset,
    default_preset,
    known_linear_bits,
    old_events,
    run_preset,
)
from app.studio.training.machine import Machine, look_at_machine
from app.studio.training.previews import Preview
from app.studio.training.train import LearningEvent, Prepared, TrainingPlan, epochs_on_top, learn
from app.studio.training.training_log import LearningLog
from resources.progress import Cancelled, Report

__all__ = [
    "PRESETS",
    "LearningLog",
    "Machine",
    "Preset",
    "TrainingJob",
    "TrainingPlan",
    "album_report",
    "as_chosen",
    "checkpoints",
    "chosen_preset",
    "custom_preset",
    "default_preset",
    "epochs_on_top",
    "inspect_machine",
    "old_log",
    "plan_to_go_on",
    "run_preset",
    "start_training",
]

_LOOK_EVERY_MS = 100
_LOOK_AT_MACHINE_EVERY = 5.0


class TrainingJob(Job):
    """One training, from the tracks to the last checkpoint.

    The worker leaves what happens in a queue; ten times a second the thread of the window takes it out, so that a
    fast trainer never floods it.

    Attributes:
        plan: what was asked for.
        run: id of the run; "" until the trainer has begun.
        log: what has happened so far; read it in the thread of the window only.

    Signals (in the thread of the window):
        updated(): the log has grown, or the training was paused or goes on.
        noted(str): something the artist should know.
        machine_seen(Machine): the machine at work, now and then.
    """

    updated = Signal()
    noted = Signal(str)
    machine_seen = Signal(object)

    def __init__(self, project: OpenProject, plan: TrainingPlan, log: LearningLog) -> None:
        super().__init__("Learning", self._learn)
        self.plan, self.log = plan, log
        self.run = plan.run
        self.is_stopping = False
        self._project, self._folder = project, project.folder
        self._control = Control()
        self._queue: deque[LearningEvent | Machine] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.take_events)
        # first of all: whoever hears of the end finds the log complete
        self.finished.connect(self.take_events)
        self.ended.connect(self._on_ended)

    def begin(self) -> None:
        """Starts the thread."""
        self._timer.start()
        super().begin()

    # in the thread of the window

    @property
    def preset(self) -> Preset:
        """The model that learns."""
        return self.plan.preset

    @property
    def is_paused(self) -> bool:
        """Whether it waits between two steps."""
        return self._control.paused

    @property
    def is_learning(self) -> bool:
        """False while the album is still being prepared."""
        return self.log.started is not None

    def pause(self) -> None:
        """Waits after the step in hand until `go_on`."""
        self._control.pause()
        self.log.hold()
        self.updated.emit()

    def go_on(self) -> None:
        """Ends a pause."""
        self._control.unpause()
        if self.is_learning:
            self.log.go_on()
        self.updated.emit()

    def cancel(self) -> None:
        """Stops after the step in hand; what has been learnt is kept in a checkpoint."""
        self.is_stopping = True
        self._control.stop()
        super().cancel()
        self.updated.emit()

    def wait(self, seconds: float | None = None) -> bool:
        """Also takes in what happened last, so that nothing is lost where the window closes."""
        has_ended = super().wait(seconds)
        if has_ended:
            self.take_events()
        return has_ended

    @Slot()
    def take_events(self) -> None:
        """Takes what has happened since the last time into the log and the document."""
        events = [self._queue.popleft() for _ in range(len(self._queue))]
        if not events:
            return
        for event in events:
            self._take(event)
        self._tell()
        self.updated.emit()

    def _take(self, event: LearningEvent | Machine) -> None:
        match event:
            case Prepared():
                return
            case Preview():
                self.log.take(event)
                made = (event.clip,) if event.clip is not None else ()
                self._project.update(lambda value: add_clips(value, made))
                return
            case Run():
                self._update_run(event)
                return
            case Machine():
                self.machine_seen.emit(event)
                return
        notes = len(self.log.notes)
        self.log.take(event)
        for note in self.log.notes[notes:]:
            self.noted.emit(note)
        if isinstance(event, Started):
            self.run = event.run
            if self.is_paused:
                self.log.hold()

    def _update_run(self, run: Run) -> None:
        self._project.update(lambda value: put_run_last(value, run))

    def _tell(self) -> None:
        step = self.log.step
        if step is None:
            return
        self.fraction = step.fraction
        self.text = f"epoch {step.epoch} · {self._bits(step.bits):.3f} bits"
        self.seconds_left = -1.0 if step.seconds_left is None or self.is_paused else step.seconds_left
        if self.is_paused:
            self.text += " · paused"
        self.progressed.emit(self.fraction, self.text, self.seconds_left)

    def _bits(self, training: float) -> float:
        return self.log.last.held_out_bits if self.log.last else training

    @Slot()
    def _on_ended(self) -> None:
        self._timer.stop()
        self.log.hold()
        self.take_events()

    # in the worker's thread

    def _learn(self, report: Report, cancelled: Cancelled) -> None:
        looked = 0.0
        for event in learn(lambda: self._project.value, self._folder, self.plan, self._control, report):
            self._queue.append(event)
            if isinstance(event, Started | Step) and time.monotonic() - looked >= _LOOK_AT_MACHINE_EVERY:
                looked = time.monotonic()
                self._queue.append(look_at_machine())


def start_training(
    project: OpenProject, jobs: JobList, plan: TrainingPlan, log: LearningLog | None = None
) -> TrainingJob:
    """Starts learning; `log` is that of the old run where one is gone on with."""
    job = TrainingJob(project, plan, log or LearningLog())
    jobs.start_job(job)
    return job


def plan_to_go_on(plan: TrainingPlan, log: LearningLog) -> TrainingPlan:
    """The plan of a further sitting: minutes are so many more, epochs as `epochs_on_top` has them."""
    return plan if plan.epochs is None else replace(plan, epochs=epochs_on_top(plan.epochs, log.epoch))


def inspect_machine(jobs: JobList) -> Job:
    """Starts looking at the machine, which may take torch a moment; the job finishes with a `Machine`."""
    return jobs.start("Looking at the machine", lambda report, cancelled: look_at_machine(), quiet=True)


def old_log(jobs: JobList, folder: Path, run: str) -> Job:
    """Starts reading back an old training; the job finishes with its `LearningLog`."""

    def work(report: Report, cancelled: Cancelled) -> LearningLog:
        log = LearningLog()
        preset = run_preset(folder, run)
        if preset is not None:
            log.know_steps_per_epoch(preset.train.steps_per_epoch)
            log.linear = known_linear_bits(folder, preset)
        for event in old_events(folder, run):
            log.take(event)
        return log

    return jobs.start("Reading the last training", work, quiet=True)
