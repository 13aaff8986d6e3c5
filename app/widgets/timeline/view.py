"""The timeline on screen: what is seen of a song, scrolled, zoomed and painted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
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

from app.document.edits.tree import find
from app.document.model import Project, Section, Song
from app.widgets import theme
from app.widgets.timeline.accent_marks import AccentMarks
from app.widgets.timeline.clip_cache import SectionCache
from app.widgets.timeline.geometry import TimeScale, fitted
from app.widgets.timeline.gestures import Gesture, still_there
from app.widgets.timeline.lane_header import HEADER_WIDTH, LaneHeaders
from app.widgets.timeline.mouse import Mouse
from app.widgets.timeline.painter import LanePainter, Scene
from app.widgets.timeline.ruler import Ruler
from app.widgets.timeline.scrolling import Wheel, set_ranges
from app.widgets.timeline.snapping import Snap
from app.widgets.timeline.voice import Voice
from app.widgets.timeline.waves import Waves

_PAINT_BUDGET = 0.006
"""Seconds for new pictures in one repaint; what is left waits for the next."""
_ZOOM_STEP = 1.25
_RESTS_MS = 150
"""Moving a widget is slow: it waits until nothing else moves."""
_FOLLOW_FROM, _FOLLOW_TO = 0.9, 0.1
_KEPT_IN_VIEW = 60


class TimelineView(QAbstractScrollArea):
    """Shows one song and turns the hand's work into edits.

    Signals:
        edit_asked(str, object): the name of an edit, and the function from a document to the one after it.
        seek_asked(int): the person wants the playhead at this frame.
        scrub_asked(int): the person drags the playhead to this frame and wants to hear what is there.
        loop_asked(object): (first, last) frame of the loop that was drawn on the ruler, or None to end it.
        selection_changed(): other sections are chosen.
        over_song(str): the sections that are dragged hang over this other song now, or over none ("").
        to_song_asked(str, bool): they were dropped there; whether as copies.
        keys_released(): a key that was held is let go: what keys do from now on is another gesture.
    """

    edit_asked = Signal(str, object)
    seek_asked = Signal(int)
    scrub_asked = Signal(int)
    loop_asked = Signal(object)
    selection_changed = Signal()
    over_song = Signal(str)
    to_song_asked = Signal(str, bool)
    keys_released = Signal()

    def __init__(self, waves: Waves, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene = Scene()
        self.snap = Snap(self)
        self.follow = True
        self.song_at: Callable[[QPoint], str] = lambda place: ""
        """Which other song is shown at a place of the screen, e.g. on the strip of songs; "" for none."""
        self.current_lane: int | None = None
        self._project = Project()
        self._song = ""
        self._gesture: Gesture | None = None
        self._cache = SectionCache(waves)
        self._painter = LanePainter(self._cache)
        self._mouse = Mouse(self)
        self._wheel = Wheel(self)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self.viewport().update)
        self._rests = QTimer(self)
        self._rests.setSingleShot(True)
        self._rests.setInterval(_RESTS_MS)
        self._rests.timeout.connect(self._place_voice)
        self.headers = LaneHeaders(self)
        self.ruler = Ruler(self)
        self.voice = Voice(self.viewport())
        self.setViewportMargins(HEADER_WIDTH, self.ruler.wanted_height, 0, 0)
        self.ruler.seek_asked.connect(self.seek_asked)
        self.ruler.scrub_asked.connect(self.scrub_asked)
        self.ruler.loop_asked.connect(self.loop_asked)
        self.ruler.fit_asked.connect(self.fit)
        self.headers.lower()
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setAccessibleName("Timeline")
        self._say()

    # what is shown

    @property
    def project(self) -> Project:
        return self._project

    @property
    def song(self) -> Song:
        """As it is in the document, without what a drag is about to do."""
        return find(self._project.songs, self._song) if self._song else Song(id="")

    @property
    def selection(self) -> frozenset[str]:
        return self.scene.selection

    @property
    def gesture(self) -> Gesture | None:
        return self._gesture

    @property
    def is_dragging(self) -> bool:
        """Sections, clips, a marker or a lasso."""
        return self._gesture is not None or self.scene.lasso is not None

    def show_song(self, project: Project, song: str, colours: Mapping[str, QColor]) -> None:
        """Shows a song of the document; "" for none."""
        other = song != self._song
        self._project, self._song = project, song
        self.scene.clips = {clip.id: clip for clip in project.clips}
        self.scene.colours = colours
        if self._gesture is not None and (other or not still_there(project, self._gesture.moved)):
            self.cancel()
        self._show_gesture()
        here = {part.id for lane in self.song.lanes for part in lane.sections}
        self.select(self.scene.selection & here)
        if other:
            self.current_lane = None
            self.fit()

    def select(self, ids: Iterable[str]) -> None:
        ids = frozenset(ids)
        if ids != self.scene.selection:
            self.scene.selection = ids
            self._say()
            self.viewport().update()
            self.selection_changed.emit()

    def _say(self) -> None:
        chosen = self.chosen()
        self.voice.say(self.scene, chosen, focused=self.hasFocus())
        self.setAccessibleDescription(self.voice.accessibleName())
        self._place_voice()

    def _place_voice(self) -> None:
        self.voice.place(self.scene, self.chosen())

    def chosen(self) -> list[Section]:
        """The selected sections, lane by lane."""
        return [part for lane in self.song.lanes for part in lane.sections if part.id in self.selection]

    def set_playhead(self, frame: int, *, playing: bool = False) -> None:
        if frame == self.scene.playhead:
            return
        before, self.scene.playhead = self.scene.near_x(self.scene.playhead), frame
        after = self.scene.near_x(frame)
        width = self.viewport().width()
        if playing and self.follow and self._gesture is None and not 0 <= after <= width * _FOLLOW_FROM:
            self.scroll_to(frame - self.scene.scale.frames(width * _FOLLOW_TO))
            return
        if before != after:
            for x in (before, after):
                self.viewport().update(QRect(x - 2, 0, 4, self.viewport().height()))
            self.ruler.update()

    def show_loop(self, loop: tuple[int, int] | None) -> None:
        if loop != self.scene.loop:
            self.scene.loop = loop
            self._refresh()

    def show_accents(self, marks: Mapping[str, AccentMarks]) -> None:
        """Where the clips have their accents: they are marked, and things fall onto them."""
        self.scene.marks.put(marks)
        self.viewport().update()

    def hover(self, section: str) -> None:
        if section != self.scene.hovered:
            self.scene.hovered = section
            self.viewport().update()

    def show_lasso(self, area: QRect | None) -> None:
        self.scene.lasso = area
        self.viewport().update()

    def forget_clip(self, clip: str) -> None:
        """Its waveform has become known: its sections are painted anew."""
        self._cache.forget_clip(clip)
        self.viewport().update()

    # gestures

    def begin(self, gesture: Gesture) -> None:
        self._gesture = gesture

    def drag(self, place: QPoint, *, snap: bool) -> None:
        """The hand is at `place` of the viewport now."""
        if self._gesture is None:
            return
        scale = self.scene.scale
        self._gesture.drag(
            scale.frame(place.x()), self.scene.rows.lane_at(place.y()), self.snap.now() if snap else None
        )
        self._show_gesture()

    def drop(self) -> None:
        """The hand lets go: what it did becomes one edit."""
        gesture, self._gesture = self._gesture, None
        self.scene.guide = None
        if gesture is not None:
            self.edit_asked.emit(gesture.name, gesture.apply)
        self._show_gesture()

    def cancel(self) -> None:
        """As if the drag had never been."""
        self._gesture = None
        self.scene.guide = None
        self._mouse.give_up()
        self.ruler.give_up()
        self.over_song.emit("")
        self.show_lasso(None)
        self._show_gesture()

    def escape(self) -> None:
        """Gives up the drag; without one, the selection."""
        if self.is_dragging or self.ruler.is_dragging_loop:
            self.cancel()
        else:
            self.select(())

    def _show_gesture(self) -> None:
        song = self.song
        if self._gesture is not None:
            song = find(self._gesture.apply(self._project).songs, self._song)
            self.scene.guide = self._gesture.guide
        before = self.scene.song
        self.scene.song = song
        self.headers.show_lanes(self.song.lanes)
        if len(before.lanes) != len(song.lanes) or bool(before.markers) != bool(song.markers):
            self.setViewportMargins(HEADER_WIDTH, self.ruler.wanted_height, 0, 0)
            self._lay_out()
        set_ranges(self)
        self._refresh()

    # zoom and scroll

    def zoom(self, factor: float, anchor: float | None = None) -> None:
        """Zooms about a place of the viewport; without one, about the playhead where it is in view, else the middle."""
        if anchor is None:
            x = self.scene.x(self.scene.playhead)
            anchor = x if 0 <= x <= self.viewport().width() else self.viewport().width() / 2
        self.set_scale(self.scene.scale.zoomed(factor, anchor))

    def zoom_in(self) -> None:
        self.zoom(_ZOOM_STEP**2)

    def zoom_out(self) -> None:
        self.zoom(_ZOOM_STEP**-2)

    def fit(self) -> None:
        """The whole song in view."""
        self.set_scale(fitted(self.song.frames, self.viewport().width()))

    def scroll_to(self, start: float) -> None:
        self.set_scale(self.scene.scale.scrolled_to(start))

    def set_scale(self, scale: TimeScale) -> None:
        self.scene.scale = scale
        set_ranges(self)
        self._refresh()

    def show_place(self, frame: int) -> None:
        """Scrolls to a place that is not in view."""
        width = self.viewport().width()
        if not 0 <= self.scene.x(frame) <= width - 40:
            self.scroll_to(frame - self.scene.scale.frames(width * 0.2))

    def scroll_by(self, pixels: float) -> None:
        """By hand one does not get lost: some of the song, or of what is dragged beyond its end, stays in view."""
        scale = self.scene.scale
        furthest = max(self.scene.song.frames - scale.frames(_KEPT_IN_VIEW), scale.start)
        self.scroll_to(min(scale.start + scale.frames(pixels), furthest))

    def set_lane_height(self, height: int) -> None:
        self.scene.rows = replace(self.scene.rows, height=min(max(height, 40), 320))
        self._lay_out()
        set_ranges(self)
        self._refresh()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.scene.rows = replace(self.scene.rows, scroll=self.verticalScrollBar().value())
        if dx:
            self.scene.scale = self.scene.scale.scrolled_to(self.horizontalScrollBar().value())
        self._lay_out()
        self._refresh()

    def _refresh(self) -> None:
        self._rests.start()
        self.viewport().update()
        self.ruler.update()

    def _lay_out(self) -> None:
        view = self.viewport().geometry()
        height = self.ruler.wanted_height
        self.ruler.setGeometry(view.left(), view.top() - height, view.width(), height)
        self.headers.setGeometry(0, view.top(), HEADER_WIDTH, view.height())
        self.headers.place(self.scene.rows)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        was_fitted = self._is_fitted(event.oldSize().width())
        self._lay_out()
        if was_fitted:
            self.fit()
        set_ranges(self)

    def _is_fitted(self, width: int) -> bool:
        return width <= 0 or self.scene.scale == fitted(self.song.frames, width)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        until = time.perf_counter() + _PAINT_BUDGET
        width, dpr = self.viewport().width(), self.devicePixelRatioF()
        if not self._painter.paint(painter, self.scene, width, event.rect(), dpr, until):
            self._again.start(0)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.with_alpha(theme.SECOND, 0.35))
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.hover("")
        return super().viewportEvent(event)

    def focusInEvent(self, event: object) -> None:
        self.viewport().update()

    def focusOutEvent(self, event: object) -> None:
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel.turn(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._mouse.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._mouse.press(event)

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
        self._mouse.clips_enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._mouse.clips_move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.cancel()

    def dropEvent(self, event: QDropEvent) -> None:
        self._mouse.clips_drop(event)
