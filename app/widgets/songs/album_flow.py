"""The songs of the album in their order: chosen, dragged to another place, added, copied, removed; and the silence
between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QPainter
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from app.document.model import LONGEST_GAP, Clip, Song
from app.widgets import theme
from app.widgets.basics import button
from app.widgets.controls.drag_number import DragNumber
from app.widgets.controls.value_range import ValueRange
from app.widgets.dragging import MimeOf, own_mime
from app.widgets.songs.song_card import CARD_HEIGHT, LEAST_WIDTH, MOST_WIDTH, SCROLLED_WIDTH, SONG_MIME, SongCard
from app.widgets.timeline.mouse import clips_of
from app.widgets.timeline.waves import Waves, shades_of, wave_image

_GAP = 28
_ADD_WIDTH, _TIGHT_ADD_WIDTH = 76, 40


_GAP_LIMITS = (
    "Songs cannot overlap: 0 s is the least.",
    f"{LONGEST_GAP:g} s is the longest silence between two songs.",
)


def gap_text(seconds: float) -> str:
    """So short that it fits between two songs: "2", "0.5"."""
    return f"{seconds:g}"


_SILENCE = ValueRange(0.0, LONGEST_GAP, 2.0, gap_text, step=0.5, limits=_GAP_LIMITS)
"""In seconds."""


class AlbumFlow(QScrollArea):
    """The strip of songs.

    Signals:
        song_chosen(str): show this song.
        play_asked(str): play it from its start.
        move_asked(str, int): a song and the place in the order that it shall have.
        add_asked(): another song.
        duplicate_asked(str), remove_asked(str): song.
        gap_asked(str, float): a song and the seconds of silence after it; many come during one drag.
        gap_let_go(): the drag is over.
        clips_asked(str, object): clips, by their ids, were dropped on a song.
    """

    song_chosen = Signal(str)
    play_asked = Signal(str)
    move_asked = Signal(str, int)
    add_asked = Signal()
    duplicate_asked = Signal(str)
    remove_asked = Signal(str)
    gap_asked = Signal(str, float)
    gap_let_go = Signal()
    clips_asked = Signal(str, object)

    def __init__(self, waves: Waves, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mime_of: MimeOf[str] = own_mime
        """Of the id of the song that is dragged."""
        self._waves = waves
        self._clips: Mapping[str, Clip] = {}
        self._colours: Mapping[str, QColor] = {}
        self.strip = QWidget()
        self.cards: list[SongCard] = []
        self.gaps: list[DragNumber] = []
        """The silence after each song but the last."""
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
        self,
        songs: Sequence[Song],
        clips: Mapping[str, Clip],
        colours: Mapping[str, QColor],
        current: str,
        usual_gap: float,
    ) -> None:
        """Args: clips, colours: by id of the clip. usual_gap: seconds after a song that has no gap of its own."""
        if colours is not self._colours and colours != self._colours:
            for card in self.cards:
                card.forget_picture()
        self._clips, self._colours = clips, colours
        while len(self.cards) > len(songs):
            if self.cards[-1].hasFocus() and len(self.cards) > 1:
                self.cards[-2].setFocus()
            for gone in (self.cards.pop(), self.gaps.pop()):
                gone.hide()
                gone.deleteLater()
        while len(self.cards) < len(songs):
            self._add_card()
        for place, (card, song) in enumerate(zip(self.cards, songs, strict=True)):
            card.show_song(place + 1, song, current=song.id == current)
        for place, (gap, song) in enumerate(zip(self.gaps, songs, strict=False)):
            gap.show_name(f"Seconds of silence after song {place + 1}", usual_gap)
            gap.put(usual_gap if song.gap_seconds is None else song.gap_seconds)
        self._lay_out()

    def _add_card(self) -> None:
        card = SongCard(self.paint_song, self.strip)
        card.mime_of = lambda id, own: self.mime_of(id, own)
        for theirs, ours in (
            (card.chosen, self.song_chosen),
            (card.play_asked, self.play_asked),
            (card.move_asked, self.move_asked),
            (card.duplicate_asked, self.duplicate_asked),
            (card.remove_asked, self.remove_asked),
            (card.focus_asked, self.focus_card),
        ):
            theirs.connect(ours)
        gap = DragNumber("Silence", _SILENCE, self.strip, centred=True)
        gap.moved.connect(lambda seconds: self.gap_asked.emit(card.song.id, seconds))
        gap.let_go.connect(self.gap_let_go)
        for before, after in ((self.gaps[-1] if self.gaps else self, card), (card, gap), (gap, self.add)):
            QWidget.setTabOrder(before, after)
        self.cards.append(card)
        self.gaps.append(gap)

    def forget_clip(self, clip: str) -> None:
        """Repaints the cards with a clip whose waveform has become known."""
        for card in self.cards:
            if any(part.clip == clip for lane in card.song.lanes for part in lane.sections):
                card.forget_picture()

    def paint_song(self, painter: QPainter, song: Song, size: QSize, dpr: float) -> None:
        """Paints the waveforms of a song in miniature."""
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
        """Gives the keyboard to the card at a place, where there is one."""
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
        """Songs as wide as they are long, as far as the room goes; where it does not, wide enough to be read."""
        count = len(self.cards)
        is_tight = self.viewport().width() < count * (LEAST_WIDTH + _GAP) + _ADD_WIDTH
        add_width = _TIGHT_ADD_WIDTH if is_tight else _ADD_WIDTH
        self.add.setText("+" if is_tight else "+ song")
        room = self.viewport().width() - add_width - _GAP * count
        least = LEAST_WIDTH if room >= count * LEAST_WIDTH else SCROLLED_WIDTH
        total = sum(card.song.frames for card in self.cards) or 1
        x = 0
        for place, card in enumerate(self.cards):
            share = max(room - count * LEAST_WIDTH, 0) * card.song.frames // total
            width = min(least + share, MOST_WIDTH)
            card.setGeometry(x, 0, width, CARD_HEIGHT)
            card.show()
            gap = self.gaps[place]
            gap.setGeometry(x + width + 1, (CARD_HEIGHT - 20) // 2, _GAP - 2, 20)
            gap.setVisible(place < count - 1)
            x += width + _GAP
        self.add.setGeometry(x, 8, add_width, CARD_HEIGHT - 16)
        self.strip.resize(x + add_width, CARD_HEIGHT)

    # what is dragged here

    def song_at(self, place: QPoint) -> str:
        """The song whose card is at a place of the screen; "" for none."""
        here = self.viewport().mapFromGlobal(place)
        if not self.viewport().rect().contains(here):
            return ""
        at = self.strip.mapFromGlobal(place)
        return next((card.song.id for card in self.cards if card.geometry().contains(at)), "")

    def show_target(self, song: str) -> None:
        """Shows over which song something hangs; "" for none."""
        for card in self.cards:
            if card.is_target != (card.song.id == song):
                card.is_target = card.song.id == song
                card.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(SONG_MIME) or clips_of(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        place = event.position().toPoint()
        if event.mimeData().hasFormat(SONG_MIME):
            self._mark_place(self.strip.mapFrom(self, place).x())
        else:
            song = self.song_at(self.mapToGlobal(place))
            self.show_target(song)
            if not song:
                event.ignore()
                return
        event.acceptProposedAction()

    def _mark_place(self, x: int) -> None:
        self._drop_place = sum(card.geometry().center().x() < x for card in self.cards)
        at = self.cards[self._drop_place].x() if self._drop_place < len(self.cards) else self.add.x()
        self._mark.setGeometry(at - _GAP // 2 - 1, 0, 2, CARD_HEIGHT)
        self._mark.show()
        self._mark.raise_()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._mark.hide()
        self.show_target("")

    def dropEvent(self, event: QDropEvent) -> None:
        self._mark.hide()
        self.show_target("")
        clips = clips_of(event.mimeData())
        if clips:
            self.clips_asked.emit(self.song_at(self.mapToGlobal(event.position().toPoint())), clips)
        else:
            self._drop_song(event.mimeData().data(SONG_MIME).toStdString())
        event.acceptProposedAction()

    def _drop_song(self, id: str) -> None:
        before = next((place for place, card in enumerate(self.cards) if card.song.id == id), None)
        if before is not None and self._drop_place is not None:
            self.move_asked.emit(id, self._drop_place - (self._drop_place > before))
