"""The songs of the album with their titles: type one, or drop one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

from app.document.model import SONG_RATE, Song
from app.widgets import theme
from app.widgets.basics import column, duration, label, line, row, set_kind
from app.widgets.controls.name_field import NameField
from app.widgets.songs.title_grid import TITLE_MIME

_ROOM_FOR_STRIP = 350


class SongStrip(QWidget):
    """A song at a glance: where its sections lie, each in the colour of its age."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: list[tuple[float, float, int, QColor]] = []
        self._lanes = 1

    def show_song(self, song: Song, ages: dict[str, float]) -> None:
        """Args: ages: age of the checkpoint, 0..1, by id of the clip."""
        whole = max(song.frames, 1)
        self._lanes = max(len(song.lanes), 1)
        self._parts = [
            (part.start / whole, part.length / whole, place, theme.age_colour(ages.get(part.clip, 1.0)))
            for place, lane in enumerate(song.lanes)
            for part in lane.sections
        ]
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(80, 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        height = self.height() / self._lanes
        for start, length, lane, colour in self._parts:
            area = QRectF(start * self.width(), lane * height + 0.5, max(length * self.width() - 1, 1), height - 1)
            painter.fillRect(area, colour)


class SongTitleRow(QFrame):
    """One song.

    Signals:
        title_wanted(str, str): song id and the title typed or dropped.
        lock_wanted(str, bool): song id, and whether its title should stay as it is.
    """

    title_wanted = Signal(str, str)
    lock_wanted = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.song = ""
        self._title_before = ""
        self._icon = ("", "")
        self.setAcceptDrops(True)
        self._number = label(kind="faint", tabular=True)
        self._number.setFixedWidth(20)
        self.title = NameField()
        self.title.setPlaceholderText("drop a title")
        self.title.setProperty("kind", "inline")
        self.title.setAcceptDrops(False)
        self.title.editingFinished.connect(self._on_typed)
        self._strip = SongStrip()
        self._strip.setFixedSize(72, 14)
        self._length = label(kind="faint", tabular=True)
        self._length.setFixedWidth(40)
        self._length.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.lock = QToolButton()
        self.lock.setProperty("kind", "lock")
        self.lock.setCheckable(True)
        self.lock.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lock.setFixedSize(24, 24)
        self.lock.setIconSize(QSize(13, 13))
        self.lock.clicked.connect(lambda locked: self.lock_wanted.emit(self.song, locked))
        parts = row(self._number, self.title, self.lock, self._strip, self._length, spacing=6, margins=(0, 5, 0, 5))
        self.setLayout(column(line(), parts, spacing=0))

    def show_song(self, number: int, song: Song, ages: dict[str, float]) -> None:
        """Shows a song; `number` is its place on the album from 1 on, `ages` are by id of the clip."""
        self.song = song.id
        self._title_before = song.title
        self._number.setText(str(number))
        is_typing = self.title.hasFocus() and self.title.isModified()
        if self.title.text() != song.title and not is_typing:
            self.title.setText(song.title)
            self.title.setCursorPosition(0)
        self.title.setReadOnly(song.title_locked)
        self.title.setToolTip(song.title)
        self.title.setAccessibleName(f"Title of song {number}")
        set_kind(self.title, "inline" if song.title else "inline-empty")
        self._show_lock(number, song)
        self._strip.show_song(song, ages)
        self._length.setText(duration(song.frames / SONG_RATE))

    def _show_lock(self, number: int, song: Song) -> None:
        locked = song.title_locked
        self.lock.setEnabled(bool(song.title))
        self.lock.setChecked(locked)
        colour = theme.ACCENT if locked else theme.FAINT if song.title else theme.LINE
        icon = ("lock" if locked else "unlock", colour)
        if icon != self._icon:  # it is drawn anew otherwise, for every song with every edit
            self._icon = icon
            self.lock.setIcon(theme.icon(*icon, 13))
        self.lock.setAccessibleName(f"Lock the title of song {number}")
        self.lock.setToolTip("Locked: it stays when others are drawn" if locked else "Lock this title")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow panel the title needs the room of the strip."""
        self._strip.setVisible(event.size().width() >= _ROOM_FOR_STRIP)

    def _on_typed(self) -> None:
        self.title.setModified(False)
        if self.title.text().strip() != self._title_before:
            self.title_wanted.emit(self.song, self.title.text())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(TITLE_MIME) and not self.title.isReadOnly():
            set_kind(self.title, "inline-over")
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        set_kind(self.title, "inline" if self.title.text() else "inline-empty")

    def dropEvent(self, event: QDropEvent) -> None:
        self.title_wanted.emit(self.song, event.mimeData().data(TITLE_MIME).toStdString())
        event.acceptProposedAction()


class SongTitleList(QWidget):
    """All songs, one under the other.

    Signals:
        title_wanted(str, str): song id, title.
        lock_wanted(str, bool): song id, whether its title should stay as it is.
    """

    title_wanted = Signal(str, str)
    lock_wanted = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[SongTitleRow] = []
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(0)

    def show_songs(self, songs: tuple[Song, ...], ages: dict[str, float]) -> None:
        """Shows these songs; `ages` are by id of the clip."""
        while len(self._rows) < len(songs):
            made = SongTitleRow()
            made.title_wanted.connect(self.title_wanted)
            made.lock_wanted.connect(self.lock_wanted)
            self._rows.append(made)
            self._body.addWidget(made)
        while len(self._rows) > len(songs):
            gone = self._rows.pop()
            self._body.removeWidget(gone)
            gone.deleteLater()
        for number, (shown, song) in enumerate(zip(self._rows, songs, strict=True), 1):
            shown.show_song(number, song, ages)

    def row_of(self, song: str) -> SongTitleRow:
        """The row of a song, by its id."""
        return next(shown for shown in self._rows if shown.song == song)
