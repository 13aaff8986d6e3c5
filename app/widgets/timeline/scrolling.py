"""Moving about in a song: the wheel, gliding, bringing something into view."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea

from app.document.model import Section
from app.widgets.timeline.state import ZOOM_STEP, TimelineState

_HEIGHT_STEP = 8
_GLIDE_MS = 12
_GLIDE_SHARE = 0.35


class Wheel(QObject):
    """What the wheel does: it scrolls, zooms about the pointer with Ctrl, changes the lanes' height with Alt.

    The notches of a mouse wheel glide; a touchpad, which sends its own pixels, is followed at once.
    """

    def __init__(self, area: QAbstractScrollArea, state: TimelineState) -> None:
        super().__init__(area)
        self._area = area
        self._state = state
        self._left = [0.0, 0.0]
        """Pixels still to go, along and across."""
        self._gliding = QTimer(self)
        self._gliding.setInterval(_GLIDE_MS)
        self._gliding.timeout.connect(self._glide)

    def turn(self, event: QWheelEvent) -> None:
        """Does what a turn of the wheel means with the keys that are held."""
        state, turn, keys = self._state, event.angleDelta(), event.modifiers()
        step = turn.y() or turn.x()
        if keys & Qt.KeyboardModifier.ControlModifier:
            state.zoom(ZOOM_STEP ** (step / 120), event.position().x())
        elif keys & Qt.KeyboardModifier.AltModifier:
            state.set_lane_height(state.rows.height + round(step / 120) * _HEIGHT_STEP)
        else:
            self._scroll(event, step)
        event.accept()

    def stop(self) -> None:
        """Stops the gliding at once."""
        self._left = [0.0, 0.0]
        self._gliding.stop()

    def _scroll(self, event: QWheelEvent, step: int) -> None:
        turn, pixels = event.angleDelta(), event.pixelDelta()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        along = shift or abs(turn.x()) > abs(turn.y()) or self._area.verticalScrollBar().maximum() == 0
        if not pixels.isNull():
            self._go(-(pixels.x() or pixels.y()) if along else 0, 0 if along else -pixels.y())
            return
        self._left[0 if along else 1] -= step
        self._gliding.start()
        self._glide()

    def _glide(self) -> None:
        steps = [left if abs(left) < 2 else left * _GLIDE_SHARE for left in self._left]
        self._left = [left - step for left, step in zip(self._left, steps, strict=True)]
        self._go(*steps)
        if not any(self._left):
            self._gliding.stop()

    def _go(self, along: float, across: float) -> None:
        if along:
            self._state.scroll_by(along)
        if across:
            bar = self._area.verticalScrollBar()
            bar.setValue(bar.value() + round(across))


def set_ranges(area: QAbstractScrollArea, state: TimelineState, foot_height: int) -> None:
    """Sets the ranges of the scroll bars by the song, and their values by what is in view.

    Args:
        foot_height: pixels to be seen below the last lane.
    """
    bar, side = area.horizontalScrollBar(), area.verticalScrollBar()
    width, height = area.viewport().width(), area.viewport().height()
    page = round(state.scale.frames(width))
    bar.blockSignals(True)
    bar.setRange(0, max(round(state.shown_song.frames + page * 0.5) - page, round(state.scale.start), 0))
    bar.setPageStep(max(page, 1))
    bar.setSingleStep(max(page // 20, 1))
    bar.setValue(round(state.scale.start))
    bar.blockSignals(False)
    total = state.rows.total(len(state.shown_song.lanes)) + foot_height
    side.setRange(0, max(total - height, 0))
    side.setPageStep(height)
    side.setSingleStep(state.rows.pitch // 4)


def reveal(area: QAbstractScrollArea, state: TimelineState, section: Section) -> None:
    """Scrolls as little as it takes to see the start of a section of the song that is shown."""
    state.show_place(section.start)
    lane = next(place for place, lane in enumerate(state.song.lanes) if section in lane.sections)
    top, height = state.rows.top(lane), state.rows.height
    bar = area.verticalScrollBar()
    if top < 0:
        bar.setValue(bar.value() + top)
    elif top + height > area.viewport().height():
        bar.setValue(bar.value() + top + height - area.viewport().height())
