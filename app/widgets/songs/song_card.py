"""One song of the album as a card: number, title, length, and its sections in the colours of their ages."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDrag,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QWidget

from app.document.model import SONG_RATE, Song
from app.document.words import isolated
from app.widgets import theme
from app.widgets.basics import duration, passing_menu
from app.widgets.dragging import MimeOf, own_mime, run_drag

SONG_MIME = "application/x-deepcuts-song"
CARD_HEIGHT = 46
LEAST_WIDTH, SCROLLED_WIDTH, MOST_WIDTH = 56, 100, 220
_ROOM_FOR_LENGTH = 76

PaintSong = Callable[[QPainter, Song, QSize, float], None]
"""Paints a song in miniature: painter, song, size in pixels of the widget, and device pixels per pixel."""


class SongCard(QWidget):
    """One song: number, title, length, and its sections in the colours of their ages.

    Args:
        paint_song: paints the waveforms; the result is kept until `forget_picture`.

    Signals (the first argument is the id of the song that is shown):
        chosen(str): show it.
        play_asked(str): play it from its start.
        move_asked(str, int): move it to this place of the order, counted from 0.
        duplicate_asked(str), remove_asked(str).
        focus_asked(int): give the keyboard to the card at this place.
    """

    chosen = Signal(str)
    play_asked = Signal(str)
    move_asked = Signal(str, int)
    duplicate_asked = Signal(str)
    remove_asked = Signal(str)
    focus_asked = Signal(int)

    def __init__(self, paint_song: PaintSong, parent: QWidget) -> None:
        super().__init__(parent)
        self._paint_song = paint_song
        self.song = Song(id="")
        self.mime_of: MimeOf[str] = own_mime
        """Of the id of the song that is dragged."""
        self._number = 0
        self._picture = QPixmap()
        self._painted: tuple[object, ...] = ()
        self._pressed: QPoint | None = None
        self.is_current = False
        self.is_target = False
        """Something hangs over it that can be dropped there."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_song(self, number: int, song: Song, *, current: bool) -> None:
        """Shows a song; `number` is its place on the album from 1 on, `current` whether it is open below."""
        self.song, self._number, self.is_current = song, number, current
        title = song.title or "untitled"
        length = duration(song.frames / SONG_RATE)
        self.setAccessibleName(f"Song {number}, {title}, {length}{', shown below' if current else ''}")
        self.setToolTip(f"{number} {isolated(title)} · {length}\nDrag it to another place; double-click plays")
        self.update()

    def forget_picture(self) -> None:
        """Paints the waveforms anew at the next repaint: some have become known."""
        self._painted = ()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(LEAST_WIDTH, CARD_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        marked = self.is_target or (self.hasFocus() and not self.is_current)
        edge = theme.SECOND if marked else theme.ACCENT if self.is_current else theme.LINE
        painter.setPen(QColor(edge))
        painter.setBrush(QColor(theme.PRESSED if self.is_current or self.underMouse() else theme.RAISED))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setFont(theme.ui_font(12, weight=QFont.Weight.Medium, tabular=True))
        painter.setPen(QColor(theme.TEXT if self.song.title else theme.DIM))
        words = f"{self._number} {isolated(self.song.title) or 'untitled'}"
        room = self.width() - 16
        words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(8, 4, room, 19), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        if self.width() >= _ROOM_FOR_LENGTH:
            length = duration(self.song.frames / SONG_RATE)
            painter.setFont(theme.ui_font(10, tabular=True))
            painter.setPen(QColor(theme.DIM))
            area = QRect(8, 25, room, CARD_HEIGHT - 31)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, length)
            room -= painter.fontMetrics().horizontalAdvance(length) + 6
        painter.drawPixmap(8, 26, self._waves(QSize(room, CARD_HEIGHT - 33)))

    def _waves(self, size: QSize) -> QPixmap:
        """All lanes over each other, each section in the colour of its age."""
        dpr = self.devicePixelRatioF()
        wanted = (self.song.lanes, size.width(), dpr)
        if self._painted != wanted:
            self._painted = wanted
            self._picture = QPixmap(size * dpr)
            self._picture.setDevicePixelRatio(dpr)
            self._picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._picture)
            self._paint_song(painter, self.song, size, dpr)
            painter.end()
        return self._picture

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()
            self.chosen.emit(self.song.id)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        if self._pressed is None or (place - self._pressed).manhattanLength() < QApplication.startDragDistance():
            return
        pressed, self._pressed = self._pressed, None
        drag = QDrag(self)
        drag.setPixmap(self.grab())
        drag.setHotSpot(pressed)
        mime = self.mime_of(self.song.id, {SONG_MIME: self.song.id.encode()})
        run_drag(drag, mime, Qt.DropAction.MoveAction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.play_asked.emit(self.song.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        way = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if way and alt:
            self.move_asked.emit(self.song.id, self._number - 1 + way)
        elif way:
            self.focus_asked.emit(self._number - 1 + way)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.song.id)
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_asked.emit(self.song.id)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        song, place = self.song.id, self._number - 1
        menu = passing_menu(self)
        menu.addAction("Play").triggered.connect(lambda: self.play_asked.emit(song))
        menu.addAction("Duplicate song").triggered.connect(lambda: self.duplicate_asked.emit(song))
        menu.addAction("Move earlier\tAlt+Left").triggered.connect(lambda: self.move_asked.emit(song, place - 1))
        menu.addAction("Move later\tAlt+Right").triggered.connect(lambda: self.move_asked.emit(song, place + 1))
        menu.addSeparator()
        menu.addAction("Delete song\tDel").triggered.connect(lambda: self.remove_asked.emit(song))
        menu.exec(event.globalPos())
