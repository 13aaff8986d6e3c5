"""Looking an artist up: a name to type, the artists of that name to choose from, and how it goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QProgressBar, QSizePolicy, QWidget

from app.document.words import isolate_names, isolated
from app.widgets.basics import Card, Elided, button, column, label, row, time_left

_ROW_HEIGHT = 30
_ROWS_SHOWN = 4


class Known(Protocol):
    """One that was found."""

    @property
    def name(self) -> str:
        """Of the artist."""
        ...

    @property
    def about(self) -> str:
        """A few words that tell it from others of the same name."""
        ...


class ArtistLookup(Card):
    """Asks for nothing by itself: only a click or Return sends a question out.

    Signals:
        name_asked(str): the person wants to know who bears this name.
        artist_asked(object, bool): the titles of this one of the artists shown; True: not those kept from before.
        cancel_asked(): stop asking.
    """

    name_asked = Signal(str)
    artist_asked = Signal(object, bool)
    cancel_asked = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._artists: Sequence[Known] = ()
        self.field = QLineEdit(name)
        self.field.setPlaceholderText("Name of the artist")
        self.field.setAccessibleName("Artist to look up")
        self.field.textChanged.connect(self._show_can_ask)
        self.ask = button("Look up", tip="Asks musicbrainz.org for this artist's songs")
        self.ask.clicked.connect(self._ask_name)
        self.list = _Artists()
        self.list.setAccessibleName("Artists of this name")
        self.list.activated_one.connect(lambda: self._ask_artist(False))
        self.get = button("Get the titles")
        self.get.clicked.connect(lambda: self._ask_artist(False))
        self._found = QWidget()
        self._found.setLayout(
            column(row(label("Which one?", "dim"), 1, self.get), self.list, spacing=6, margins=(0, 4, 0, 0))
        )
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress of the look-up")
        self._doing = Elided("", "faint")
        self._left = label("", "faint", tabular=True)
        self.cancel = button("Stop", tip="Stop asking (Escape)")
        self.cancel.setAccessibleName("Stop looking up")
        self.cancel.clicked.connect(self.cancel_asked)
        words = row(self._doing, self._left)
        words.setStretch(0, 1)
        going = row(column(words, self._bar, spacing=6), self.cancel, spacing=12)
        going.setStretch(0, 1)
        self._going = QWidget()
        self._going.setLayout(going)
        self._said = label("", "faint", wrap=True)
        self.again = button("Look up again", "quiet", tip="Ask again instead of taking what was kept")
        self.again.clicked.connect(lambda: self._ask_artist(True))
        self._saying = QWidget()
        saying = row(self._said, self.again, spacing=8)
        saying.setStretch(0, 1)
        self._saying.setLayout(saying)
        self.setLayout(
            column(
                row(self.field, self.ask, spacing=8),
                self._found,
                self._going,
                self._saying,
                spacing=8,
                margins=(12, 12, 12, 12),
            )
        )
        self._found.hide()
        self._going.hide()
        self.say("Looks the songs of an artist up at musicbrainz.org, if you want. Nothing else is sent.")
        self._show_can_ask()

    # what is shown

    def show_going(self, words: str) -> None:
        """A question is on its way."""
        self._bar.setRange(0, 0)
        self._doing.show_text(words)
        self._left.clear()
        self._going.show()
        self._saying.hide()
        self.cancel.setEnabled(True)
        self._show_can_ask()

    def show_progress(self, fraction: float, words: str, seconds: float) -> None:
        """Shows how far it is (0..1), what it does, and the seconds that are left."""
        if fraction > 0:
            self._bar.setRange(0, 1000)
            self._bar.setValue(round(fraction * 1000))
        self._doing.show_text(words)
        self._left.setText(time_left(seconds))

    def show_stopping(self) -> None:
        """Shows that it has been cancelled and is about to end."""
        self._doing.show_text("Stopping…")
        self.cancel.setEnabled(False)

    def show_done(self) -> None:
        """Shows that nothing is going on any more."""
        self._going.hide()
        self._saying.setVisible(bool(self._said.text()))
        self._show_can_ask()

    def say(self, words: str, *, kept: bool = False) -> None:
        """Says a sentence; `kept`: of titles that were looked up before, so that one may ask again."""
        self._said.setText(isolate_names(words))
        self.again.setVisible(kept)
        self._saying.setVisible(bool(words))

    @property
    def said(self) -> str:
        """The words that are shown."""
        return self._said.text()

    @property
    def is_going(self) -> bool:
        """Whether a look-up is shown as under way."""
        return not self._going.isHidden()

    def show_artists(self, artists: Sequence[Known]) -> None:
        """Shows those to choose from, the first one chosen."""
        self._artists = artists
        self.list.clear()
        for artist in artists:
            item = QListWidgetItem(f"{isolated(artist.name)} — {artist.about}" if artist.about else artist.name)
            item.setSizeHint(QSize(0, _ROW_HEIGHT))
            item.setToolTip(artist.about)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setFixedHeight(_ROW_HEIGHT * min(len(artists), _ROWS_SHOWN) + 4)
        self._found.setVisible(bool(artists))
        if artists:
            self.list.setFocus()

    # what the person does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.field.hasFocus():
            self._ask_name()
        elif event.key() == Qt.Key.Key_Escape and self.is_going:
            self.cancel_asked.emit()
        else:
            super().keyPressEvent(event)

    def _ask_name(self) -> None:
        if self.ask.isEnabled():
            self.show_artists(())
            self.name_asked.emit(self.field.text().strip())

    def _ask_artist(self, afresh: bool) -> None:
        if 0 <= self.list.currentRow() < len(self._artists) and not self.is_going:
            self.artist_asked.emit(self._artists[self.list.currentRow()], afresh)

    def _show_can_ask(self) -> None:
        self.ask.setEnabled(bool(self.field.text().strip()) and not self.is_going)
        self.get.setEnabled(not self.is_going)


class _Artists(QListWidget):
    """Return or a double click takes one."""

    activated_one = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.itemDoubleClicked.connect(lambda _: self.activated_one.emit())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated_one.emit()
        else:
            super().keyPressEvent(event)
