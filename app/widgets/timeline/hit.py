"""What lies under the pointer. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from app.document.model import Section, Song
from app.widgets.timeline.geometry import Rows, TimeScale

EDGE = 6.0
GRIP = 9.0
_LEAST_WIDTH_FOR_GRIPS = 44.0


class Part(Enum):
    """A part of the timeline that can be taken hold of."""

    NOTHING = auto()
    BODY = auto()
    START = auto()
    END = auto()
    FADE_IN = auto()
    FADE_OUT = auto()


@dataclass(frozen=True)
class Hit:
    """What was found at a place: a part, the number of the lane, and the section, where there is one."""

    part: Part
    lane: int
    section: Section | None = None


def hit(song: Song, scale: TimeScale, rows: Rows, x: float, y: float) -> Hit:
    """What lies at a place; where sections overlap, the later one is on top."""
    lane = rows.lane_at(y)
    top = rows.top(lane)
    if not 0 <= lane < len(song.lanes) or not top <= y < top + rows.height:
        return Hit(Part.NOTHING, lane)
    for section in reversed(song.lanes[lane].sections):
        left, right = scale.x(section.start), scale.x(section.end)
        if left - EDGE / 2 <= x <= right + EDGE / 2:
            return Hit(_part(section, scale, left, right, x, y - top), lane, section)
    return Hit(Part.NOTHING, lane)


def grips(section: Section, scale: TimeScale) -> tuple[float, float] | None:
    """Where along the top edge the grips of the fades are; None where there is no room for them."""
    left, right = scale.x(section.start), scale.x(section.end)
    if right - left < _LEAST_WIDTH_FOR_GRIPS:
        return None
    least = EDGE + GRIP / 2
    fade_in = max(section.fade_in_reach / scale.frames_per_pixel, least)
    fade_out = max(section.fade_out_reach / scale.frames_per_pixel, least)
    return min(left + fade_in, right - least), max(right - fade_out, left + least)


def _part(section: Section, scale: TimeScale, left: float, right: float, x: float, y: float) -> Part:
    places = grips(section, scale)
    if places is not None and y <= GRIP + 2:
        if abs(x - places[0]) <= GRIP:
            return Part.FADE_IN
        if abs(x - places[1]) <= GRIP:
            return Part.FADE_OUT
    edge = min(EDGE, (right - left) / 4)
    if x < left + edge:
        return Part.START
    if x > right - edge:
        return Part.END
    return Part.BODY
