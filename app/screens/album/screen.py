"""Album: what the model will hear."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.document.changes import Changes
from app.document.edits.album import remove_photograph, remove_track, rename_album, set_catalogue, switch_track
from app.document.errors import UserError
from app.document.model import Album, Track
from app.document.store import ProjectFolder
from app.document.tree import find
from app.document.words import plural
from app.jobs.file_peaks import Peaks, PeaksLoader
from app.jobs.import_album import Imported, import_demo_band, import_files, import_pictures
from app.jobs.job import Job, JobList
from app.jobs.train import album_report
from app.playback.player import Player, Source, file_source
from app.screens.album.side import AlbumSide
from app.screens.catalogue_dialog import CatalogueDialog
from app.screens.screen import Screen
from app.session.open_project import OpenProject
from app.widgets.album.drop_zone import DropZone, FirstDrop
from app.widgets.album.import_notes import ImportProgress, LeftOut
from app.widgets.album.track_rows import TrackRows
from app.widgets.basics import column, duration, row, scrolling
from app.widgets.dialogs.questions import ask_open_file, ask_open_files, ask_open_folder
from app.widgets.show_folder import show_folder

_PICTURES = "Pictures (*.jpg *.jpeg *.png *.webp *.tif *.tiff *.bmp *.gif)"
_ALL = (
    "Music, pictures, titles (*.flac *.wav *.mp3 *.ogg *.oga *.opus *.m4a *.aac *.aif *.aiff *.wma"
    " *.jpg *.jpeg *.png *.webp *.txt *.csv);;All files (*)"
)


class AlbumScreen(Screen):
    """Drop music in, look at what it is, switch tracks off, add the rest of the catalogue."""

    name = "album"
    shown_parts = frozenset(("album", "runs"))

    def __init__(self, project: OpenProject, jobs: JobList, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(project, jobs, player, parent)
        self._import: Job | None = None
        self._playing: tuple[str, Source] | None = None
        self._peaks: dict[Path, Peaks] = {}
        self._missing: dict[Path, str] = {}
        self._loader = PeaksLoader(ProjectFolder(project.folder).cache, self)
        self.first = FirstDrop()
        self.head = DropZone()
        self.progress = ImportProgress()
        self.left_out = LeftOut()
        self.tracks = TrackRows()
        self.side = AlbumSide()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.first)
        self._pages.addWidget(self._filled())
        main = column(self.progress, self.left_out, self._pages, spacing=16, margins=(20, 20, 20, 20))
        main.setStretch(2, 1)
        whole = row(main, self.side, spacing=0)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self.progress.hide()
        self._add_keys()
        self._connect()
        self._show()

    def _filled(self) -> QWidget:
        page = QWidget()
        page.setLayout(column(self.head, scrolling(column(self.tracks, 1)), spacing=16))
        return page

    def _connect(self) -> None:
        for zone in (self.first, self.head):
            zone.files_asked.connect(self.choose_files)
            zone.folder_asked.connect(self.choose_folder)
        self.first.demo_asked.connect(self.play_demo_band)
        self.head.cover_asked.connect(self.choose_cover)
        self.head.renamed.connect(lambda title, artist: self.project.edit("Rename album", rename_album, title, artist))
        self.tracks.switched.connect(self._switch)
        self.tracks.play_asked.connect(self._play_track)
        self.tracks.remove_asked.connect(self._remove)
        self.tracks.show_asked.connect(self._show_file)
        self.tracks.peaks_asked.connect(self._show_peaks)
        self.progress.cancel_asked.connect(self._cancel_import)
        self.side.train_asked.connect(lambda: self.go.emit("train"))
        self.side.paste_asked.connect(self.paste_titles)
        self.side.photographs_asked.connect(self.choose_photographs)
        self.side.photograph_removed.connect(
            lambda path: self.project.edit("Remove photograph", remove_photograph, path)
        )
        self._loader.ready.connect(self._on_peaks)
        self._loader.missing.connect(self._on_missing)
        self.jobs.ended.connect(self._show_side)
        self.player.position_changed.connect(self._show_played)
        self.player.source_changed.connect(self._show_played)

    def _add_keys(self) -> None:
        for name, slot, keys in (
            ("Choose files…", self.choose_files, ""),
            ("Choose a folder…", self.choose_folder, "Ctrl+Shift+I"),
            ("Paste song titles…", self.paste_titles, "Ctrl+T"),
            ("Choose the cover of the album…", self.choose_cover, ""),
            ("Add photographs…", self.choose_photographs, ""),
            ("Train on this album", lambda: self.go.emit("train"), "Ctrl+Return"),
        ):
            action = QAction(name, self)
            action.setShortcut(keys)
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _=False, slot=slot: slot())
            self.addAction(action)

    # what the window asks

    def rail_note(self) -> str:
        seconds = sum(track.seconds for track in self.project.value.album.tracks if track.on)
        if not seconds:
            return ""
        return f"{round(seconds / 60)} min" if seconds >= 90 else f"{round(seconds)} s"

    def entered(self) -> None:
        self._show_side()

    def play(self) -> None:
        """The track that was heard last goes on, else the one with the focus, else the first."""
        if self._playing is not None and self.player.source is self._playing[1]:
            self.player.resume()
            return
        focused = next((id for id in self.tracks.ids if self.tracks.row(id).hasFocus()), None)
        id = focused or next(iter(self.tracks.ids), None)
        if id is not None:
            self._play_track(id, 0.0)

    def shut(self) -> None:
        self._loader.close()

    def show_drop(self, over: bool) -> None:
        """Lights up while something is held over the window."""
        self.first.show_drop(over)
        self.head.show_drop(over)

    # importing

    def choose_files(self) -> None:
        """Asks for files and imports them."""
        paths = ask_open_files(self, "Add music, pictures or lists of titles", _ALL)
        if paths:
            self.add_files(paths)

    def choose_folder(self) -> None:
        """Asks for a folder and imports what is in it."""
        path = ask_open_folder(self, "Add everything in a folder")
        if path is not None:
            self.add_files([path])

    def choose_photographs(self) -> None:
        """Asks for photographs of the band and imports them."""
        paths = ask_open_files(self, "Add band photographs", _PICTURES)
        if paths:
            self.add_files(paths)

    def choose_cover(self) -> None:
        """Asks for the picture that is the cover of the album."""
        path = ask_open_file(self, "Choose the cover of the album", _PICTURES)
        if path is not None and self._is_free():
            self._watch(import_pictures(self.project, self.jobs, [path], as_cover=True))

    def add_files(self, paths: Sequence[Path]) -> None:
        """Imports files and folders into the album."""
        if not self._is_free():
            return
        self._watch(import_files(self.project, self.jobs, paths))

    def play_demo_band(self) -> None:
        """Imports the album of the demo band, which is played on the spot."""
        if self._is_free():
            self._watch(import_demo_band(self.project, self.jobs))

    def _is_free(self) -> bool:
        if self._import is not None:
            self.say.emit("Something is being imported already. Drop this in again once that is done.", "")
            return False
        return True

    def _watch(self, job: Job) -> None:
        self._import = job
        self.left_out.hide()
        self.progress.begin()
        job.progressed.connect(self.progress.show_progress)
        job.finished.connect(self._on_imported)
        job.failed.connect(lambda why: self.say.emit(why, "bad"))
        job.ended.connect(self._on_import_ended)

    def _cancel_import(self) -> None:
        if self._import is not None:
            self._import.cancel()
            self.progress.show_stopping()

    def _on_imported(self, imported: Imported) -> None:
        self.left_out.show_reasons([refused.why for refused in imported.refused])
        taken = _taken(imported.album)
        if taken:
            self.say.emit(f"Added {taken}.", "good")
        elif not imported.refused:
            self.say.emit("There was nothing new in it.", "")

    def _on_import_ended(self) -> None:
        self._import = None
        self.progress.hide()

    def paste_titles(self) -> None:
        """Asks for the song titles of the catalogue."""
        dialog = CatalogueDialog(self.project.value.album.titles, self.project.value.album.artist, self.jobs, self)
        dialog.accepted.connect(lambda: self.project.edit("Change song titles", set_catalogue, dialog.titles))
        dialog.open()

    # tracks

    def _track(self, id: str) -> Track:
        return find(self.project.value.album.tracks, id)

    def _switch(self, id: str, on: bool) -> None:
        self.project.edit("Switch track on" if on else "Switch track off", switch_track, id, on)

    def _remove(self, id: str) -> None:
        if self._playing is not None and self._playing[0] == id:
            self.player.pause()
        self.project.edit("Remove track", remove_track, id)

    def _show_file(self, id: str) -> None:
        if why := show_folder(Path(self._track(id).path).parent):
            self.say.emit(why, "bad")

    def _play_track(self, id: str, place: float) -> None:
        if self._playing is None or self._playing[0] != id:
            try:
                self._playing = id, file_source(Path(self._track(id).path))
            except UserError as error:
                self.say.emit(str(error), "bad")
                return
        source = self._playing[1]
        self.player.play(source, place * source.frames / source.rate)

    def _show_played(self, *_: float) -> None:
        if self._playing is not None and self.player.source is self._playing[1] and self.player.length:
            self.tracks.show_played(self._playing[0], self.player.position / self.player.length)
        else:
            self.tracks.show_played("", None)

    def _on_peaks(self, path: Path, peaks: Peaks) -> None:
        self._peaks[path] = peaks
        for track in self.project.value.album.tracks:
            if Path(track.path) == path:
                self._show_peaks(track.id)

    def _on_missing(self, path: Path, why: str) -> None:
        self._missing[path] = why
        self._show()

    def _show_peaks(self, id: str) -> None:
        peaks = self._peaks.get(Path(self._track(id).path))
        if peaks is not None:
            width = self.tracks.row(id).wave.columns
            self.tracks.show_peaks(id, *peaks.window(0, peaks.samples, width))

    # showing

    def show_changes(self, changes: Changes) -> None:
        self._show()

    def _show(self) -> None:
        album = self.project.value.album
        is_empty = not (album.tracks or album.titles or album.photographs or album.cover)
        self._pages.setCurrentIndex(0 if is_empty else 1)
        self.side.setVisible(not is_empty)
        cover = str(self.project.folder / album.cover) if album.cover else ""
        self.head.show_album(album.title, album.artist, _facts(album), cover)
        self.tracks.show_tracks(album.tracks)
        self.tracks.setVisible(bool(album.tracks))
        for track in album.tracks:
            self._loader.ask(Path(track.path))
            self._show_peaks(track.id)
            if Path(track.path) in self._missing:
                self.tracks.row(track.id).show_missing(self._missing[Path(track.path)])
        self._show_side()

    def _show_side(self, *_: object) -> None:
        self.side.show_project(self.project.value, album_report(self.project.folder))


def _facts(album: Album) -> str:
    """2009 · 11 tracks · 48:12"""
    count = len(album.tracks)
    parts = [album.year, plural(count, "track") if count else "no tracks yet"]
    if count:
        parts.append(duration(sum(track.seconds for track in album.tracks)))
    return " · ".join(part for part in parts if part)


def _taken(album: Album) -> str:
    """What an import found, in words."""
    counts = (
        (len(album.tracks), "track", "tracks"),
        (len(album.photographs), "photograph", "photographs"),
        (len(album.titles), "song title", "song titles"),
    )
    parts = [plural(count, one, many) for count, one, many in counts if count]
    if not parts and album.cover:
        return "a cover"
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
