"""Export: one last look at the album, and the button that makes it."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QDrag, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QStackedLayout, QWidget

from app.document.changes import EVERYTHING, Changes
from app.document.edits.release import name_release, set_each_song, set_formats, set_gap, set_limiter, set_loudness
from app.document.edits.songs import move_song
from app.document.exported import Exported
from app.document.lengths import album_seconds
from app.document.words import plural
from app.jobs.export import (
    Check,
    check,
    credits_text,
    export_album,
    notes_of,
    problems_of,
    songs_of,
    usual_place,
)
from app.jobs.job import Job, JobList
from app.jobs.taking_out import song_out
from app.playback.player import Player
from app.playback.release_player import ReleasePlayer
from app.screens.export.cover import ReleaseCover
from app.screens.export.details import ask_details
from app.screens.export.panel import ExportPanel
from app.screens.export.sound import ExportSound
from app.screens.export.studio import StudioRow
from app.screens.export.summaries import SongSummaries
from app.screens.screen import Screen
from app.session.open_project import OpenProject
from app.widgets.basics import button, column, duration, empty_page, label, row
from app.widgets.controls.name_field import NameField
from app.widgets.dialogs.questions import ask_open_folder
from app.widgets.dragging import OWN_MIME, run_drag
from app.widgets.show_folder import show_folder
from app.widgets.songs.release_songs import ReleaseSongs

_WAIT_MS = 250
_COVER, _SMALL_COVER, _LEAST_COVER = 298, 96, 60
_LEAST_SONGS, _WANTED_SONGS = 330, 440
_FRAME = 5
"""Pixels of the names' fields before their text; what is below begins where the text does."""
_BESIDE = (20, 19, 10)
"""Pixels before, between and after the cover and the songs."""


class ExportScreen(Screen):
    """See and name what comes out, choose how, press."""

    name = "export"
    shown_parts = EVERYTHING.parts - {"titles", "learning"}

    def __init__(self, project: OpenProject, jobs: JobList, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(project, jobs, player, parent)
        self.out = usual_place(project.folder)
        self.finished: Path | None = None
        self._export: Job | None = None
        self._checking: Job | None = None
        self.summaries = SongSummaries(project, jobs, self)
        self.summaries.changed.connect(self._show_songs)
        self.summaries.failed.connect(lambda why: self.say.emit(why, "bad"))
        self.sound = ExportSound(project, player, self)
        self.sound.finish_changed.connect(self.summaries.forget)
        self._release = ReleasePlayer(player, self)
        self._release.failed.connect(lambda why: self.say.emit(why, "bad"))
        self.cover = ReleaseCover(project.folder, jobs)
        self.title = self._name_field("Title of the new album", "release-title")
        self.artist = self._name_field("Artist", "release-artist")
        self._facts = label("", "dim", tabular=True)
        self.songs = ReleaseSongs()
        self.songs.moved.connect(self._move)
        self.songs.play_asked.connect(self.sound.play)
        self.songs.out_asked.connect(self._drag_out)
        self.studio = StudioRow(project, jobs, lambda: self.out)
        self.studio.say.connect(self.say)
        self.panel = ExportPanel(self.studio)
        self._pages = QStackedLayout()
        self._pages.addWidget(self._empty_page())
        self._pages.addWidget(self._album_page())
        left = QWidget()
        left.setLayout(self._pages)
        self.setLayout(row(left, self.panel, spacing=0))
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_WAIT_MS)
        self._soon.timeout.connect(self._look_again)
        self.cover.drawn.connect(self._soon.start)
        self.summaries.measured.connect(self._soon.start)  # what has been heard is checked, too
        self._connect()
        self.add_key("Export album", "Ctrl+Return", self.export)

    def _connect(self) -> None:
        panel = self.panel
        panel.formats_wanted.connect(lambda formats: self.project.edit("Set formats", set_formats, formats))
        panel.loudness_wanted.connect(self._set_loudness)
        panel.gap_wanted.connect(self._set_gap)
        panel.each_song_wanted.connect(lambda each: self.project.edit("Set gains", set_each_song, each))
        panel.limiter_wanted.connect(lambda allowed: self.project.edit("Set limiter", set_limiter, allowed))
        panel.way_asked.connect(self._go_to)
        panel.details_asked.connect(self._ask_details)
        panel.credits_asked.connect(self._copy_credits)
        panel.place_asked.connect(self._choose_place)
        panel.export_asked.connect(self.export)
        panel.cancel_asked.connect(self._cancel)
        panel.open_asked.connect(self._open)
        panel.folder_asked.connect(self._show_earlier)
        panel.play_asked.connect(self._play_release)
        self.player.position_changed.connect(self._show_played)
        self.player.state_changed.connect(self._show_played)
        self.player.source_changed.connect(self._show_played)

    def _name_field(self, hint: str, kind: str) -> NameField:
        field = NameField()
        field.setPlaceholderText(hint)
        field.setAccessibleName(hint)
        field.setToolTip("Click to change")
        field.setProperty("kind", kind)
        field.editingFinished.connect(self._rename)
        field.textEdited.connect(self._fit_artist)
        return field

    def _empty_page(self) -> QWidget:
        self.to_arrange = button("Go to Arrange", "primary")
        self.to_arrange.clicked.connect(lambda: self.go.emit("arrange"))
        words = label("Arrange clips into songs first. Then one press here makes the album.", "dim")
        return empty_page("No songs yet", words, self.to_arrange)

    def _album_page(self) -> QWidget:
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.songs)
        under = row(self.artist, self._facts, 1, spacing=2)
        under.setStretch(0, 1000)  # all that it wants, as far as the facts leave room
        self._body = column(
            self.title, row(under, margins=(0, 0, 0, 6)), row(scroll, margins=(_FRAME, 0, 0, 0)), spacing=4
        )
        self._body.setStretch(2, 1)
        songs = QWidget()
        songs.setLayout(self._body)
        songs.setMinimumWidth(_LEAST_SONGS)
        before, between, after = _BESIDE
        whole = row(column(self.cover, 1), songs, spacing=between, margins=(before, 20, after, 12))
        whole.setStretch(1, 1)
        page = QWidget()
        page.setLayout(whole)
        return page

    # what the window asks

    def rail_note(self) -> str:
        return "done" if self.finished is not None or self.project.value.exported else ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The names of the songs come before a large cover."""
        room = event.size().width() - self.panel.width() - sum(_BESIDE)
        side = max(min(room - _WANTED_SONGS, _COVER), min(room - _LEAST_SONGS, _SMALL_COVER), _LEAST_COVER)
        self.cover.setFixedSize(side, side)

    def play(self) -> None:
        """What was heard here last goes on, else the album begins."""
        songs = [song for song in self.project.value.songs if song.frames]
        if songs and not (self._release.is_loaded or self.sound.is_loaded):
            self.sound.play(songs[0].id, 0.0)
        else:
            self.player.resume()

    def entered(self) -> None:
        self.songs.setFocus()

    def left(self) -> None:
        self.summaries.cancel()

    def shut(self) -> None:
        self.sound.close()

    # what the artist does

    @Slot()
    def export(self) -> None:
        """Writes the album, unless it is being written."""
        if self._export is not None or not self.panel.export.isEnabled():
            return
        self._rename()
        job = export_album(self.project, self.jobs, self.out)
        self._export = job
        job.progressed.connect(self.panel.show_progress)
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)
        job.cancelled.connect(self._on_cancelled)
        job.ended.connect(self._on_ended)
        self.panel.show_progress(0.0, "Beginning", -1.0)

    @Slot()
    def _cancel(self) -> None:
        if self._export is not None:
            self._export.cancel()

    @Slot()
    def _rename(self) -> None:
        release = self.project.value.release
        title, artist = self.title.text().strip(), self.artist.text().strip()
        for field in (self.title, self.artist):
            field.setModified(False)
        if (title, artist) != (release.title, release.artist):
            self.project.edit("Name album", name_release, title, artist)

    @Slot(object)
    def _set_loudness(self, loudness: float | None) -> None:
        self.project.put("Set loudness", set_loudness(self.project.value, loudness), gesture="loudness")

    @Slot(float)
    def _set_gap(self, seconds: float) -> None:
        self.project.put("Set gap", set_gap(self.project.value, seconds), gesture="gap")

    @Slot(str, int)
    def _move(self, id: str, to: int) -> None:
        shown = [row.id for row in self.songs.rows]
        place = [song.id for song in self.project.value.songs].index(shown[to])
        self.project.edit("Move song", move_song, id, place)

    @Slot(object)
    def _go_to(self, check: Check) -> None:
        """To where something can be put right."""
        match check.place:
            case "details":
                self._ask_details()
            case "place":
                self._choose_place()
            case "names":
                field = self.artist if self.title.text().strip() else self.title
                field.setFocus()
                field.selectAll()
            case "arrange" if check.song:
                self.song_asked.emit(check.song, check.frame)
            case screen:
                self.go.emit(screen)

    @Slot()
    def _ask_details(self) -> None:
        value = ask_details(self.project.value, self)
        if value is not None:
            self.project.put("Details for shops", value)

    @Slot()
    def _copy_credits(self) -> None:
        QApplication.clipboard().setText(credits_text(self.project.value))
        self.say.emit("Copied: who did what, in the words that shops ask in, and who takes such music.", "good")

    @Slot(str)
    def _drag_out(self, song: str) -> None:
        """Goes on with a drag that has left the window: other programs get the song as a sound file."""
        mime = song_out(self.project.value, self.project.folder, song, {OWN_MIME: b"1"})
        mime.failed.connect(lambda why: self.say.emit(why, "bad"))
        run_drag(QDrag(self.songs), mime)

    @Slot()
    def _choose_place(self) -> None:
        chosen = ask_open_folder(self, "Where to put the album", self.out if os.path.isdir(self.out) else None)
        if chosen is not None:
            self.out = chosen
            self._show()

    @Slot()
    def _open(self) -> None:
        if self.finished is not None and (why := show_folder(self.finished)):
            self.say.emit(why, "bad")

    @Slot(object)
    def _show_earlier(self, exported: Exported) -> None:
        if why := show_folder(exported.path(self.project.folder)):
            self.say.emit(why, "bad")

    # playing

    @Slot()
    def _play_release(self) -> None:
        if self.finished is None:
            return
        files = songs_of(self.finished)
        if files:
            self._release.play(files)
        else:
            self.say.emit("The files of the release are no longer in their folder.", "bad")

    @Slot()
    def _show_played(self) -> None:
        if self.sound.song is None:
            return
        id = self.sound.song[0]
        mine = self.player.is_playing and self.sound.is_loaded
        self.songs.show_played(*((id, self.player.position / max(self.player.length, 1e-6)) if mine else ("", 0.0)))

    # what the job says

    @Slot(object)
    def _on_finished(self, folder: Path) -> None:
        self.finished = folder
        words = [f"“{folder.name}” is finished, opened again and checked.", *notes_of(folder), *problems_of(folder)]
        self.panel.show_done(" ".join(words))
        self.say.emit(f"“{folder.name}” is finished.", "good")

    @Slot(str)
    def _on_failed(self, why: str) -> None:
        self.panel.show_idle()
        self.say.emit(why, "bad")

    @Slot()
    def _on_cancelled(self) -> None:
        self.panel.show_idle()
        self.say.emit("The export was cancelled; nothing was left behind.", "")

    @Slot()
    def _on_ended(self) -> None:
        self._export = None
        self._soon.start()

    # what is shown

    def showEvent(self, event: QShowEvent) -> None:
        self.miss(EVERYTHING)  # the checks and the songs are looked at again, whatever has changed
        super().showEvent(event)

    def show_changes(self, changes: Changes) -> None:
        self._show()

    @Slot()
    def _show(self) -> None:
        value = self.project.value
        songs = [song for song in value.songs if song.frames]
        self._pages.setCurrentIndex(1 if songs else 0)
        self.studio.show_songs(bool(songs))
        for field, text in ((self.title, value.release.title), (self.artist, value.release.artist)):
            if not field.hasFocus() or not field.isModified():
                field.setText(text)
        self._fit_artist()
        length = duration(album_seconds(value))
        self._facts.setText(f"· {plural(len(songs), 'song')} · {length}")
        self.panel.show_release(value.release)
        self.panel.before.show_releases(value.exported, self.project.folder)
        inside = self.out == usual_place(self.project.folder)
        self.panel.show_place(self.out, "the project’s own releases" if inside else str(self.out))
        self.cover.show_release(value, 2 * _COVER)
        self._show_songs()
        self._soon.start()

    @Slot()
    def _fit_artist(self) -> None:
        words = self.artist.text() or self.artist.placeholderText()
        self.artist.setMaximumWidth(self.artist.fontMetrics().horizontalAdvance(words) + 11 + _FRAME)

    @Slot()
    def _show_songs(self) -> None:
        self.songs.show_rows(self.summaries.rows())

    @Slot()
    def _look_again(self) -> None:
        """What takes a while: the checks, and the songs that have changed."""
        if not self.isVisible():
            return
        if self._checking is None:
            self._checking = check(self.project, self.jobs, self.out, self.cover.placed)
            self._checking.finished.connect(self._on_checked)
            self._checking.ended.connect(self._on_check_ended)
        else:
            self._soon.start()
        self.summaries.measure_changed()

    @Slot(object)
    def _on_checked(self, checks: list[Check]) -> None:
        self.panel.show_checks(checks)

    @Slot()
    def _on_check_ended(self) -> None:
        self._checking = None
