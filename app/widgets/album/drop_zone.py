"""The head of the album: its cover and its name, and the place where music is dropped."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from app.widgets import theme
from app.widgets.basics import Elided, button, column, label, row, set_kind
from app.widgets.controls.editable import EditableText
from app.widgets.pictures.picture import read_scaled

_NARROW = 640
_WIDEST_TITLE, _WIDEST_ARTIST = 420, 200
_BESIDE_NAMES = 90
"""Pixels at the left and at the right of the names, besides the cover and the buttons."""
KINDS = "FLAC, WAV, MP3, Ogg, Opus, M4A, AIFF"


class CoverView(QWidget):
    """A square picture with round corners, or a note where there is none.

    Signals:
        picture_asked(): the empty place was clicked.
    """

    picture_asked = Signal()

    def __init__(self, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._path = ""
        self._picture = QPixmap()
        self.setFixedSize(side, side)
        self._name()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def set_side(self, side: int) -> None:
        """Makes it a square of so many pixels."""
        if side != self._side:
            self._side = side
            self.setFixedSize(side, side)
            self.show_file(self._path)

    def show_file(self, path: str) -> None:
        """Shows the picture of a file; "" for none."""
        self._path = path
        self._picture = QPixmap()
        if path:
            sharp = round(self._side * self.devicePixelRatioF())
            whole = QPixmap.fromImage(read_scaled(Path(path), 2 * sharp))
            if not whole.isNull():
                expand, smooth = (
                    Qt.AspectRatioMode.KeepAspectRatioByExpanding,
                    Qt.TransformationMode.SmoothTransformation,
                )
                scaled = whole.scaled(sharp, sharp, expand, smooth)
                left, top = (scaled.width() - sharp) // 2, (scaled.height() - sharp) // 2
                self._picture = scaled.copy(left, top, sharp, sharp)
        self._name()
        self.update()

    def _name(self) -> None:
        self.setAccessibleName("No cover" if self.is_empty else "Cover")
        self.setToolTip("Choose a picture as the cover of the album" if self.is_empty else "")
        self.setCursor(Qt.CursorShape.PointingHandCursor if self.is_empty else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.is_empty and event.button() == Qt.MouseButton.LeftButton:
            self.picture_asked.emit()
        else:
            super().mousePressEvent(event)

    @property
    def is_empty(self) -> bool:
        """Whether no picture is shown."""
        return self._picture.isNull()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        rect = QRectF(self.rect())
        path = QPainterPath()
        path.addRoundedRect(rect, 6, 6)
        painter.setClipPath(path)
        if not self._picture.isNull():
            painter.drawPixmap(rect, self._picture, QRectF(self._picture.rect()))
            return
        painter.fillRect(rect, QColor(theme.RAISED))
        size = self._side // 3
        note = theme.icon("music", theme.FAINT, size).pixmap(QSize(size, size), self.devicePixelRatioF())
        painter.drawPixmap((self._side - size) // 2, (self._side - size) // 2 - 8, note)
        painter.setFont(theme.ui_font(11))
        painter.setPen(QColor(theme.DIM))
        middle = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        painter.drawText(rect.adjusted(0, 0, 0, -10), middle, "Add cover…")


class DropZone(QFrame):
    """What the album is, and how to add to it.

    Signals:
        files_asked(): choose files.
        folder_asked(): choose a folder.
        cover_asked(): choose the cover of the album.
        renamed(str, str): another title, another artist.
    """

    files_asked = Signal()
    folder_asked = Signal()
    cover_asked = Signal()
    renamed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "drop")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.cover = CoverView(120)
        self.cover.picture_asked.connect(self.cover_asked)
        self.title = EditableText("Title of the album", "album-title", widest=_WIDEST_TITLE, empty="Untitled album")
        self.artist = EditableText("Artist of the album", "album-artist", widest=_WIDEST_ARTIST, empty="Unknown artist")
        self.title.edited.connect(lambda title: self.renamed.emit(title, self.artist.text))
        self.artist.edited.connect(lambda artist: self.renamed.emit(self.title.text, artist))
        self.facts = Elided("", "dim")
        self._facts_below = Elided("", "dim")
        self._facts_below.hide()
        self.hint = Elided(f"Drop another album, a folder or single tracks here \u2014 {KINDS}", "faint")
        self.files = button("Choose files\u2026", tip="Add sound files, pictures or lists of titles (Ctrl+I)")
        self.folder = button("Choose folder\u2026", tip="Add everything in a folder (Ctrl+Shift+I)")
        self.files.clicked.connect(self.files_asked)
        self.folder.clicked.connect(self.folder_asked)
        names = row(self.artist, self.facts, 1, spacing=0)
        # the facts take all the room that there is, and the artist stays at the left where they are not shown
        names.setStretch(1, 1000)
        words = column(
            1,
            row(self.title, 1),
            names,
            row(self._facts_below, margins=(6, 0, 0, 0)),
            row(self.hint, margins=(6, 2, 0, 0)),
            1,
            spacing=2,
        )
        buttons = column(1, self.files, self.folder, 1, spacing=8)
        inner = row(self.cover, words, buttons, spacing=14, margins=(22, 18, 22, 18))
        inner.setStretch(1, 1)
        self.setLayout(inner)

    def show_album(self, title: str, artist: str, facts: str, cover: str) -> None:
        """Shows the names, a line such as "2009 · 11 tracks · 48:12", and the picture of a file."""
        self._facts_below.show_text(facts)
        self.title.show_text(title)
        self.artist.show_text(artist)
        self.facts.show_text(f"· {facts}")
        self.cover.show_file(cover)

    def show_drop(self, over: bool) -> None:
        """Lights up while something is held over the window."""
        set_kind(self, "drop-over" if over else "drop")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        self.cover.set_side(88 if narrow else 120)
        self.facts.setVisible(not narrow)
        self._facts_below.setVisible(narrow)
        self.hint.setVisible(not narrow)
        room = self.width() - self.cover.width() - self.folder.sizeHint().width() - _BESIDE_NAMES
        self.title.make_room(max(min(room, _WIDEST_TITLE), 0))
        self.artist.make_room(max(min(room, _WIDEST_ARTIST), 0))


class FirstDrop(QFrame):
    """What an empty project shows: where to drop, or what else to do.

    Signals:
        files_asked(): choose files.
        folder_asked(): choose a folder.
        demo_asked(): let the demo band play.
    """

    files_asked = Signal()
    folder_asked = Signal()
    demo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "drop")
        self.files = button("Choose files\u2026", "primary")
        self.folder = button("Choose folder\u2026")
        self.demo = button("Try the demo band", tip="Three short pieces of a band that does not exist")
        self.files.clicked.connect(self.files_asked)
        self.folder.clicked.connect(self.folder_asked)
        self.demo.clicked.connect(self.demo_asked)
        title = label("Drop an album here", "big")
        words = label(
            "A folder of songs, or single files: the model learns what they sound like, and plays on from there. "
            "About half an hour of one band from one studio works best. Your files stay where they are.",
            "dim",
            wrap=True,
        )
        words.setFixedSize(460, words.heightForWidth(460))
        kinds = label(f"{KINDS}. Pictures and lists of song titles are welcome too.", "faint")
        note = label()
        note.setPixmap(theme.icon("music", theme.FAINT, 44).pixmap(44, 44))
        middle = Qt.AlignmentFlag.AlignHCenter
        for each in (title, words, kinds):
            each.setAlignment(middle)
        body = column(1, spacing=14, margins=(24, 24, 24, 24))
        for each in (note, title, words):
            body.addWidget(each, 0, middle)
        body.addSpacing(6)
        body.addLayout(row(1, self.files, self.folder, self.demo, 1, spacing=10))
        body.addWidget(kinds, 0, middle)
        body.addStretch(1)
        self.setLayout(body)

    def show_drop(self, over: bool) -> None:
        """Shows whether something that can be dropped hangs over it."""
        set_kind(self, "drop-over" if over else "drop")
