"""Everything in the window that belongs to one open project: its jobs, its sound, its six screens."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from app.document.changes import EVERYTHING, Changes
from app.document.edits.release import set_finish
from app.document.file_names import file_name
from app.document.model import FinishChoice
from app.document.shelf import rename
from app.document.store import SUFFIX
from app.jobs.job import Job, JobList
from app.jobs.make import Made, MakeOptions, make_for_me
from app.playback.player import Player
from app.screens.screen import Screen
from app.screens.train.live import LivePanel
from app.screens.window.steps import STEPS
from app.session.finish import learnt_of
from app.session.machine_watch import Machine, MachineWatch
from app.session.open_project import OpenProject
from app.widgets.basics import column, row
from app.widgets.controls.focus import keep_keys
from app.widgets.controls.wheel import keep_wheel_off
from app.widgets.dialogs.questions import offer
from app.widgets.frame.job_pill import RunningJob
from app.widgets.frame.rail import Rail
from app.widgets.frame.toast import Toast
from app.widgets.frame.top_bar import TopBar
from app.widgets.frame.transport import Transport
from app.widgets.show_folder import show_folder

_NARROW = 980
"""Pixels below which the screens need the room of the rail."""
_LOOK_EVERY_MS = 150
_LOOKS_BEFORE_SHOWN = 3


class Workspace(QWidget):
    """The bars, the rail and the screens of one project.

    Signals:
        palette_asked(): the list of everything that can be done.
        make_asked(): "Make it for me…".
    """

    palette_asked = Signal()
    make_asked = Signal()

    def __init__(self, project: OpenProject, menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.project = project
        self.jobs = JobList(self)
        self.player = Player(self)
        self.machine = MachineWatch(self)
        self.top = TopBar(menu)
        self.rail = Rail([title for _, title, _ in STEPS])
        self.transport = Transport()
        self.screens: dict[str, Screen] = {name: kind(project, self.jobs, self.player) for name, _, kind in STEPS}
        self.live = LivePanel(project, self.jobs, self.player, self)
        self._looks: dict[Job, int] = {}
        self.stack = QStackedWidget()
        for screen in self.screens.values():
            self.stack.addWidget(screen)
        keep_wheel_off(self.stack)
        for chrome in (self.top, self.rail, self.transport):
            keep_keys(chrome)
        self.setLayout(column(self.top, row(self.rail, self.stack, spacing=0), self.transport, spacing=0))
        self.toast = Toast(self)
        self._job_timer = QTimer(self)
        self._job_timer.setInterval(_LOOK_EVERY_MS)
        self._connect()
        self._on_changed(EVERYTHING)
        self.top.show_saved(True)
        self.go(next(iter(self.screens)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.rail.make_narrow(event.size().width() < _NARROW)
        super().resizeEvent(event)

    def _connect(self) -> None:
        for screen in self.screens.values():
            screen.go.connect(self.go)
            screen.song_asked.connect(self.go_to_song)
            screen.say.connect(self.toast.say)
            screen.live_asked.connect(self.show_live)
        self.live.say.connect(self.toast.say)
        self.rail.chosen.connect(self.go_to_place)
        self.rail.make_asked.connect(self.make_asked)
        self.top.renamed.connect(self.rename)
        self.top.palette_asked.connect(self.palette_asked)
        self.top.jobs.cancel_asked.connect(self._cancel)
        self._job_timer.timeout.connect(self._show_jobs)
        self.jobs.started.connect(self._on_started)
        self.jobs.ended.connect(self._on_ended)
        self.project.changed.connect(self._on_changed)
        self.project.saved.connect(self.top.show_saved)
        self.project.save_failed.connect(self._on_save_failed)
        self.project.refused.connect(lambda why: self.toast.say(why, "bad"))
        self.machine.seen.connect(self._show_machine)
        self._connect_player()

    def _connect_player(self) -> None:
        player, transport = self.player, self.transport
        player.position_changed.connect(transport.show_position)
        player.state_changed.connect(transport.show_playing)
        player.state_changed.connect(lambda playing: transport.meter.put_light_out() if playing else None)
        player.levels_changed.connect(transport.meter.set_peaks)
        player.loudness_changed.connect(transport.show_loudness)
        player.source_changed.connect(self._show_length)
        player.loop_changed.connect(self._show_loop)
        player.failed.connect(self._on_sound_failed)
        player.found.connect(self._on_sound_found)
        transport.play_asked.connect(self.play_or_stop)
        transport.start_asked.connect(self.go_to_start)
        transport.loop_asked.connect(self.set_loop)
        transport.finish.asked.connect(self._set_finish)

    # moving between the screens

    @property
    def screen_name(self) -> str:
        """The name of the screen that is shown."""
        return next(name for name, screen in self.screens.items() if screen is self.stack.currentWidget())

    @property
    def current(self) -> Screen:
        """The screen that is shown."""
        return self.screens[self.screen_name]

    def go(self, name: str) -> None:
        """Shows a screen."""
        screen = self.screens[name]
        if screen is not self.stack.currentWidget():
            self.current.left()
            self.stack.setCurrentWidget(screen)
        self.rail.choose(list(self.screens).index(name))
        screen.setFocus()
        screen.entered()

    def go_to_song(self, song: str, frame: int) -> None:
        """Shows a song in Arrange with the playhead at a frame."""
        self.go("arrange")
        self.current.show_song(song, frame)

    def go_to_place(self, place: int) -> None:
        """Shows the screen at a place in the rail, from 0."""
        self.go(list(self.screens)[place])

    # sound

    def play_or_stop(self) -> None:
        """Pauses what plays, else plays what the screen has."""
        if self.player.is_playing:
            self.player.pause()
        else:
            self.current.play()

    def show_live(self) -> None:
        """Shows the panel that plays a checkpoint live."""
        self.live.show()
        self.live.activateWindow()

    def toggle_live(self) -> None:
        """Plays the newest checkpoint live, or the one that is chosen there; or stops it."""
        self.show_live()
        self.live.toggle()

    def go_to_start(self) -> None:
        """Puts the playhead at the beginning."""
        self.player.seek(0.0)

    def set_loop(self, on: bool) -> None:
        """Goes round what is loaded, or no longer."""
        self.player.set_loop((0.0, self.player.length) if on and self.player.length else None)
        self._show_loop()

    def _show_length(self) -> None:
        self.transport.show_length(self.player.length)

    def _show_loop(self) -> None:
        self.transport.show_loop(self.player.loop is not None)

    def _on_sound_failed(self, why: str) -> None:
        self.toast.say(why, "bad")

    def _on_sound_found(self, device: str) -> None:
        self.toast.say(f"Sound is heard again: {device}.", "good")

    # the document

    def rename(self, name: str) -> None:
        """Gives the project another name."""
        self.project.put("Rename project", rename(self.project.value, name))
        name = self.project.value.name
        twin = self.project.folder.with_name(file_name(name) + SUFFIX)
        if twin != self.project.folder and twin.exists():
            self.toast.say(f"There is another project “{name}” in the same folder.", "warn")

    def _set_finish(self, choice: FinishChoice) -> None:
        if choice != self.project.value.release.finish:
            self.project.edit("Change finish", set_finish, choice)

    def _on_changed(self, changes: Changes) -> None:
        if changes.touch("name"):
            self.top.show_name(self.project.value.name)
        learnt = learnt_of(self.project.folder)
        told = None if learnt is None else (learnt.has_air, learnt.has_width)
        self.transport.finish.show_finish(self.project.value.release.finish, told)
        self._show_notes()

    def _show_notes(self) -> None:
        """What the rail says beside the names of the screens."""
        for place, screen in enumerate(self.screens.values()):
            self.rail.set_note(place, screen.rail_note())

    def _on_save_failed(self, why: str) -> None:
        self.top.show_not_saved(why)
        self.toast.say(why, "bad")

    def _show_machine(self, machine: Machine) -> None:
        memory = ""
        if machine.memory:
            memory = f" · {machine.memory_used:.1f} / {machine.memory:.0f} GB" if machine.memory_used else ""
        tip = (
            "The model learns on this graphics card. The numbers are its memory: in use, and in all."
            if machine.has_gpu
            else "No graphics card that can learn was found: the model learns on the processor, which takes its time."
        )
        self.top.show_device(machine.name + memory, tip, machine.has_gpu)

    # jobs

    def _on_started(self, job: Job) -> None:
        if not job.quiet:
            self._looks[job] = 0
            self._job_timer.start()

    def _on_ended(self, job: Job) -> None:
        self._looks.pop(job, None)
        if not self._looks:
            self._job_timer.stop()
        self._show_jobs()
        self._show_notes()

    def _show_jobs(self) -> None:
        """What lasts for less than half a second is not worth the flicker."""
        shown = []
        for job in self._looks:
            self._looks[job] += 1
            if self._looks[job] > _LOOKS_BEFORE_SHOWN:
                left = job.seconds_left
                shown.append(RunningJob(id(job), job.name, job.fraction, job.text, left, job.is_asked_to_stop))
        self.top.jobs.show_jobs(shown)

    def _cancel(self, key: int) -> None:
        for job in self.jobs.running:
            if id(job) == key:
                job.cancel()
        self._show_jobs()

    def make(self, options: MakeOptions) -> None:
        """Makes an album without hands, and shows it."""
        job = make_for_me(self.project, self.jobs, options)
        job.finished.connect(self._on_made)
        job.failed.connect(lambda why: self.toast.say(why, "bad"))
        job.cancelled.connect(lambda: self.toast.say("Stopped. What was made until now is in the project."))
        self.toast.say("Making an album. You can go on working meanwhile.")

    def _on_made(self, made: Made) -> None:
        self.go("export")
        title = self.project.value.release.title
        words = " ".join((f"\u201c{title}\u201d is finished and exported.", *made.notes))
        offer(self, "The album is finished", words, "Show its folder", lambda: self._show_folder(made.release))

    def _show_folder(self, folder: Path) -> None:
        if why := show_folder(folder):
            self.toast.say(why, "bad")

    def shut(self) -> None:
        """Ends everything that still runs for this project, and writes what is not written yet."""
        self._job_timer.stop()
        self.live.close()
        self.player.close()
        self.machine.close()
        for screen in self.screens.values():
            screen.shut()
        self.project.close()
