"""What the network of the paper is, and getting it: nothing is fetched before the person says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from app.jobs.job import Job, JobList
from app.jobs.network import VGG19, Published, data_folder, fetch_network, take_network
from app.widgets.basics import Facts, button, column, label, row, time_left
from app.widgets.dialogs.fitting import Dialog
from app.widgets.dialogs.progress_box import ProgressBox
from app.widgets.dialogs.questions import ask_open_file

_KEPT_MEGABYTES = 80


class NetworkDialog(Dialog):
    """Accepted once the network is here. Escape, or Cancel, stops what is going on; what has come so far is kept."""

    def __init__(self, jobs: JobList, parent: QWidget | None = None, published: Published = VGG19) -> None:
        super().__init__(parent)
        self.setWindowTitle("The network of the paper")
        self._jobs = jobs
        self._published = published
        self._job: Job | None = None
        size = f"{published.size / 1e6:.1f} MB"
        facts = Facts()
        facts.put("Where from", published.url.split("/")[2])
        facts.put("File", published.name)
        facts.put("Size", f"{size}, of which {_KEPT_MEGABYTES} MB are kept")
        self._where = label(f"Kept in {data_folder()}", "faint", wrap=True)
        self._failure = label("", "badge-bad", wrap=True)
        self._failure.hide()
        self.progress = ProgressBox()
        self.progress.cancel.hide()
        self.download = button(f"Download {size}", "primary")
        self.download.clicked.connect(self._fetch)
        self.choose = button("Choose file…", tip=f"If you have {published.name} already")
        self.choose.clicked.connect(self._take)
        self.leave = button("Cancel")
        self.leave.clicked.connect(self.reject)
        words = (
            "The paper painted its covers with a neural network, VGG-19, that has learnt to see. It is not a part of "
            "Deep Cuts; its makers publish it for all. Nothing is fetched before you press Download, and it is checked "
            "when it is here. Afterwards covers can be made with it on this computer: in seconds on a graphics card, "
            "in about ten minutes each without one. Pieces of paper stay what covers are made of otherwise."
        )
        said = label(words, "dim", wrap=True)
        said.setMinimumWidth(460)
        self.fill(
            column(
                said,
                facts,
                self._where,
                self._failure,
                self.progress,
                spacing=12,
            ),
            row(self.choose, 1, self.leave, self.download),
            margins=(20, 18, 20, 18),
        )
        self.download.setFocus()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    @Slot()
    def _fetch(self) -> None:
        self._start(lambda: fetch_network(self._jobs, self._published))

    @Slot()
    def _take(self) -> None:
        path: Path | None = ask_open_file(
            self, f"Choose {self._published.name}", "Networks (*.pth *.pt);;All files (*)"
        )
        if path is not None:
            self._start(lambda: take_network(self._jobs, path, self._published))

    def _start(self, begin: Callable[[], Job]) -> None:
        self._job = begin()
        self._job.progressed.connect(self._on_progress)
        self._job.finished.connect(self._on_finished)
        self._job.failed.connect(self._on_failed)
        self._job.ended.connect(self._on_ended)
        self._failure.hide()
        self.progress.begin("Asking…")
        self._show()

    @Slot(float, str, float)
    def _on_progress(self, fraction: float, text: str, seconds_left: float) -> None:
        left = time_left(seconds_left)
        self.progress.show_progress(fraction, text + (f" · {left}" if left else ""))

    @Slot(object)
    def _on_finished(self, _value: object) -> None:
        self._job = None
        self.accept()

    @Slot(str)
    def _on_failed(self, why: str) -> None:
        self._failure.setText(why)
        self._failure.show()

    @Slot()
    def _on_ended(self) -> None:
        self._job = None
        self.progress.hide()
        self._show()

    def failure(self) -> str:
        """What is said of a download that failed; "" where none has."""
        return self._failure.text()

    def _show(self) -> None:
        for each in (self.download, self.choose):
            each.setEnabled(self._job is None)
        self.leave.setText("Cancel" if self._job is None else "Stop")
        self.adjustSize()

    def reject(self) -> None:
        """Stops what goes on; leaves where nothing does."""
        if self._job is not None:
            self._job.cancel()
            self.progress.show_progress(0.0, "Stopping…")
            return
        super().reject()
