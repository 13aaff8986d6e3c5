"""Where things lie: frames of a song to pixels and back, lanes to rows. No Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from app.document.model import SONG_RATE

MOST_FRAMES_PER_PIXEL = SONG_RATE * 60 * 60 / 200.0
"""An hour and more on a small screen."""
LEAST_FRAMES_PER_PIXEL = 1 / 32
_FINE_STEPS = tuple(step / 10**power for power in (5, 4, 3, 2, 1) for step in (1, 2, 5))
_STEPS = (*_FINE_STEPS, 1, 2, 4, 10, 20, 30, 60, 120, 300, 600, 1200, 3600)
_LEAST_LABEL_GAP = 96.0


@dataclass(frozen=True)
class TimeScale:
    """The stretch of the song that is in view."""

    start: float = 0.0
    """The frame at the left edge."""
    frames_per_pixel: float = SONG_RATE / 25.0

    def x(self, frame: float) -> float:
        """The pixel of a frame."""
        return (frame - self.start) / self.frames_per_pixel

    def frame(self, x: float) -> int:
        """The frame at a place, never before the start of the song."""
        return max(round(self.start + x * self.frames_per_pixel), 0)

    def frames(self, pixels: float) -> float:
        """How many frames so many pixels are."""
        return pixels * self.frames_per_pixel

    def scrolled_to(self, start: float) -> TimeScale:
        """The same zoom with another frame at the left edge, 0 at least."""
        return replace(self, start=max(start, 0.0))

    def zoomed(self, factor: float, anchor_x: float) -> TimeScale:
        """So many times more pixels for a frame, while what lies at `anchor_x` stays there."""
        wanted = self.frames_per_pixel / factor
        fresh = min(max(wanted, LEAST_FRAMES_PER_PIXEL), MOST_FRAMES_PER_PIXEL)
        anchor = self.start + anchor_x * self.frames_per_pixel
        return TimeScale(max(anchor - anchor_x * fresh, 0.0), fresh)


def fitted(frames: int, width: float) -> TimeScale:
    """The whole song in view, with a little room behind it."""
    wanted = max(frames, SONG_RATE * 10) * 1.04 / max(width, 1.0)
    return TimeScale(0.0, min(max(wanted, LEAST_FRAMES_PER_PIXEL), MOST_FRAMES_PER_PIXEL))


@dataclass(frozen=True)
class Tick:
    """One line of the ruler."""

    x: float
    label: str
    """The time it stands for, or "" for the lines between."""


def ticks(scale: TimeScale, width: float) -> list[Tick]:
    """Lines at round times, labelled as far apart as the labels need, with one line between two labels."""
    least = scale.frames(_LEAST_LABEL_GAP) / SONG_RATE
    step = next((step for step in _STEPS if step >= least), _STEPS[-1])
    half = step / 2
    first = max(math.floor(scale.start / SONG_RATE / half), 0)
    last = math.ceil((scale.start + scale.frames(width)) / SONG_RATE / half)
    return [
        Tick(scale.x(place * half * SONG_RATE), "" if place % 2 else time_label(place * half, step))
        for place in range(first, last + 1)
    ]


def time_label(seconds: float, step: float = 1.0) -> str:
    """m:ss, with as many decimals as a ruler of this step needs."""
    decimals = max(math.ceil(-math.log10(step) - 1e-9), 0)
    whole = round(seconds, decimals)
    minutes = int(whole // 60)
    rest = whole - minutes * 60
    width = 2 if decimals == 0 else 3 + decimals
    text = f"{rest:0{width}.{decimals}f}"
    return f"{minutes // 60}:{minutes % 60:02d}:{text}" if minutes >= 60 else f"{minutes}:{text}"


@dataclass(frozen=True)
class Rows:
    """How lanes lie below each other."""

    height: int = 104
    """Of a section."""
    gap: int = 8
    scroll: int = 0

    @property
    def pitch(self) -> int:
        """Pixels from the top of one lane to that of the next."""
        return self.height + self.gap

    def top(self, lane: int) -> int:
        """The y of a lane's upper edge, by its number from 0 on."""
        return self.gap + lane * self.pitch - self.scroll

    def lane_at(self, y: float) -> int:
        """The row at a height; may be before the first or behind the last."""
        return math.floor((y + self.scroll - self.gap / 2) / self.pitch)

    def total(self, lanes: int) -> int:
        """The height of so many lanes."""
        return self.gap + lanes * self.pitch
