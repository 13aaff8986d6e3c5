"""The song titles of the whole catalogue: pasted, dropped, or looked up by the artist's name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.document.words import isolated, plural
from app.jobs.catalogue import ask_artists, ask_titles, read_title_files, titles_in
from app.jobs.job import Job, JobList
from app.widgets.album.artist_lookup import ArtistLookup
from app.widgets.album.drops import dropped_text, dropped_title_files
from app.widgets.basics import button, column, counted, label, row
from app.widgets.dialogs.fitting import Dialog
from app.widgets.dialogs.questions import ask_open_files

_KINDS = "Lists of titles (*.txt *.csv *.tsv)"


class CatalogueDialog(Dialog):
    """A field with one title a line; `titles` are those of it, without numbering and the like.

    Whatever comes from a file or a look-up goes into the field, where it can be read, mended and undone first.
    """

    def __init__(self, titles: Sequence[str], artist: str, jobs: JobList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._job: Job | None = None
        self.setWindowTitle("Song titles")
        self.setAcceptDrops(True)
        self.resize(560, 640)
        self.field = QPlainTextEdit("\n".join(titles))
        self.field.setAccessibleName("Song titles, one a line")
        self.field.setPlaceholderText("One title a line, from as many albums as you like")
        self.field.setTabChangesFocus(True)
        self.field.setAcceptDrops(False)
        self.lookup = ArtistLookup(artist)
        self.lookup.name_asked.connect(self._ask_artists)
        self.lookup.artist_asked.connect(self._ask_titles)
        self.lookup.cancel_asked.connect(self._stop)
        self._count = label("", "faint", tabular=True)
        self.files = button(
            "From files…", tip="Text files with one title a line, or CSV tables; they can be dropped too"
        )
        self.files.clicked.connect(self._choose_files)
        self.take = button("Use these titles", "primary")
        self.take.clicked.connect(self.accept)
        self.leave = button("Cancel")
        self.leave.clicked.connect(self.reject)
        for each in (self.files, self.leave, self.lookup.ask, self.lookup.get, self.lookup.cancel, self.lookup.again):
            each.setAutoDefault(False)
        words = (
            "Titles of as many songs of the artist as there are: paste them, drop a text file or a CSV table, or look "
            "them up. New titles are made from their letters and words."
        )
        self.setLayout(
            column(
                label(words, "dim", wrap=True),
                self.lookup,
                self.field,
                row(self._count, 1, self.files, self.leave, self.take),
                spacing=12,
                margins=(18, 16, 18, 16),
            )
        )
        self.field.textChanged.connect(self._show_count)
        self._show_count()
        self.field.setFocus()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles that stand in the field."""
        return titles_in(self.field.toPlainText())

    def add(self, titles: Sequence[str]) -> int:
        """Puts those that are not there yet under the others, as one step to undo; returns how many."""
        there = {title.casefold() for title in self.titles}
        fresh = [title for title in titles if title.casefold() not in there]
        if fresh:
            end = QTextCursor(self.field.document())
            end.movePosition(QTextCursor.MoveOperation.End)
            end.insertText(("\n" if self.field.toPlainText().strip() else "") + "\n".join(fresh))
            self.field.verticalScrollBar().setValue(self.field.verticalScrollBar().maximum())
        return len(fresh)

    # looking up

    @Slot(str)
    def _ask_artists(self, name: str) -> None:
        self._start(ask_artists(self._jobs, name), self._on_artists, f"Asking for “{name}”")

    @Slot(object)
    def _on_artists(self, artists: tuple[Any, ...]) -> None:
        self.lookup.show_artists(artists)
        self.lookup.say("")
        if len(artists) == 1:
            self._ask_titles(artists[0], False)

    @Slot(object, bool)
    def _ask_titles(self, artist: Any, afresh: bool) -> None:
        job = ask_titles(self._jobs, artist, afresh=afresh)
        self._start(job, self._on_titles, f"Asking for the songs of {isolated(artist.name)}")

    @Slot(object)
    def _on_titles(self, catalogue: Any) -> None:
        added = self.add(catalogue.titles)
        day = f"{catalogue.looked_up.day} {catalogue.looked_up:%B %Y}"
        words = f"{plural(len(catalogue.titles), 'title')} of {isolated(catalogue.artist.name)}, looked up on {day}"
        words += f"; {counted(added)} of them are new here." if added else "; they are all here already."
        self.lookup.say(f"{words} {catalogue.note}".strip(), kept=True)

    def _start(self, job: Job, take: Callable[[Any], None], words: str) -> None:
        self._job = job
        self.lookup.show_going(words)
        job.progressed.connect(self.lookup.show_progress)
        job.finished.connect(take)
        job.failed.connect(self.lookup.say)
        job.cancelled.connect(self._on_cancelled)
        job.ended.connect(self._on_ended)

    @Slot()
    def _on_cancelled(self) -> None:
        self.lookup.say("Stopped. Nothing was changed.")

    @Slot()
    def _on_ended(self) -> None:
        if self.sender() is self._job:
            self._job = None
            self.lookup.show_done()

    @Slot()
    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self.lookup.show_stopping()

    def done(self, result: int) -> None:
        if self._job is not None:
            self._job.cancel()
        super().done(result)

    # files

    @Slot()
    def _choose_files(self) -> None:
        self._read(ask_open_files(self, "Add lists of titles", _KINDS))

    def _read(self, paths: Sequence[Path]) -> None:
        if paths:
            read_title_files(self._jobs, paths).finished.connect(self._on_read)

    @Slot(object)
    def _on_read(self, read: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
        titles, refused = read
        added = self.add(titles)
        words = f"{plural(added, 'new title')} from the files." if titles else ""
        self.lookup.say(" ".join((words, *refused)).strip())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_title_files(event.mimeData()) or dropped_text(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        paths = dropped_title_files(event.mimeData())
        if paths:
            self._read(paths)
        else:
            self.add(titles_in(dropped_text(event.mimeData())))

    # what is shown

    @Slot()
    def _show_count(self) -> None:
        count = len(self.titles)
        self._count.setText(plural(count, "title"))
