"""Titles: thousands invented from the catalogue, some starred, one on each song."""

from __future__ import annotations

import random
from typing import Literal

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QPushButton, QStackedWidget, QWidget

from app.document.ages import clip_ages
from app.document.changes import Changes
from app.document.edits.made import clear_titles, fill_titles, redraw_titles, star_title
from app.document.edits.release import name_release
from app.document.edits.songs import lock_title, title_song
from app.document.words import plural
from app.jobs.job import JobList
from app.jobs.titles import invent_name, invent_titles
from app.playback.player import Player
from app.screens.screen import Screen
from app.screens.titles.sources import TitleSources, corpus_of
from app.session.open_project import OpenProject
from app.widgets.basics import Elided, SidePanel, button, column, counted, empty_page, label, line, row, scrolling
from app.widgets.controls.name_field import NameField
from app.widgets.songs.song_titles import SongTitleList
from app.widgets.songs.title_grid import TitleGrid

_AT_ONCE = 1000
_GOOD_ONES = 200
"""Titles from the top that chance prefers."""
_FEW = 20
"""Titles to learn from; with fewer the screen asks for more."""
_SIDE, _WIDE_SIDE, _WIDE = 350, 420, 1200
"""Pixels: the songs' panel, what it is where the screen is wide, and from where on it is."""


class TitlesScreen(Screen):
    """Invent, search, star, and name the songs, the album and its artist."""

    name = "titles"
    shown_parts = frozenset(("album", "runs", "clips", "songs", "titles", "release"))

    def __init__(self, project: OpenProject, jobs: JobList, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(project, jobs, player, parent)
        self._sources = TitleSources(project, jobs, self)
        self._sources.hinted.connect(self._tell)
        self._sources.say.connect(self.say)
        self._seeds = random.Random()
        self._note = label("", "faint", wrap=True)
        self._note.hide()
        self._made = Elided("", "faint")
        self._dice: list[QPushButton] = []
        self._chips: dict[str, QPushButton] = {}
        self.search = QLineEdit()
        self.search.setPlaceholderText("search")
        self.search.setAccessibleName("Search titles")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(80)
        self.search.setMaximumWidth(112)
        self.search.textChanged.connect(self._narrow)
        self.more = button("1 000 more", "primary", tip="Invent a thousand new titles (Ctrl+Return)")
        self.more.clicked.connect(self.invent)
        self.grid = TitleGrid()
        self.grid.star_asked.connect(self._star)
        self.grid.chosen.connect(self._put_on_next_song)
        self.first = button("Invent titles", "primary")
        self.first.clicked.connect(self.invent)
        self._empty_words = label("", "dim", wrap=True)
        self.add = button(
            "Add song titles…", tip="Paste them, drop a list, or look them up by the artist's name (Ctrl+T)"
        )
        self.add.clicked.connect(self._sources.ask)
        self._to_album = button("Go to the album", "primary")
        self._to_album.clicked.connect(lambda: self.go.emit("album"))
        self._pages = QStackedWidget()
        self._empty_words.setFixedWidth(420)
        self._pages.addWidget(empty_page("No titles yet", self._empty_words, self.first, self._to_album, self.add))
        self._pages.addWidget(self.grid)
        self.songs = SongTitleList()
        self.songs.title_wanted.connect(self._title_song)
        self.songs.lock_wanted.connect(self._lock)
        self.fill = button("Fill the empty ones at random", tip="Starred titles first")
        self.fill.clicked.connect(self._fill)
        self.draw = button("Draw again", tip="Other titles at random for all songs that are not locked")
        self.draw.clicked.connect(self._draw)
        self.album = self._name_field("Title of the new album")
        self.artist = self._name_field("Name of the artist")
        self._panel = self._side()
        self.setLayout(
            row(column(self._head(), self._pages, margins=(20, 20, 12, 0), spacing=12), self._panel, spacing=0)
        )
        self.add_key("Invent 1 000 titles", "Ctrl+Return", self.invent)
        self.add_key("Search titles", "Ctrl+F", self.search.setFocus)
        self.add_key("Fill the empty titles", "Ctrl+Shift+F", self._fill)
        self.add_key("Draw other titles", "Ctrl+Shift+R", self._draw)
        self.add_key("Add song titles to learn from…", "Ctrl+T", self._sources.ask)
        self._show()

    # the parts

    def _head(self) -> QWidget:
        orders, ways = QButtonGroup(self), QButtonGroup(self)
        for name, group, tip in (
            ("order 2", orders, "Wilder: each step looks back at two"),
            ("order 3", orders, "Nearer to the catalogue: each step looks back at three"),
            ("letters", ways, "New words, letter by letter"),
            ("words", ways, "Known words in a new order"),
        ):
            group.addButton(self._chip(name, tip))
        self._chips["order 3"].setChecked(True)
        self._chips["letters"].setChecked(True)
        starred = self._chip("★", "Only the starred ones")
        starred.setAccessibleName("Only starred titles")
        starred.toggled.connect(self._narrow)
        self._forget = button("Clear", "quiet", tip="Forget all titles that are neither starred nor on a song")
        self._forget.clicked.connect(lambda: self.project.edit("Clear titles", clear_titles))
        head = QWidget()
        self.learn = button("Catalogue…", "quiet", tip="Song titles pasted, dropped, or looked up by artist (Ctrl+T)")
        self.learn.clicked.connect(self._sources.ask)
        chips = row(*self._chips.values(), spacing=4)
        top = row(label("Titles", "title"), self._made, self.search, self._forget, self.more)
        top.setStretch(1, 1)
        head.setLayout(
            column(
                top,
                row(chips, 1, self.learn, spacing=0),
                self._note,
                spacing=10,
            )
        )
        return head

    def _chip(self, name: str, tip: str) -> QPushButton:
        chip = button(name, "chip", tip=tip)
        chip.setCheckable(True)
        self._chips[name] = chip
        return chip

    def _side(self) -> SidePanel:
        side = SidePanel(_SIDE)
        side.body.addWidget(label("Songs", "heading"))
        side.body.addLayout(row(self.fill, self.draw, 1, spacing=8))
        self._no_songs = label("Songs that you arrange appear here, to be named.", "faint", wrap=True)
        side.body.addWidget(self._no_songs)
        side.body.addWidget(scrolling(column(self.songs, 1), beside_bar=8), 1)
        side.body.addWidget(line())
        for field, name, invents in (
            (self.album, "Album", self._invent_album),
            (self.artist, "Artist", self._invent_artist),
        ):
            side.body.addWidget(label(name, "faint"))
            dice = button("Invent", tip=f"Make up another name for the {name.lower()}")
            dice.setAccessibleName(f"Invent a name for the {name.lower()}")
            dice.clicked.connect(invents)
            side.body.addLayout(row(field, dice))
            self._dice.append(dice)
        return side

    def _name_field(self, name: str) -> NameField:
        field = NameField()
        field.setAccessibleName(name)
        field.setPlaceholderText(name)
        field.editingFinished.connect(self._name)
        return field

    # what the window asks

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._panel.setFixedWidth(_WIDE_SIDE if event.size().width() >= _WIDE else _SIDE)

    def rail_note(self) -> str:
        return counted(len(self.project.value.titles)) if self.project.value.titles else ""

    def entered(self) -> None:
        self.grid.setFocus()

    # what the person does

    @Slot()
    def invent(self) -> None:
        """Starts inventing a thousand more, unless that is under way or there is nothing to learn from."""
        if not self.more.isEnabled():
            return
        by: Literal["letter", "word"] = "word" if self._chips["words"].isChecked() else "letter"
        order = 2 if self._chips["order 2"].isChecked() else 3
        if self.more.hasFocus() or self.first.hasFocus():
            self.setFocus()  # else Qt would give it to whatever comes after the button that goes grey
        self.more.setEnabled(False)
        self.first.setEnabled(False)
        seed = self._seeds.getrandbits(31)
        job = invent_titles(self.project, self.jobs, count=_AT_ONCE, order=order, by=by, seed=seed)
        job.finished.connect(self._on_invented)
        job.failed.connect(self._on_failed)
        job.ended.connect(self._on_ended)

    @Slot(object)
    def _on_invented(self, made: tuple[tuple[object, ...], str]) -> None:
        self._tell(made[1])
        self.grid.scrollToTop()
        if self.hasFocus():
            self.grid.setFocus()

    @Slot(str)
    def _on_failed(self, why: str) -> None:
        self._tell(why)
        self.say.emit(why, "bad")

    @Slot()
    def _on_ended(self) -> None:
        self._show()

    @Slot(str, bool)
    def _star(self, text: str, starred: bool) -> None:
        self.project.edit("Star title" if starred else "Unstar title", star_title, text, starred)

    @Slot(str, str)
    def _title_song(self, song: str, text: str) -> None:
        self.project.edit("Title song", title_song, song, text)

    @Slot(str)
    def _put_on_next_song(self, text: str) -> None:
        empty = next((song for song in self.project.value.songs if not song.title), None)
        if empty is None:
            self.say.emit("Every song has a title. Drag this one onto the song that should bear it.", "")
        else:
            self._title_song(empty.id, text)

    @Slot()
    def _fill(self) -> None:
        self.project.edit("Fill titles", fill_titles, self._at_random())

    @Slot()
    def _draw(self) -> None:
        self.project.edit("Draw titles", redraw_titles, self._at_random())

    def _at_random(self) -> list[str]:
        """The starred ones first, then some of the best, then the rest; in each by chance."""
        titles = list(enumerate(self.project.value.titles))
        self._seeds.shuffle(titles)
        titles.sort(key=lambda each: 0 if each[1].starred else 1 if each[0] < _GOOD_ONES else 2)
        return [title.text for _, title in titles]

    @Slot(str, bool)
    def _lock(self, song: str, locked: bool) -> None:
        self.project.edit("Lock title" if locked else "Unlock title", lock_title, song, locked)

    @Slot()
    def _name(self) -> None:
        for field in (self.album, self.artist):
            field.setModified(False)
        self.project.edit("Name album", name_release, self.album.text(), self.artist.text())

    @Slot()
    def _invent_album(self) -> None:
        job = invent_name(self.project, self.jobs, of="album", seed=self._seeds.getrandbits(31))
        job.finished.connect(self._name_album)
        job.failed.connect(self._on_failed)
        job.ended.connect(self._on_ended)

    @Slot()
    def _invent_artist(self) -> None:
        job = invent_name(self.project, self.jobs, of="artist", seed=self._seeds.getrandbits(31))
        job.finished.connect(self._name_artist)
        job.failed.connect(self._on_failed)
        job.ended.connect(self._on_ended)

    @Slot(object)
    def _name_album(self, name: str) -> None:
        self.project.edit("Name album", name_release, name, self.artist.text())

    @Slot(object)
    def _name_artist(self, name: str) -> None:
        self.project.edit("Name artist", name_release, self.album.text(), name)

    @Slot()
    def _narrow(self) -> None:
        self.grid.titles.narrow(self.search.text(), self._chips["★"].isChecked())

    # what is shown

    def show_changes(self, changes: Changes) -> None:
        self._show()

    def _tell(self, remark: str) -> None:
        self._note.setText(remark)
        self._note.setVisible(bool(remark))

    @Slot()
    def _show(self) -> None:
        value = self.project.value
        corpus = len(corpus_of(value))
        self._made.show_text(
            f"{counted(len(value.titles))} made from {corpus} · none of them real" if value.titles else ""
        )
        self.grid.titles.show_titles(value.titles)
        self._pages.setCurrentIndex(1 if value.titles else 0)
        for needs_titles in (self.search, self._forget, self._chips["★"], self.more, self.learn):
            needs_titles.setVisible(bool(value.titles))
        self._empty_words.setText(_empty_words(corpus))
        self.first.setVisible(corpus > 0)
        self._to_album.setVisible(corpus == 0)
        for dice in self._dice:
            dice.setEnabled(corpus > 0)
        for asks in (self.more, self.first):
            asks.setEnabled(corpus > 0 and not any(job.name == "Titles" for job in self.jobs.running))
        self.songs.show_songs(value.songs, clip_ages(value))
        self._no_songs.setVisible(not value.songs)
        self.fill.setEnabled(bool(value.titles) and any(not song.title for song in value.songs))
        self.draw.setEnabled(bool(value.titles) and any(not song.title_locked for song in value.songs))
        for drawing in (self.fill, self.draw):
            drawing.setVisible(bool(value.songs))
        for field, text in ((self.album, value.release.title), (self.artist, value.release.artist)):
            if not (field.hasFocus() and field.isModified()) and field.text() != text:
                field.setText(text)


def _empty_words(corpus: int) -> str:
    if not corpus:
        return (
            "They are made from the song titles of the artist. Drop an album first, or add titles: paste them, drop a "
            "text file here, or look them up by the artist's name."
        )
    if corpus < _FEW:
        return (
            f"There {'is' if corpus == 1 else 'are'} only {plural(corpus, 'song title')} to learn from. It works, but "
            "with twenty or more, best of the whole catalogue, the new ones are much better."
        )
    return f"New ones are made from the {counted(corpus)} song titles of the catalogue, letter by letter."
