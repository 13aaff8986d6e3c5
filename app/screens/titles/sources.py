"""What titles are made from: lists dropped onto the screen, pasted, or looked up."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.document.edits.album import set_catalogue
from app.document.model import Project
from app.document.words import plural
from app.jobs.catalogue import read_title_files, titles_in
from app.jobs.job import JobList
from app.screens.catalogue_dialog import CatalogueDialog
from app.session.open_project import OpenProject
from app.widgets.album.drops import DropCatcher, dropped_text, dropped_title_files
from app.widgets.songs.title_grid import TITLE_MIME

_HINT = "Drop it: new titles will be made from these too."


class TitleSources(QObject):
    """Adds song titles to the catalogue.

    Signals:
        hinted(str): what a drop would do here; "" when there is none any more.
        say(str, str): what came of it, and its kind, as a `Screen` says it.
    """

    hinted = Signal(str)
    say = Signal(str, str)

    def __init__(self, project: OpenProject, jobs: JobList, screen: QWidget) -> None:
        super().__init__(screen)
        self._project, self._jobs, self._screen = project, jobs, screen
        drops = DropCatcher(screen, _titles_in_drop)
        drops.over.connect(lambda over: self.hinted.emit(_HINT if over else ""))
        drops.dropped.connect(self._on_dropped)

    @Slot()
    def ask(self) -> None:
        """Shows all that titles are made from, to be changed."""
        album = self._project.value.album
        dialog = CatalogueDialog(album.titles, album.artist, self._jobs, self._screen)
        dialog.accepted.connect(lambda: self._project.edit("Change song titles", set_catalogue, dialog.titles))
        dialog.open()

    @Slot(object)
    def _on_dropped(self, dropped: list[Path] | str) -> None:
        if isinstance(dropped, str):
            self._on_read((titles_in(dropped), ()))
        else:
            read_title_files(self._jobs, dropped).finished.connect(self._on_read)

    @Slot(object)
    def _on_read(self, read: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
        titles, refused = read
        known = corpus_of(self._project.value)
        fresh = [title for title in titles if title.casefold() not in known]
        if fresh:
            self._project.edit("Add song titles", set_catalogue, [*self._project.value.album.titles, *fresh])
            self.say.emit(f"Added {plural(len(fresh), 'song title')} to learn from.", "good")
        elif titles:
            self.say.emit("These song titles are all there already.", "")
        for why in refused or (() if titles else ("There are no titles in this.",)):
            self.say.emit(why, "bad")


def corpus_of(project: Project) -> set[str]:
    """What titles are made from, in small letters."""
    album = project.album
    return {title.casefold() for title in (*album.titles, *(track.title for track in album.tracks))}


def _titles_in_drop(data: QMimeData) -> list[Path] | str:
    """Lists of titles, or a text; one of the invented titles on its way to a song is neither."""
    if data.hasFormat(TITLE_MIME):
        return ""
    return dropped_title_files(data) or dropped_text(data).strip()
