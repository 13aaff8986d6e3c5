"""For the studio: songs as stems or as sessions of other programs, each by one button."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QProgressBar, QPushButton, QScrollArea, QWidget

from app.document.studio_form import StudioForm
from app.document.words import isolate_names
from app.jobs.job import Job, JobList
from app.jobs.studio import hand_over
from app.session.open_project import OpenProject
from app.widgets.basics import Elided, button, column, label, row, time_left
from app.widgets.show_folder import show_folder

if TYPE_CHECKING:
    from app.studio.sessions.handing_over import HandedOver

_BUTTONS: tuple[tuple[StudioForm, str, str], ...] = (
    ("stems", "Stems", "Every lane as a 24-bit WAV, as mixed and untouched; as mixed they add up to the song"),
    ("dawproject", "DAWproject", "For Bitwig Studio, Studio One and Cubase: sections as clips on tracks"),
    ("reaper", "Reaper", "A Reaper project with its wave files: sections as items on tracks"),
)


class StudioRow(QWidget):
    """The buttons, and how far one of them is.

    Args:
        project, jobs: whose songs, and who works.
        place: gives the folder that all is put in.

    Signals:
        say(str, str): something to tell the artist, and of which kind.
    """

    say = Signal(str, str)

    def __init__(self, project: OpenProject, jobs: JobList, place: Callable[[], Path]) -> None:
        super().__init__()
        self._project, self._jobs, self._place = project, jobs, place
        self._job: Job | None = None
        self._has_songs = False
        self.handed_over: Path | None = None
        self.buttons: dict[str, QPushButton] = {}
        for form, title, tip in _BUTTONS:
            self.buttons[form] = button(title, "chip", tip=tip)
            self.buttons[form].clicked.connect(lambda _=False, form=form: self.begin(form))
        self._doing, self._left = Elided("", "dim"), label("", "faint", tabular=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName("For the studio")
        self.cancel = button("Cancel", tip="Nothing half-finished is left behind")
        self.cancel.clicked.connect(self._cancel)
        self._result = label("", "", wrap=True)
        self.open = button("Open folder", icon="folder")
        self.open.clicked.connect(self._open)
        self._progress, self._done = QWidget(), QWidget()
        doing = row(self._doing, self._left)
        doing.setStretch(0, 1)
        self._progress.setLayout(column(doing, self._bar, row(1, self.cancel), spacing=8))
        self._done.setLayout(column(self._result, row(self.open, 1), spacing=8))
        self._progress.hide()
        self._done.hide()
        words = label("Before loudness and limiter, to go on elsewhere.", "faint", wrap=True)
        self.setLayout(
            column(
                label("For the studio", "heading"),
                row(*self.buttons.values(), 1, spacing=6),
                words,
                self._progress,
                self._done,
                spacing=10,
            )
        )

    def show_songs(self, has_any: bool) -> None:
        """Whether there are songs to hand over."""
        self._has_songs = has_any
        self._lock()

    def begin(self, form: StudioForm) -> None:
        """Hands the songs over, unless that is being done."""
        if self._job is not None:
            return
        job = hand_over(self._project, self._jobs, self._place(), form)
        self._job = job
        job.progressed.connect(self._show_progress)
        job.finished.connect(self._on_finished)
        job.failed.connect(lambda why: self.say.emit(why, "bad"))
        job.cancelled.connect(lambda: self.say.emit("Cancelled; nothing was left behind.", ""))
        job.ended.connect(self._on_ended)
        self._done.hide()
        self._progress.show()
        self._reveal(self._progress)
        self._show_progress(0.0, "Beginning", -1.0)
        self._lock()

    def _reveal(self, part: QWidget) -> None:
        """Scrolls to what has just come, once there is room for it."""
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        if around is not None:
            scroll = around
            QTimer.singleShot(0, self, lambda: scroll.ensureWidgetVisible(part, 0, 16))

    def _lock(self) -> None:
        for each in self.buttons.values():
            each.setEnabled(self._has_songs and self._job is None)

    @Slot(float, str, float)
    def _show_progress(self, fraction: float, doing: str, seconds_left: float) -> None:
        self._bar.setValue(round(fraction * 1000))
        self._doing.show_text(doing)
        self._left.setText(time_left(seconds_left))

    @Slot()
    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    @Slot(object)
    def _on_finished(self, done: HandedOver) -> None:
        self.handed_over = done.folder
        self._result.setText(isolate_names(" ".join((f"“{done.folder.name}” is finished.", *done.notes))))
        self._done.show()
        self._reveal(self._done)
        self.say.emit(f"“{done.folder.name}” is finished.", "good")

    @Slot()
    def _on_ended(self) -> None:
        self._job = None
        self._progress.hide()
        self._lock()

    @Slot()
    def _open(self) -> None:
        if self.handed_over is not None and (why := show_folder(self.handed_over)):
            self.say.emit(why, "bad")
