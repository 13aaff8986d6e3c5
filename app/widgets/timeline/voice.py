"""The timeline for screen readers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QWidget

from app.document.clip_names import clip_name, lane_name
from app.document.model import SONG_RATE, Section
from app.widgets.timeline.geometry import time_label
from app.widgets.timeline.scene import Scene


def described(scene: Scene, chosen: Sequence[Section]) -> str:
    """What is selected."""
    if not chosen:
        return "No section is selected."
    first = chosen[0]
    clip = scene.clips.get(first.clip)
    lane = next(place for place, lane in enumerate(scene.shown_song.lanes) if first in lane.sections)
    start, end = (time_label(frame / SONG_RATE, 0.1) for frame in (first.start, first.end))
    motif = ", part of a motif" if first.motif else ""
    ways = f", one of {len(first.alternatives)} alternatives" if first.alternatives else ""
    others = f", and {len(chosen) - 1} more" if len(chosen) > 1 else ""
    name = clip_name(clip) if clip else "missing clip"
    flaw = f", file {scene.flaws[first.clip]}" if first.clip in scene.flaws else ""
    return f"{name}{flaw}, lane {lane_name(lane)}, {start} to {end}{motif}{ways}{others}"


class Voice(QWidget):
    """An invisible widget over the first selected section, whose name a screen reader says."""

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(viewport)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("No section is selected.")

    def say(self, scene: Scene, chosen: Sequence[Section], *, focused: bool) -> None:
        """Says what is selected now."""
        words = described(scene, chosen)
        if words != self.accessibleName():
            self.setAccessibleName(words)
            if focused:
                QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Focus))

    def place(self, scene: Scene, chosen: Sequence[Section]) -> None:
        """Moves to where the section is on screen now."""
        if not chosen:
            self.setGeometry(0, 0, 0, 0)
            return
        first = chosen[0]
        lane = next((place for place, lane in enumerate(scene.shown_song.lanes) if first in lane.sections), 0)
        left, right = scene.near_x(first.start), scene.near_x(first.end)
        self.setGeometry(QRect(left, scene.rows.top(lane), max(right - left, 1), scene.rows.height))
