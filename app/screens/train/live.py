"""Live: a checkpoint plays on and on while it makes its sound up; what was good can be kept."""

from __future__ import annotations

import random

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QHideEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from app.document.changes import Changes
from app.document.clip_names import clip_name
from app.document.errors import UserError
from app.document.guide_choice import GuideChoice
from app.document.model import Clip
from app.jobs.job import JobList
from app.jobs.live import Guide, LiveJob, LiveRequest, LiveSound, keep_live, listen_live
from app.playback.player import Player
from app.screens.kept_runs import kept_runs
from app.session.open_project import OpenProject
from app.widgets import theme
from app.widgets.album.drops import DropCatcher, first_file
from app.widgets.basics import Elided, button, column, label, line, long_duration, row, set_kind
from app.widgets.clips.checkpoint_choice import CheckpointChoice
from app.widgets.clips.live_guide_choice import NAMES_WIDTH, LiveGuideChoice
from app.widgets.controls.value_slider import temperature_slider
from app.widgets.controls.wheel import keep_wheel_off
from app.widgets.dialogs.fitting import Dialog
from app.widgets.plots.rolling_wave import COLUMNS, RollingWave

_WIDTH = 400
_FRAME = QPoint(24, 84)
"""From the right lower corner of the window."""
_SHOW_EVERY_MS = 80
_LARGEST_SEED = 2**31 - 1
_LENGTHS = (("10 s", 10.0), ("30 s", 30.0), ("1 min", 60.0), ("2 min", 120.0))
_USUAL_LENGTH = 1
_NOT_YET = "Press Listen. What was heard last is shown here."
_NOTHING = "Nothing has been learnt yet. As soon as there is a checkpoint, it can be heard here."


class LivePanel(Dialog):
    """Floats above the window while one goes on working there.

    Signals:
        say(str, str): a message that shows for a while: the text, and its kind "good", "bad" or "".
    """

    say = Signal(str, str)

    def __init__(self, project: OpenProject, jobs: JobList, player: Player, parent: QWidget | None = None) -> None:
        # the keys of the window work in a tool of it, too
        super().__init__(parent, Qt.WindowType.Tool)
        self.setWindowTitle("Live")
        self.setProperty("kind", "tool")
        self.setFixedWidth(_WIDTH)
        self._project, self._jobs, self._player = project, jobs, player
        self._seeds = random.Random()
        self._job: LiveJob | None = None
        self._sound: LiveSound | None = None
        self.checkpoint = CheckpointChoice()
        self.checkpoint.activated.connect(self._on_checkpoint)
        self.wave = RollingWave()
        self.listen = button("Listen", "primary", tip="Ctrl+Shift+E")
        self.listen.setFixedWidth(96)
        self.listen.clicked.connect(self.toggle)
        self.speed = label("", "dim", wrap=True, tabular=True)
        self.speed.setAccessibleName("How fast it is")
        self.speed.setToolTip("A model that learns meanwhile slows this down; pausing it helps")
        self.speed.setMinimumHeight(2 * self.speed.fontMetrics().lineSpacing())
        self.temperature = temperature_slider("Temperature", 98)
        self.temperature.setToolTip(
            "Higher is wilder, lower is tamer. Heard at once; along to a guide after half a second"
        )
        self.temperature.moved.connect(self._set_parameters)
        self.guide = LiveGuideChoice()
        self.guide.chosen.connect(self._on_guide_chosen)
        self.guide.follow_moved.connect(self._on_follow_moved)
        drops = DropCatcher(self, first_file)
        drops.dropped.connect(self.guide.take_recording)
        self.escape = QCheckBox("Help it when it gets stuck")
        self.escape.setChecked(True)
        self.escape.setToolTip("Where it falls into a loop, silence or noise, it is stirred until it moves again")
        self.escape.toggled.connect(self._set_parameters)
        self.length = QComboBox()
        self.length.setAccessibleName("How much is kept")
        for words, seconds in _LENGTHS:
            self.length.addItem(words, seconds)
        self.length.setCurrentIndex(_USUAL_LENGTH)
        self.length.currentIndexChanged.connect(self._show)
        self.keep = button("", tip="What was heard becomes a clip (Ctrl+Shift+K)")
        self.keep.clicked.connect(self.keep_last)
        self._kept = Elided("", "faint")
        self._lay_out()
        self._is_placed = False
        self._timer = QTimer(self)
        self._timer.setInterval(_SHOW_EVERY_MS)
        self._timer.timeout.connect(self._show_sound)
        project.changed.connect(self._on_changed)
        jobs.ended.connect(self._show)

    def _lay_out(self) -> None:
        name = label("Checkpoint", "dim")
        name.setFixedWidth(NAMES_WIDTH)
        chosen = row(name, self.checkpoint, spacing=12)
        chosen.setStretch(1, 1)
        heard = row(self.listen, self.speed, spacing=12)
        heard.setStretch(1, 1)
        kept = column(row(self.keep, self.length, 1, spacing=8), self._kept, spacing=12)
        words = label("The model plays on and on, making it up as it goes.", "dim", wrap=True)
        made = (line(), self.guide, self.temperature, self.escape, line())
        body = column(words, chosen, self.wave, heard, *made, spacing=12)
        self.fill(body, kept, margins=(18, 16, 18, 16))
        keep_wheel_off(self)

    @property
    def is_playing(self) -> bool:
        """Or about to."""
        return self._job is not None and not self._job.is_asked_to_stop

    # what the artist does

    @Slot()
    def toggle(self) -> None:
        """Starts to play the chosen checkpoint, from a new state of chance; or stops."""
        if self.is_playing:
            self._stop()
        else:
            self._start()

    def _start(self) -> None:
        self._show()
        chosen = self.checkpoint.chosen
        if chosen is None:
            return
        self._kept.show_text("")
        request = LiveRequest(*chosen, self._seeds.randrange(_LARGEST_SEED), *self._wanted(), guide=self.guide.choice)
        self._job = listen_live(self._project, self._jobs, self._player, request)
        self._job.opened.connect(self._on_opened)
        self._job.failed.connect(self._on_failed)
        self._job.guide.changed.connect(self._on_guide)
        self._job.guide.progressed.connect(self.guide.show_progress)
        self._job.guide.failed.connect(self.guide.show_problem)
        self._timer.start()
        self._show()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.stop()
            self.guide.show_guide(None)
        self._show()

    @Slot()
    def keep_last(self) -> None:
        """Makes a clip of what was heard in the last seconds."""
        try:
            if self._sound is None:
                raise UserError("Nothing has been heard live yet.", "Listen first.")
            job = keep_live(self._project, self._jobs, self._sound, self.length.currentData())
        except UserError as error:
            self.say.emit(str(error), "")
            return
        job.finished.connect(self._on_kept)
        job.failed.connect(lambda why: self.say.emit(why, "bad"))

    @Slot()
    def _on_checkpoint(self) -> None:
        if self.is_playing:
            self._stop()
            self._start()

    @Slot()
    def _set_parameters(self) -> None:
        if self._job is not None:
            self._job.set_parameters(*self._wanted())

    @Slot(object)
    def _on_guide_chosen(self, choice: GuideChoice) -> None:
        if self._job is not None:
            self._job.set_guide(choice)

    @Slot(float)
    def _on_follow_moved(self, follow: float) -> None:
        if self._job is not None:
            self._job.set_follow(follow)

    def _wanted(self) -> tuple[float, bool]:
        return self.temperature.value / 100, self.escape.isChecked()

    # what comes of it

    @Slot(object)
    def _on_opened(self, sound: LiveSound) -> None:
        if self.sender() is self._job:
            self._sound = sound

    @Slot(object)
    def _on_guide(self, guide: Guide | None) -> None:
        if guide is not None and self._job is not None and self.sender() is self._job.guide:
            self.guide.show_guide(guide.bpm)

    @Slot(str)
    def _on_failed(self, why: str) -> None:
        self.say.emit(why, "bad")

    @Slot(object)
    def _on_kept(self, clip: Clip) -> None:
        words = f"{long_duration(clip.seconds)} kept as {clip_name(clip)}"
        self._kept.show_text(f"{words}.")
        self.say.emit(f"{words}. It is among the clips of Arrange.", "good")

    # what is shown

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.touch("runs"):
            self._show()

    @Slot()
    def _show(self) -> None:
        if self._job is not None and not self._job.is_running:
            self._job = None
            self._timer.stop()
        if not self.isVisible():
            return
        self.checkpoint.show_runs(kept_runs(self._project))
        self.checkpoint.setEnabled(self.checkpoint.count() > 0)
        self.listen.setEnabled(self.checkpoint.count() > 0 or self.is_playing)
        self.listen.setText("Stop" if self.is_playing else "Listen")
        set_kind(self.listen, "" if self.is_playing else "primary")
        self.keep.setText(f"Keep the last {self.length.currentText()}")
        self._show_sound()

    @Slot()
    def _show_sound(self) -> None:
        sound = self._sound
        self.keep.setEnabled(sound is not None and sound.seconds_heard > 0)
        self.speed.setText(self._words())
        if sound is None:
            self.wave.show_words(_NOT_YET if self.checkpoint.count() else _NOTHING)
            return
        last = max((run.epoch for run in self._project.value.runs if run.id == sound.run), default=sound.epoch)
        age = min((sound.epoch - 1) / (last - 1), 1.0) if last > 1 else 1.0
        colour = theme.age_colour(age)
        self.wave.show_levels(*sound.outline(self.length.currentData(), COLUMNS), QColor(colour))

    def _words(self) -> str:
        if not self.is_playing or self._job is None:
            return ""
        if self._job.sound is None:
            return f"Opening epoch {self._job.request.epoch}…"
        return speed_words(self._job.sound.speed, self._job.sound.is_gathering)

    # the window of it

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        above = self.parentWidget()
        if above is not None and not self._is_placed:
            self._is_placed = True
            corner = above.window().mapToGlobal(above.window().rect().bottomRight() - _FRAME)
            self.move(corner - QPoint(self.width(), self.sizeHint().height()))
        self._show()
        self.listen.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self._stop()


def speed_words(speed: float | None, is_gathering: bool) -> str:
    """How fast sound is made, as one would say it; slower than it plays, what that means."""
    if speed is None:
        return ""
    if speed < 1.0:
        return f"Too slow, {speed:.1g}× as fast as it plays: it comes in pieces. A smaller model helps."
    number = f"{speed:.0f}" if speed >= 10 else f"{speed:.1f}"
    return f"{number}× as fast as it plays" + (" · gathering" if is_gathering else "")
