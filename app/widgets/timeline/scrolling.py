"""Moving about in a song: the wheel, gliding, bringing something into view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QWheelEvent

from app.document.model import Section

if TYPE_CHECKING:
    from app.widgets.timeline.view import TimelineView

_ZOOM_STEP = 1.25
_HEIGHT_STEP = 8
_GLIDE_MS = 12
_GLIDE_SHARE = 0.35


class Wheel(QObject):
    """What the wheel does: it scrolls, zooms about the pointer with Ctrl, changes the lanes' height with Alt.

    The notches of a mouse wheel glide; a touchpad, which sends its own pixels, is followed at once.
    """

    def __init__(self, view: TimelineView) -> None:
        super().__init__(view)
        self._view = view
        self._left = [0.0, 0.0]
        """Pixels still to go, along and across."""
        self._gliding = QTimer(self)
        self._gliding.setInterval(_GLIDE_MS)
        self._gliding.timeout.connect(self._glide)

    def turn(self, event: QWheelEvent) -> None:
        view, turn, keys = self._view, event.angleDelta(), event.modifiers()
        step = turn.y() or turn.x()
        if keys & Qt.KeyboardModifier.ControlModifier:
            view.zoom(_ZOOM_STEP ** (step / 120), event.position().x())
        elif keys & Qt.KeyboardModifier.AltModifier:
            view.set_lane_height(view.scene.rows.height + round(step / 120) * _HEIGHT_STEP)
        else:
            self._scroll(event, step)
        event.accept()

    def stop(self) -> None:
        """Whatever glides stands still."""
        self._left = [0.0, 0.0]
        self._gliding.stop()

    def _scroll(self, event: QWheelEvent, step: int) -> None:
        view, turn, pixels = self._view, event.angleDelta(), event.pixelDelta()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        along = shift or abs(turn.x()) > abs(turn.y()) or view.verticalScrollBar().maximum() == 0
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
        view = self._view
        if along:
            view.scroll_by(along)
        if across:
            bar = view.verticalScrollBar()
            bar.setValue(bar.value() + round(across))


def set_ranges(view: TimelineView) -> None:
    """Lets the bars reach as far as there is something to see, and shows on them what is in view."""
    scene, bar, side = view.scene, view.horizontalScrollBar(), view.verticalScrollBar()
    page = round(scene.scale.frames(view.viewport().width()))
    bar.blockSignals(True)
    bar.setRange(0, max(round(scene.song.frames + page * 0.5) - page, round(scene.scale.start), 0))
    bar.setPageStep(max(page, 1))
    bar.setSingleStep(max(page // 20, 1))
    bar.setValue(round(scene.scale.start))
    bar.blockSignals(False)
    total = scene.rows.total(len(scene.song.lanes)) + view.headers.foot_height
    side.setRange(0, max(total - view.viewport().height(), 0))
    side.setPageStep(view.viewport().height())
    side.setSingleStep(scene.rows.pitch // 4)


def reveal(view: TimelineView, section: Section) -> None:
    """Scrolls as little as it takes to see the start of a section."""
    view.show_place(section.start)
    lane = next(place for place, lane in enumerate(view.song.lanes) if section in lane.sections)
    top, height = view.scene.rows.top(lane), view.scene.rows.height
    bar = view.verticalScrollBar()
    if top < 0:
        bar.setValue(bar.value() + top)
    elif top + height > view.viewport().height():
        bar.setValue(bar.value() + top + height - view.viewport().height())
