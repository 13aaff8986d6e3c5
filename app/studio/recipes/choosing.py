"""Choosing stretches of clips: fit to be heard, the closest to the album of some, none of them twice if that can be."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.document.bars import bar_frames
from app.document.model import SONG_RATE
from app.studio.analysis.liveliness import WINDOW
from app.studio.recipes.material import HeardClip

_TRIES = 8
_ON_BAR = SONG_RATE // 16
"""Frames by which an accent may miss its bar."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Frames of a clip."""

    heard: HeardClip
    offset: int
    length: int

    @property
    def end(self) -> int:
        """The frame of the clip behind its last."""
        return self.offset + self.length

    @property
    def is_fit(self) -> bool:
        """Whether nothing of it is silent or stuck, or stands in the album."""
        return bool(self.heard.fit[self.heard.part(self.offset, self.length)].all())


class Chooser:
    """Draws stretches, and remembers which have been drawn.

    Attributes:
        draw: what lots are drawn by; the same seed draws the same.
    """

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self._taken: dict[str, list[Stretch]] = {}

    def stretch(self, clips: Sequence[HeardClip], length: int) -> Stretch:
        """A stretch of so many frames, or of a whole clip where they are shorter: the closest to the album of some that
        are fit and have not been drawn yet; else one that was, or the one that is the least unfit."""
        clips = [heard for heard in clips if heard.clip.frames >= length] or [
            max(clips, key=lambda one: one.clip.frames)
        ]
        length = min(length, max(heard.clip.frames for heard in clips))
        fit = {heard.clip.id: heard.starts(length) for heard in clips}
        fresh = [heard for heard in clips if self._fresh(heard, fit[heard.clip.id], length)]
        if fresh:
            least = min(len(self._taken.get(heard.clip.id, ())) for heard in fresh)
            fresh = [heard for heard in fresh if len(self._taken.get(heard.clip.id, ())) == least]
        tried = []
        for _ in range(_TRIES):
            heard = self.draw.choice(fresh or clips)
            places = self._fresh(heard, fit[heard.clip.id], length) if fresh else list(fit[heard.clip.id])
            offset = int(self.draw.choice(places)) if places else self._least_unfit(heard, length)
            tried.append(Stretch(heard, offset, length))
        best = max(tried, key=lambda one: (one.is_fit, one.heard.worth(one.offset, one.length)))
        self.take(best)
        return best

    def take(self, stretch: Stretch) -> None:
        """Remembers that it has been chosen."""
        self._taken.setdefault(stretch.heard.clip.id, []).append(stretch)

    def _fresh(self, heard: HeardClip, starts: Sequence[int] | np.ndarray, length: int) -> list[int]:
        taken = self._taken.get(heard.clip.id, ())
        return [
            int(start) for start in starts if all(start + length <= one.offset or start >= one.end for one in taken)
        ]

    @staticmethod
    def _least_unfit(heard: HeardClip, length: int) -> int:
        places = range(0, max(heard.clip.frames - length, 0) + 1, WINDOW)
        return max(places, key=lambda place: float(heard.fit[heard.part(place, length)].mean()))


def accent_near(heard: HeardClip, frame: int, first: int, last: int) -> int | None:
    """The frame of the accent to cut at between two frames of a clip: where it tells of bars, one that begins the bar
    nearest to `frame`, else the strongest; None where nothing strikes there."""
    if heard.accents is None:
        return None
    frames = heard.accents.frames
    inside = np.flatnonzero((frames >= first) & (frames <= last))
    if not len(inside):
        return None
    tempo = heard.clip.tempo
    if tempo is not None:
        bar = bar_frames(tempo)
        within = (frames[inside] - tempo.first_beat * SONG_RATE) / bar
        on_bar = inside[np.abs(within - np.round(within)) * bar <= _ON_BAR]
        if len(on_bar):
            return int(frames[on_bar[np.argmin(np.abs(frames[on_bar] - frame))]])
    return int(frames[inside[np.argmax(heard.accents.weights[inside])]])
