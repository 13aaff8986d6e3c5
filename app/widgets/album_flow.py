"""The songs of the album in their order: chosen, dragged to another place, added, copied, removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QFrame, QMenu, QScrollArea, QWidget

from app.document.model import SONG_RATE, Clip, Song
from app.widgets import theme
from app.widgets.basics import button, duration
from app.widgets.timeline.waves import Waves, shades_of, wave_image

SONG_MIME = "application/x-deepcuts-song"
CARD_HEIGHT = 46
_LEAST_WIDTH, _MOST_WIDTH, _GAP = 56, 220, 8
_ADD_WIDTH, _TIGHT_ADD_WIDTH = 76, 40


class SongCard(QWidget):
    """One song: number, title, length, and its sections in the colours of their ages."""

    def __init__(self, flow: AlbumFlow) -> None:
        super().__init__(flow.strip)
        self._flow = flow
        self.song = Song(id="")
        self._number = 0
        self._picture = QPixmap()
        self._painted: tuple[object, ...] = ()
        self._pressed: QPoint | None = None
        self.is_current = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_song(self, number: int, song: Song, *, current: bool) -> None:
        self.song, self._number, self.is_current = song, number, current
        title = song.title or "untitled"
        length = duration(song.frames / SONG_RATE)
        self.setAccessibleName(f"Song {number}, {title}, {length}{', shown below' if current else ''}")
        self.setToolTip(f"{number} {title} · {length}\nDrag it to another place; double-click plays")
        self.update()

    def forget_picture(self) -> None:
        """The waveforms of some of its clips have become known."""
        self._painted = ()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_LEAST_WIDTH, CARD_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = theme.ACCENT if self.is_current else theme.SECOND if self.hasFocus() else theme.LINE
        painter.setPen(QColor(edge))
        painter.setBrush(QColor(theme.PRESSED if self.is_current or self.underMouse() else theme.RAISED))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setFont(theme.ui_font(12, weight=QFont.Weight.Medium, tabular=True))
        painter.setPen(QColor(theme.TEXT if self.song.title else theme.DIM))
        words = f"{self._number} {self.song.title or 'untitled'}"
        room = self.width() - 16
        words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(8, 4, room, 19), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
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
            self._flow.paint_song(painter, self.song, size, dpr)
            painter.end()
        return self._picture

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()
            self._flow.song_chosen.emit(self.song.id)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        if self._pressed is None or (place - self._pressed).manhattanLength() < QApplication.startDragDistance():
            return
        pressed, self._pressed = self._pressed, None
        mime = QMimeData()
        mime.setData(SONG_MIME, self.song.id.encode())
        drag = QDrag(self)
        drag.setMimeData(mime)
        drag.setPixmap(self.grab())
        drag.setHotSpot(pressed)
        drag.exec(Qt.DropAction.MoveAction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._flow.play_asked.emit(self.song.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        way = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if way and alt:
            self._flow.move_asked.emit(self.song.id, self._number - 1 + way)
        elif way:
            self._flow.focus_card(self._number - 1 + way)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._flow.song_chosen.emit(self.song.id)
        elif event.key() == Qt.Key.Key_Delete:
            self._flow.remove_asked.emit(self.song.id)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        flow, song, place = self._flow, self.song.id, self._number - 1
        menu = QMenu(self)
        menu.addAction("Play").triggered.connect(lambda: flow.play_asked.emit(song))
        menu.addAction("Duplicate song").triggered.connect(lambda: flow.duplicate_asked.emit(song))
        menu.addAction("Move earlier\tAlt+Left").triggered.connect(lambda: flow.move_asked.emit(song, place - 1))
        menu.addAction("Move later\tAlt+Right").triggered.connect(lambda: flow.move_asked.emit(song, place + 1))
        menu.addSeparator()
        menu.addAction("Delete song\tDel").triggered.connect(lambda: flow.remove_asked.emit(song))
        menu.exec(event.globalPos())


class AlbumFlow(QScrollArea):
    """The strip of songs.

    Signals:
        song_chosen(str): show this song.
        play_asked(str): play it from its start.
        move_asked(str, int): a song and the place in the order that it shall have.
        add_asked(): another song.
        duplicate_asked(str), remove_asked(str): song.
    """

    song_chosen = Signal(str)
    play_asked = Signal(str)
    move_asked = Signal(str, int)
    add_asked = Signal()
    duplicate_asked = Signal(str)
    remove_asked = Signal(str)

    def __init__(self, waves: Waves, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._waves = waves
        self._clips: Mapping[str, Clip] = {}
        self._colours: Mapping[str, QColor] = {}
        self.strip = QWidget()
        self.cards: list[SongCard] = []
        self._drop_place: int | None = None
        self._mark = QFrame(self.strip)
        self._mark.setStyleSheet(f"background: {theme.ACCENT};")
        self._mark.hide()
        self.add = button("+ song", "", tip="Another song")
        self.add.setParent(self.strip)
        self.add.setAccessibleName("Add a song")
        self.add.clicked.connect(self.add_asked)
        self.setWidget(self.strip)
        self.setWidgetResizable(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(CARD_HEIGHT + 12)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Album flow")

    def show_songs(
        self, songs: Sequence[Song], clips: Mapping[str, Clip], colours: Mapping[str, QColor], current: str
    ) -> None:
        """Args: clips, colours: by id of the clip."""
        if colours != self._colours:
            for card in self.cards:
                card.forget_picture()
        self._clips, self._colours = clips, colours
        while len(self.cards) > len(songs):
            gone = self.cards.pop()
            gone.hide()
            gone.deleteLater()
        while len(self.cards) < len(songs):
            card = SongCard(self)
            QWidget.setTabOrder(self.cards[-1] if self.cards else self, card)
            QWidget.setTabOrder(card, self.add)
            self.cards.append(card)
        for place, (card, song) in enumerate(zip(self.cards, songs, strict=True)):
            card.show_song(place + 1, song, current=song.id == current)
        self._lay_out()

    def forget_clip(self, clip: str) -> None:
        """Its waveform has become known."""
        for card in self.cards:
            if any(part.clip == clip for lane in card.song.lanes for part in lane.sections):
                card.forget_picture()

    def paint_song(self, painter: QPainter, song: Song, size: QSize, dpr: float) -> None:
        """A song as small as can be."""
        if not song.frames:
            painter.fillRect(QRectF(0, size.height() / 2, size.width(), 1), QColor(theme.LINE))
        scale = size.width() / max(song.frames, 1)
        for lane in reversed(song.lanes):
            for part in lane.sections:
                clip, width = self._clips.get(part.clip), max(round(part.length * scale * dpr), 1)
                colour = self._colours.get(part.clip, QColor(theme.FAINT))
                window = self._waves.window(clip, part.offset, part.length, width) if clip else None
                if window is None:
                    painter.fillRect(QRectF(part.start * scale, size.height() / 2, width / dpr, 1), colour)
                    continue
                image = wave_image(*window, round(size.height() * dpr), colour, shades_of(colour.rgb())[1])
                image.setDevicePixelRatio(dpr)
                painter.drawImage(QPointF(part.start * scale, 0), image)

    def focus_card(self, place: int) -> None:
        if 0 <= place < len(self.cards):
            self.cards[place].setFocus(Qt.FocusReason.TabFocusReason)
            self.ensureWidgetVisible(self.cards[place], _GAP, 0)

    def reveal(self, song: str) -> None:
        """Scrolls to a song."""
        for card in self.cards:
            if card.song.id == song:
                self.ensureWidgetVisible(card, _GAP, 0)

    def resizeEvent(self, event: object) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        """Songs as wide as they are long, as far as the room goes."""
        count = len(self.cards)
        is_tight = self.viewport().width() < count * (_LEAST_WIDTH + _GAP) + _ADD_WIDTH
        add_width = _TIGHT_ADD_WIDTH if is_tight else _ADD_WIDTH
        self.add.setText("+" if is_tight else "+ song")
        room = self.viewport().width() - add_width - _GAP * count
        total = sum(card.song.frames for card in self.cards) or 1
        x = 0
        for card in self.cards:
            share = round(max(room - count * _LEAST_WIDTH, 0) * card.song.frames / total)
            width = min(_LEAST_WIDTH + share, _MOST_WIDTH)
            card.setGeometry(x, 0, width, CARD_HEIGHT)
            card.show()
            x += width + _GAP
        self.add.setGeometry(x, 8, add_width, CARD_HEIGHT - 16)
        self.strip.resize(x + add_width, CARD_HEIGHT)

    # a song that is dragged

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(SONG_MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        x = self.strip.mapFrom(self, event.position().toPoint()).x()
        self._drop_place = sum(card.geometry().center().x() < x for card in self.cards)
        at = self.cards[self._drop_place].x() if self._drop_place < len(self.cards) else self.add.x()
        self._mark.setGeometry(at - _GAP // 2 - 1, 0, 2, CARD_HEIGHT)
        self._mark.show()
        self._mark.raise_()
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._mark.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._mark.hide()
        id = event.mimeData().data(SONG_MIME).toStdString()
        before = next((place for place, card in enumerate(self.cards) if card.song.id == id), None)
        if before is not None and self._drop_place is not None:
            self.move_asked.emit(id, self._drop_place - (self._drop_place > before))
        event.acceptProposedAction()
