"""The pill that says what runs in the background, and the list behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QProgressBar, QWidget

from app.document.words import plural
from app.widgets import theme
from app.widgets.basics import Elided, button, column, label, row, time_left


@dataclass(frozen=True)
class RunningJob:
    """What is shown of one job."""

    key: int
    name: str
    fraction: float
    text: str
    seconds_left: float
    is_stopping: bool = False


class Pill(QAbstractButton):
    """A rounded button with a dot of a colour before its text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dot = ""
        self._fraction = 0.0
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_text(self, text: str, dot: str = "", fraction: float = 0.0) -> None:
        """Shows a text; `dot` is a colour, `fraction` how much of the ground is filled."""
        if (text, dot, fraction) != (self.text(), self._dot, self._fraction):
            self._dot, self._fraction = dot, fraction
            self.setText(text)
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        width = QFontMetrics(theme.ui_font(12, tabular=True)).horizontalAdvance(self.text())
        return QSize(min(width, 380) + (40 if self._dot else 26), 26)

    def minimumSizeHint(self) -> QSize:
        return QSize(44, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.RAISED if self.underMouse() else theme.PANEL))
        painter.drawRoundedRect(rect, 13, 13)
        if self._fraction > 0:
            painter.save()
            painter.setClipRect(QRectF(0, 0, self.width() * self._fraction, self.height()))
            painter.setBrush(QColor("#2a1a14"))
            painter.drawRoundedRect(rect, 13, 13)
            painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.SECOND if self.hasFocus() else theme.LINE), 1))
        painter.drawRoundedRect(rect, 13, 13)
        start = 13.0
        if self._dot:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._dot))
            painter.drawEllipse(QRectF(12, self.height() / 2 - 3.5, 7, 7))
            start = 26.0
        painter.setFont(theme.ui_font(12, tabular=True))
        painter.setPen(QColor(theme.DIM))
        room = QRectF(start, 0, self.width() - start - 11, self.height())
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(room.width()) + 1)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


class JobRow(QWidget):
    """One job: its name, a bar, the time left and Cancel."""

    def __init__(self, job: RunningJob, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cancel = button("Cancel")
        self.cancel.setAccessibleName(f"Cancel {job.name}")
        self._name = label(job.name, "heading")
        self._text = Elided("", "faint")
        self._left = label("", "faint", tabular=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(f"Progress of {job.name}")
        self.setLayout(
            column(row(self._name, 1, self.cancel), self._bar, row(self._text, self._left, spacing=12), spacing=6)
        )
        self.show_job(job)

    def show_job(self, job: RunningJob) -> None:
        """Shows how far a job is."""
        self._text.show_text("finishing what it has begun…" if job.is_stopping else job.text)
        self._left.setText("" if job.is_stopping else time_left(job.seconds_left))
        self._bar.setValue(round(job.fraction * 1000))
        self.cancel.setEnabled(not job.is_stopping)


class JobPill(Pill):
    """Says what runs; a click shows all of it.

    Signals:
        cancel_asked(object): the key of the job that is no longer wanted.
    """

    cancel_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs: tuple[RunningJob, ...] = ()
        self._rows: dict[int, JobRow] = {}
        self.list = QFrame(self, Qt.WindowType.Popup)
        self.list.setProperty("kind", "popover")
        self.list.setFixedWidth(360)
        self._none = label("Nothing is running. Training, generating and exporting show up here.", "dim", wrap=True)
        self._body = column(self._none, spacing=14, margins=(16, 14, 16, 14))
        self.list.setLayout(self._body)
        self.clicked.connect(self._open)
        self.show_jobs(())

    def show_jobs(self, jobs: Sequence[RunningJob]) -> None:
        """Shows these jobs and no others, the newest last."""
        self._jobs = tuple(jobs)
        self._show_pill()
        self._none.setVisible(not jobs)
        for key in set(self._rows) - {job.key for job in jobs}:
            gone = self._rows.pop(key)
            self._body.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for job in jobs:
            if job.key not in self._rows:
                self._rows[job.key] = made = JobRow(job)
                made.cancel.clicked.connect(lambda _=False, key=job.key: self.cancel_asked.emit(key))
                self._body.addWidget(made)
            self._rows[job.key].show_job(job)
        if self.list.isVisible():
            self.list.adjustSize()

    def row(self, key: int) -> JobRow:
        """The line of a job in the list."""
        return self._rows[key]

    def _show_pill(self) -> None:
        if not self._jobs:
            self.show_text("nothing running")
            return
        first = max(self._jobs, key=lambda job: job.seconds_left)
        parts = [first.name.lower() if len(self._jobs) == 1 else plural(len(self._jobs), "job")]
        if first.is_stopping:
            parts.append("finishing…")
        else:
            parts.append(first.text)
            parts.append(time_left(first.seconds_left))
        self.show_text(" · ".join(part for part in parts if part), theme.ACCENT, first.fraction)

    def _open(self) -> None:
        self.list.adjustSize()
        corner = self.mapToGlobal(QPoint(self.width() - self.list.width(), self.height() + 6))
        self.list.move(max(corner.x(), 0), corner.y())
        self.list.show()
