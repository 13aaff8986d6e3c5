"""The head of Train: what is learnt, and the buttons that begin and end it."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from app.jobs.train import TrainingJob
from app.widgets.basics import Elided, button, label, row


class TrainHead(QWidget):
    """Buttons, whose clicks are the screen's, beside the title and the progress of preparing the album."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Elided("", "title")
        self.badge = label("", "badge")
        self.badge.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.start = button("Start learning", "primary", tip="Ctrl+Return")
        self.resume = button("Resume", "primary", tip="Go on exactly where it stopped (Ctrl+Return)")
        self.again = button("Start again", tip="A new run, beside the old one")
        self.pause = button("Pause", tip="Ctrl+P")
        self.stop = button("Stop", tip="Keeps what has been learnt in a checkpoint (Ctrl+.)")
        self._doing = Elided("", "faint")
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setFixedWidth(180)
        self._bar.setAccessibleName("Preparing the album")
        buttons = row(self.again, self.pause, self.stop, self.resume, self.start)
        head = row(self._title, self.badge, 1, self._doing, self._bar, buttons, spacing=10)
        head.setStretch(0, 100)
        head.setStretch(3, 100)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.addLayout(head)

    def show_title(self, title: str, badge: str) -> None:
        """Shows what the screen is about, and beside it the model."""
        self._title.setMaximumWidth(self._title.fontMetrics().horizontalAdvance(title) + 2)
        self._title.show_text(title)
        self.badge.setText(badge)

    def show_progress(self, fraction: float, doing: str) -> None:
        """Of what comes before learning."""
        self._bar.setValue(round(fraction * 1000))
        self._doing.show_text(doing)

    def show_buttons(self, job: TrainingJob | None, *, resumable: bool, may_learn: bool) -> None:
        """Those that make sense now."""
        busy = job is not None
        preparing = job is not None and not job.is_learning
        self.start.setVisible(not busy and not resumable)
        self.resume.setVisible(not busy and resumable)
        self.again.setVisible(not busy and resumable)
        for shown in (self.start, self.resume, self.again):
            shown.setEnabled(may_learn)
        self.pause.setVisible(busy and not preparing)
        self.pause.setText("Continue" if job is not None and job.is_paused else "Pause")
        self.stop.setVisible(busy)
        self.stop.setText("Stopping…" if job is not None and job.is_stopping else "Stop")
        self.stop.setEnabled(job is not None and not job.is_stopping)
        self._bar.setVisible(preparing)
        self._doing.setVisible(preparing)
