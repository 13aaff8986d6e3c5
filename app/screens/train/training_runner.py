"""The training of the Train screen: started, gone on with, paused and stopped."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from app.document.model import Run
from app.jobs.job import Job, JobList
from app.jobs.make import MakeJob
from app.jobs.train import LearningLog, TrainingJob, plan_to_go_on, run_preset, start_training
from app.screens.train.facts import AtWork
from app.screens.train.panel import TrainPanel
from app.session.open_project import OpenProject


class TrainingRunner(QObject):
    """Starts trainings as the panel asks for them, one at a time, and says what has come of each.

    Attributes:
        job: the training that was started here, while it runs.
        made: “Make it for me” while it runs: its training is shown, too.

    Signals:
        begun(): `job` has started.
        updated(), made_updated(): the training of `job`, or of `made`, has gone on; about ten times a second.
        ended(): `job`, or `made`, is over, and None again.
        jobs_changed(): some job has started or ended; what may be pressed can be another.
        preparing(float, str): progress before the training itself: the fraction, and the words for it.
        machine_seen(Machine): what the training saw of the machine.
        say(str, str): a message that shows for a while: the text, and its kind "good", "bad" or "".
    """

    begun = Signal()
    updated = Signal()
    made_updated = Signal()
    ended = Signal()
    jobs_changed = Signal()
    preparing = Signal(float, str)
    machine_seen = Signal(object)
    say = Signal(str, str)

    def __init__(self, project: OpenProject, jobs: JobList, panel: TrainPanel, parent: QObject) -> None:
        super().__init__(parent)
        self.job: TrainingJob | None = None
        self.made: MakeJob | None = None
        self._project, self._jobs, self._panel = project, jobs, panel
        jobs.started.connect(self._on_job_started)
        jobs.ended.connect(self._on_job_ended)

    def at_work(self) -> AtWork | None:
        """The job that trains a model now, if any: ours, or “Make it for me” once it has come to that."""
        if self.job is not None:
            return self.job
        return self.made if self.made is not None and self.made.run else None

    def may_learn(self) -> bool:
        """Only one model learns at a time: "Make it for me" may be at work on this very run."""
        is_made = any(isinstance(job, MakeJob) for job in self._jobs.running)
        return self.job is None and not is_made and self.has_tracks()

    def has_tracks(self) -> bool:
        """Whether there is an album to learn from."""
        return any(track.on for track in self._project.value.album.tracks)

    def newest(self) -> Run | None:
        """The run that was trained last."""
        return next(reversed(self._project.value.runs), None)

    def start(self) -> None:
        """Starts a new run."""
        if self.may_learn():
            self._begin(start_training(self._project, self._jobs, self._panel.plan()))

    def resume(self, log: LearningLog) -> None:
        """Goes on with the newest run exactly where it stopped, with its own model, whichever is chosen now.

        Args:
            log: of that run.
        """
        newest = self.newest()
        if newest is not None and self.may_learn():
            plan = plan_to_go_on(self._panel.plan(newest.id), log)
            preset = run_preset(self._project.folder, newest.id)
            if preset is not None and preset != plan.preset:
                plan = replace(plan, preset=preset)
                self._panel.show_model(preset)
            self._begin(start_training(self._project, self._jobs, plan, log))

    @Slot()
    def toggle_pause(self) -> None:
        """Pauses the training, or continues it."""
        if self.job is None or not self.job.is_learning:
            return
        if self.job.is_paused:
            self.job.go_on()
        else:
            self.job.pause()

    @Slot()
    def stop(self) -> None:
        """Stops the training; a checkpoint keeps what has been learnt."""
        if self.job is not None:
            self.job.cancel()

    def _begin(self, job: TrainingJob) -> None:
        self.job = job
        job.updated.connect(self.updated)
        job.noted.connect(self._on_note)
        job.machine_seen.connect(self.machine_seen)
        job.progressed.connect(self._on_progress)
        job.failed.connect(self._on_failed)
        job.finished.connect(self._on_finished)
        job.ended.connect(self._on_ended)
        self.begun.emit()

    @Slot(object)
    def _on_job_started(self, job: Job) -> None:
        if isinstance(job, MakeJob):
            self.made = job
            job.updated.connect(self.made_updated)
        self.jobs_changed.emit()

    @Slot(object)
    def _on_job_ended(self, job: Job) -> None:
        if job is self.made:
            self.made = None
            self.ended.emit()
        self.jobs_changed.emit()

    @Slot(float, str, float)
    def _on_progress(self, fraction: float, text: str, _seconds_left: float) -> None:
        if self.job is not None and not self.job.is_learning:
            self.preparing.emit(fraction, text)

    @Slot(str)
    def _on_note(self, text: str) -> None:
        self.say.emit(text, "")

    @Slot(str)
    def _on_failed(self, why: str) -> None:
        self.say.emit(why, "bad")

    @Slot()
    def _on_finished(self) -> None:
        finished = self.job.log.finished if self.job is not None else None
        if self.job is not None and finished is not None and finished.reason != "stopped":
            self.say.emit(f"Learnt {self.job.log.epochs_in_words()}. Now make clips and arrange them.", "good")

    @Slot()
    def _on_ended(self) -> None:
        self.job = None
        self.ended.emit()
