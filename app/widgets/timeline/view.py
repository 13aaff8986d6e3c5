"""The timeline on screen: what is seen of a song, scrolled, zoomed and painted."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from app.document.model import Section
from app.widgets import theme
from app.widgets.timeline.clip_cache import SectionCache
from app.widgets.timeline.geometry import fitted
from app.widgets.timeline.lane_header import HEADER_WIDTH, LaneHeaders
from app.widgets.timeline.mouse import Mouse
from app.widgets.timeline.painter import LanePainter
from app.widgets.timeline.ruler import Ruler
from app.widgets.timeline.scrolling import Wheel, reveal, set_ranges
from app.widgets.timeline.snapping import Snap
from app.widgets.timeline.state import Change, TimelineState
from app.widgets.timeline.voice import Voice
from app.widgets.timeline.waves import Waves

_PAINT_BUDGET = 0.006
"""Seconds for new pictures in one repaint; what is left waits for the next."""
_RESTS_MS = 150
"""Moving a widget is slow, so the one for screen readers is moved when nothing has been scrolled for so long."""


class TimelineView(QAbstractScrollArea):
    """Shows its `state`, and turns the work of mouse and keys on it into changes of the state and into edits.

    Signals:
        edit_asked(str, object): the name of an edit, and the function from a document to the one after it.
        seek_asked(int): the person wants the playhead at this frame.
        scrub_asked(int): the person drags the playhead to this frame and wants to hear what is there.
        loop_asked(object): (first, last) frame of the loop that was drawn on the ruler, or None to end it.
        selection_changed(): other sections are chosen.
        over_song(str): the sections that are dragged hang over this other song now, or over none ("").
        to_song_asked(str, bool): they were dropped there; whether as copies.
        out_asked(object): the sections of these ids are carried out of the window.
        keys_released(): a key that was held is let go: what keys do from now on is another gesture.
    """

    edit_asked = Signal(str, object)
    seek_asked = Signal(int)
    scrub_asked = Signal(int)
    loop_asked = Signal(object)
    selection_changed = Signal()
    over_song = Signal(str)
    to_song_asked = Signal(str, bool)
    out_asked = Signal(object)
    keys_released = Signal()

    def __init__(self, waves: Waves, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = TimelineState(lambda: self.viewport().width())
        self.state.on_change(self._on_change)
        self.snap = Snap(self.state)
        self.mouse = Mouse(self, self.state, self.snap)
        self._cache = SectionCache(waves)
        self._painter = LanePainter(self._cache)
        self._wheel = Wheel(self, self.state)
        self._painted_playhead = 0
        self._laid_out = (0, False)
        """The number of lanes, and whether there are markers, when everything was last put in its place."""
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self.viewport().update)
        self._rests = QTimer(self)
        self._rests.setSingleShot(True)
        self._rests.setInterval(_RESTS_MS)
        self._rests.timeout.connect(self._place_voice)
        self.headers = LaneHeaders(self)
        self.ruler = Ruler(self, self.state, self.snap, self._wheel)
        self.voice = Voice(self.viewport())
        self.setViewportMargins(HEADER_WIDTH, self.ruler.wanted_height, 0, 0)
        for theirs, ours in (
            (self.mouse.edit_asked, self.edit_asked),
            (self.mouse.seek_asked, self.seek_asked),
            (self.mouse.over_song, self.over_song),
            (self.mouse.to_song_asked, self.to_song_asked),
            (self.mouse.out_asked, self.out_asked),
            (self.ruler.edit_asked, self.edit_asked),
            (self.ruler.seek_asked, self.seek_asked),
            (self.ruler.scrub_asked, self.scrub_asked),
            (self.ruler.loop_asked, self.loop_asked),
            (self.ruler.fit_asked, self.state.fit),
        ):
            theirs.connect(ours)
        self.headers.lower()
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setAccessibleName("Timeline")
        self._say()

    def forget_clip(self, clip: str) -> None:
        """Its waveform has become known: its sections are painted anew."""
        self._cache.forget_clip(clip)
        self.viewport().update()

    def reveal(self, section: Section) -> None:
        """Scrolls as little as it takes to see the start of a section of the song that is shown."""
        reveal(self, self.state, section)

    def escape(self) -> None:
        """Gives up the drag; without one, the selection."""
        if self.state.is_dragging or self.ruler.is_dragging_loop:
            self.state.cancel()
        else:
            self.state.select(())

    # what changes in the state is shown

    def _on_change(self, change: Change) -> None:
        match change:
            case "song":
                self._show_song()
            case "selection":
                self._say()
                self.viewport().update()
                self.selection_changed.emit()
            case "playhead":
                self._show_playhead()
            case "loop":
                self._refresh()
            case "scale":
                self._set_ranges()
                self._refresh()
            case "lane height":
                self._lay_out()
                self._set_ranges()
                self._refresh()
            case "scroll":
                self._lay_out()
                self._refresh()
            case "cancelled":
                self.mouse.give_up()
                self.ruler.give_up()
                self.over_song.emit("")
            case "marks":
                self.viewport().update()

    def _show_song(self) -> None:
        shown = self.state.shown_song
        self.headers.show_lanes(self.state.song.lanes)
        wanted = (len(shown.lanes), bool(shown.markers))
        if wanted != self._laid_out:
            self._laid_out = wanted
            self.setViewportMargins(HEADER_WIDTH, self.ruler.wanted_height, 0, 0)
            self._lay_out()
        self._set_ranges()
        self._refresh()

    def _show_playhead(self) -> None:
        """Repaints only where it was and where it is."""
        before, after = self.state.near_x(self._painted_playhead), self.state.near_x(self.state.playhead)
        self._painted_playhead = self.state.playhead
        if before != after:
            for x in (before, after):
                self.viewport().update(QRect(x - 2, 0, 4, self.viewport().height()))
            self.ruler.update()

    def _say(self) -> None:
        self.voice.say(self.state, self.state.chosen(), focused=self.hasFocus())
        self.setAccessibleDescription(self.voice.accessibleName())
        self._place_voice()

    def _place_voice(self) -> None:
        self.voice.place(self.state, self.state.chosen())

    def _refresh(self) -> None:
        """Repaints everything."""
        self._painted_playhead = self.state.playhead
        self._rests.start()
        self.viewport().update()
        self.ruler.update()

    def _set_ranges(self) -> None:
        set_ranges(self, self.state, self.headers.foot_height)

    def _lay_out(self) -> None:
        view = self.viewport().geometry()
        height = self.ruler.wanted_height
        self.ruler.setGeometry(view.left(), view.top() - height, view.width(), height)
        self.headers.setGeometry(0, view.top(), HEADER_WIDTH, view.height())
        self.headers.place(self.state.rows)

    # Qt

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.state.scrolled(self.horizontalScrollBar().value() if dx else None, self.verticalScrollBar().value())

    def resizeEvent(self, event: QResizeEvent) -> None:
        was_fitted = self._is_fitted(event.oldSize().width())
        self._lay_out()
        if was_fitted:
            self.state.fit()
        self._set_ranges()

    def _is_fitted(self, width: int) -> bool:
        return width <= 0 or self.state.scale == fitted(self.state.song.frames, width)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        until = time.perf_counter() + _PAINT_BUDGET
        width, dpr = self.viewport().width(), self.devicePixelRatioF()
        if not self._painter.paint(painter, self.state, width, event.rect(), dpr, until):
            self._again.start(0)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.with_alpha(theme.SECOND, 0.35))
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.state.set_hovered("")
        return super().viewportEvent(event)

    def focusInEvent(self, event: object) -> None:
        self.viewport().update()

    def focusOutEvent(self, event: object) -> None:
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel.turn(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.mouse.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mouse.press(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escape()
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self.keys_released.emit()
        event.ignore()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.mouse.clips_enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self.mouse.clips_move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.state.cancel()

    def dropEvent(self, event: QDropEvent) -> None:
        self.mouse.clips_drop(event)
