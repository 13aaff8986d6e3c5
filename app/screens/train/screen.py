"""Train: the model learns the album, and the artist watches and listens."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QSignalBlocker, QTimer, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from app.document.changes import EVERYTHING, Changes
from app.document.edits.made import choose_learning
from app.jobs.estimate import Estimate, work_out
from app.jobs.job import Job, JobList
from app.jobs.recover import recover
from app.jobs.train import LearningLog, Machine, Preset, TrainingJob, inspect_machine, old_log, run_preset
from app.playback.player import Player
from app.screens.screen import Screen
from app.screens.train.facts import disk_use, show_album, show_machine, show_numbers, what_it_takes
from app.screens.train.head import TrainHead
from app.screens.train.model_words import badge_words
from app.screens.train.panel import TrainPanel
from app.screens.train.previews import PreviewList
from app.screens.train.training_runner import TrainingRunner
from app.session.open_project import OpenProject
from app.widgets.basics import button, column, empty_page, label, row
from app.widgets.dialogs.fitting import MinimumSizeArea
from app.widgets.plots.curves import LearningCurves
from app.widgets.plots.loss_plot import LossPlot
from app.widgets.plots.stat_cards import StatRow

_SECOND_MS = 1_000
_ROOM_FOR_BADGE = 640
_DRAW_EVERY_MS = 500
"""Drawing the plot is the dearest thing the window does while a model learns on all cores."""


class TrainScreen(Screen):
    """Start, pause, stop and resume learning; see the loss; hear every checkpoint."""

    name = "train"
    shown_parts = frozenset(("name", "album", "runs", "learning", "clips"))

    def __init__(self, project: OpenProject, jobs: JobList, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(project, jobs, player, parent)
        self.log = LearningLog()
        self._machine: Machine | None = None
        self._estimate: Estimate | None = None
        self._working_out: Job | None = None
        self._drawn = QElapsedTimer()
        self._drawn.start()
        self._run = ""
        self._reading: Job | None = None
        self.panel = TrainPanel()
        self.learning = TrainingRunner(project, jobs, self.panel, self)
        self.head = TrainHead()
        self.start, self.resume, self.again = self.head.start, self.head.resume, self.head.again
        self.pause, self.stop = self.head.pause, self.head.stop
        for pressed, does in (
            (self.start, self.start_learning),
            (self.resume, self.resume_learning),
            (self.again, self.start_learning),
            (self.pause, self.learning.toggle_pause),
            (self.stop, self.learning.stop),
        ):
            pressed.clicked.connect(does)
        self.stats = StatRow("Epoch", "Held-out", "Best", "Elapsed", "Left")
        self.plot = LossPlot()
        self.previews = PreviewList(project, jobs, player)
        self.previews.say.connect(self.say)
        self.previews.live_asked.connect(self.live_asked)
        if project.value.learning is not None:
            self.panel.restore(project.value.learning)
        self.panel.changed.connect(self._on_chosen)
        self._pages = QStackedLayout()
        self._pages.addWidget(self._empty_page())
        self._pages.addWidget(self._learning_page())
        left = QWidget()
        left.setLayout(self._pages)
        self.setLayout(row(left, self.panel, spacing=0))
        self._ticking = QTimer(self)
        self._ticking.setInterval(_SECOND_MS)
        self._ticking.timeout.connect(self._tick)
        self._make_actions()
        self._connect_learning()
        recover(project, jobs)

    def _connect_learning(self) -> None:
        learning = self.learning
        learning.begun.connect(self._on_begun)
        learning.updated.connect(self._on_updated)
        learning.made_updated.connect(self._on_made)
        learning.ended.connect(self._on_ended)
        learning.jobs_changed.connect(self._show)
        learning.machine_seen.connect(self._on_machine)
        learning.preparing.connect(self.head.show_progress)
        learning.say.connect(self.say)

    @property
    def job(self) -> TrainingJob | None:
        """The training that was started here, while it runs."""
        return self.learning.job

    def _empty_page(self) -> QWidget:
        words = label("The model learns from an album. Drop one in first.", "dim")
        self.to_album = button("Go to the album", "primary")
        self.to_album.clicked.connect(lambda: self.go.emit("album"))
        return empty_page("Nothing to learn from yet", words, self.to_album)

    def _learning_page(self) -> QWidget:
        body = column(self.head, self.stats, self.plot, self.previews, spacing=14, margins=(20, 18, 20, 18))
        body.setStretch(2, 5)
        body.setStretch(3, 6)
        return MinimumSizeArea(body)

    def _make_actions(self) -> None:
        for text, key, does in (
            ("Start or resume learning", "Ctrl+Return", self.start_or_resume),
            ("Pause or continue learning", "Ctrl+P", self.learning.toggle_pause),
            ("Stop learning", "Ctrl+.", self.learning.stop),
            ("Play the whole learning", "Ctrl+L", self.previews.toggle_all),
        ):
            self.add_key(text, key, does)

    # what the window asks

    def rail_note(self) -> str:
        newest = self.learning.newest()
        return f"epoch {newest.epoch}" if newest and newest.epoch else ""

    def entered(self) -> None:
        next(each for each in (self.start, self.resume, self.stop, self.to_album, self) if each.isVisible()).setFocus()

    def play(self) -> None:
        self.previews.toggle_all()

    # what the artist does

    @Slot()
    def start_learning(self) -> None:
        """Starts a new run."""
        self.learning.start()

    @Slot()
    def resume_learning(self) -> None:
        """Goes on with the newest run."""
        self.learning.resume(self.log)

    @Slot()
    def start_or_resume(self) -> None:
        if self.resume.isVisibleTo(self):
            self.resume_learning()
        else:
            self.start_learning()

    # what the jobs say

    @Slot()
    def _on_begun(self) -> None:
        if self.job is not None:
            self.log = self.job.log
        # not to the next button: a second Return must not stop what the first has started
        self.setFocus()
        self._show_curves()
        self._show()

    @Slot()
    def _on_made(self) -> None:
        """The learning of “Make it for me” has gone on."""
        made = self.learning.made
        if made is None or not made.run or not self.isVisible():
            return
        if self._run != made.run:
            self._on_changed()
        if self._drawn.elapsed() >= _DRAW_EVERY_MS:
            self._show_curves()
        self._show()

    @Slot()
    def _on_updated(self) -> None:
        if self.job is not None:
            self._run = self.job.run
        if not self.isVisible():
            return
        if self._drawn.elapsed() >= _DRAW_EVERY_MS:
            self._show_curves()
        self._show()

    @Slot(str)
    def _on_failed(self, why: str) -> None:
        self.say.emit(why, "bad")

    @Slot()
    def _on_ended(self) -> None:
        """The training that was shown is over: of this screen, or of “Make it for me”."""
        self._on_changed()
        self._show_curves()

    # what is shown

    @Slot()
    def _on_chosen(self) -> None:
        """Another model or another length: remembered with the project."""
        chosen = self.panel.chosen()
        self.project.update(lambda value: choose_learning(value, chosen))
        self._on_changed()

    def show_changes(self, changes: Changes) -> None:
        self._on_changed()

    def _on_changed(self) -> None:
        if not self.isVisible():
            return  # all of it is shown anew when the screen is
        newest = self.learning.newest()
        learning = self.project.value.learning
        at_work = self.learning.at_work()
        # a run that is gone on with has its own model, whichever is chosen for the next one
        if at_work is None and learning is not None and learning != self.panel.chosen():
            self.panel.restore(learning)
        run = at_work.run if at_work is not None else newest.id if newest else ""
        if at_work is not None:
            self.log = at_work.log
        if run != self._run:
            self._run = run
            if at_work is None:
                self._read_old(run)
        self.previews.show_run(run, self.log.cut_short)
        self._show_facts()
        self._show()

    def _read_old(self, run: str) -> None:
        """An old training is read back from the disk, so that the plot shows its whole history."""
        self.log = LearningLog()
        if not run:
            return
        preset = run_preset(self.project.folder, run)
        if preset is not None and self.project.value.learning is None:
            with QSignalBlocker(self.panel):
                self.panel.choose(preset)
        self._reading = old_log(self.jobs, self.project.folder, run)
        self._reading.finished.connect(self._on_old_log)
        self._reading.failed.connect(self._on_failed)

    @Slot(object)
    def _on_old_log(self, log: LearningLog) -> None:
        if self.learning.at_work() is None and self.sender() is self._reading:
            self.log = log
            self.previews.show_run(self._run, log.cut_short)
            self._show_curves()
            self._show()

    def _show_curves(self) -> None:
        self._drawn.restart()
        self.plot.show_curves(LearningCurves(self.log.training_curve(), self.log.held_out_curve(), self.log.linear))

    @Slot()
    def _show(self) -> None:
        self._pages.setCurrentIndex(1 if self.learning.has_tracks() or self.learning.newest() else 0)
        album = self.project.value.album
        title = f"Learning “{album.title or self.project.value.name}”"
        self.head.show_title(title, badge_words(self._preset()))
        self.panel.lock(self.job is not None)
        self.head.show_buttons(
            self.job, resumable=self.learning.newest() is not None, may_learn=self.learning.may_learn()
        )
        show_numbers(self.stats, self.log, self.learning.at_work())

    def _show_facts(self) -> None:
        """What has to be read from the disk or asked of the machine: not ten times a second."""
        show_machine(self.panel.machine, self._machine, self.log, self._preset(), self._estimate)
        show_album(self.panel.album, self.project)
        self.panel.disk.setText(disk_use(self.project.folder, self._run))
        self._show_takes()

    def _show_takes(self) -> None:
        """How long it takes as it is asked for, before it begins."""
        music = sum(track.seconds for track in self.project.value.album.tracks if track.on)
        newest = self.learning.newest()
        words = what_it_takes(self.panel.plan(), self._estimate, music, newest.epoch if newest else None)
        self.panel.takes.setText(words if self.learning.at_work() is None else "")

    @Slot()
    def _tick(self) -> None:
        if (at_work := self.learning.at_work()) is not None:
            show_numbers(self.stats, self.log, at_work)
            show_machine(self.panel.machine, self._machine, self.log, self._preset(), self._estimate)
        else:
            self._work_out()

    def showEvent(self, event: QShowEvent) -> None:
        self._ticking.start()
        self._show_curves()
        self.miss(EVERYTHING)  # files and jobs may have changed, too
        super().showEvent(event)
        if self._machine is None and self.job is None:
            inspect_machine(self.jobs).finished.connect(self._on_machine)

    @Slot(object)
    def _on_machine(self, machine: Machine) -> None:
        self._machine = machine
        at_work, learning = self.learning.at_work(), self.project.value.learning
        self.panel.show_for(
            machine, chosen=at_work is not None or learning is not None or self.learning.newest() is not None
        )
        self._show_facts()

    def _work_out(self) -> None:
        """What the chosen model takes, while there is nothing that trying it would disturb or be disturbed by.

        Not before torch has been loaded for the look at the machine.
        """
        is_known = self._estimate is not None and self._estimate.preset == self.panel.preset
        is_busy = self._working_out is not None or self.jobs.asked_for or self.player.is_playing
        if self._machine is not None and self.learning.has_tracks() and not is_known and not is_busy:
            self._working_out = work_out(self.jobs, self.panel.preset)
            self._working_out.finished.connect(self._on_worked_out)

    @Slot(object)
    def _on_worked_out(self, estimate: Estimate) -> None:
        """By then another model may have been chosen."""
        self._estimate, self._working_out = estimate, None
        self._show_takes()
        show_machine(self.panel.machine, self._machine, self.log, self._preset(), self._estimate)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.head.badge.setVisible(self.width() - self.panel.width() > _ROOM_FOR_BADGE)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ticking.stop()

    def _preset(self) -> Preset:
        """That of the model that learns now, else the one that is chosen."""
        return (self.learning.at_work() or self.panel).preset
