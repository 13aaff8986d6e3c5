"""Guides re-cut from the album's own bars, in an order that the album does not have.

A bar is followed by one that is like what followed it on the album (after Jehan's and Lamere's "Infinite Jukebox"), but
never by that very bar. Bars gather in parts of four, and parts come back as in a song.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.document.model import BEATS_PER_BAR, Tempo
from app.studio.analysis.tempo import FASTEST, SLOWEST
from app.studio.guides.bars import Bars
from samplernn.guides.framing import Floats
from samplernn.guides.notes import PEAK, REST
from samplernn.guides.notes import PER_SECOND as NOTES_PER_SECOND
from samplernn.guides.strokes import PER_SECOND, strokes_at

PART_BARS = 4
_FORMS = ("ABACABDA", "AABBACCA", "ABCABDCA", "AABACBDA")
"""Which part follows which."""
_CHOICES = 6
"""Of so many bars that are like what would follow, one is drawn."""
_CELLS = 16
"""Points in time at which two bars are compared."""
_LOUD_DB = 6.0
"""A guide begins with a bar that is no further below the mean than this."""
_MOST_DB = 12.0
"""By so much at most a guide is brought to the album's level."""


@dataclass(frozen=True, slots=True, eq=False)
class Recut:
    """A guide that was re-cut: strokes [frames, 20], notes [frames, 62, 3], its tempo, and the plan, a letter for each
    part."""

    strokes: Floats
    notes: Floats
    tempo: Tempo
    plan: str


def loudness(strokes: Floats) -> float:
    """Level of the mean power of all bands, in dB."""
    return float(10 * np.log10(np.mean(10 ** (strokes / 10))))


def _shape(bar: Floats) -> NDArray[np.float32]:
    """The features by which bars are compared: levels at sixteen points in time, [16 * 20]."""
    cells = strokes_at(bar, np.linspace(0, len(bar), _CELLS, endpoint=False) + len(bar) / (2 * _CELLS))
    return cells.reshape(-1)


def recut(album: Bars, seconds: float, seed: int) -> Recut | None:
    """A guide of this length; None where the album has too few bars to be cut anew.

    The strokes of one walk over the album's bars go with the notes of another, so that no bar is one of the album's.
    The tempo is that of the first bar; each bar is stretched to it.
    """
    if len(album.strokes) < 2 * PART_BARS:
        return None
    walker = _Walker(album, np.random.default_rng(seed))
    first = walker.loud_bar()
    frames = len(album.strokes[first])
    count = -(-round(seconds * PER_SECOND) // frames)
    plan = walker.plan(count)
    bars = [album.strokes[index] for index in walker.walk(plan, first)[:count]]
    pieces = [strokes_at(bar, np.arange(frames) * (len(bar) / frames)) for bar in bars]
    strokes = np.concatenate(pieces)[: round(seconds * PER_SECOND)]
    louder = np.float32(np.clip(walker.loudness - loudness(strokes), -_MOST_DB, _MOST_DB))
    notes = _stretched([album.notes[index] for index in walker.walk(plan, walker.loud_bar())[:count]], frames, seconds)
    notes[:, :, (PEAK, REST)] += louder
    bpm = BEATS_PER_BAR * 60 * PER_SECOND / frames
    tempo = Tempo(bpm=float(np.clip(bpm, SLOWEST / 2, FASTEST)), first_beat=0.0)
    return Recut(strokes + louder, notes, tempo, plan)


def _stretched(bars: Sequence[Floats], frames: int, seconds: float) -> Floats:
    """The notes of these bars one behind the other, each as long as so many frames of strokes."""
    moments = np.arange(max(round(seconds * NOTES_PER_SECOND), 1)) / NOTES_PER_SECOND
    places = np.minimum(moments * PER_SECOND / frames, len(bars) - 1e-6)
    picked = [bars[int(place)][int(place % 1 * len(bars[int(place)]))] for place in places]
    return np.stack(picked)


class _Walker:
    """A random walk over the bars of an album."""

    def __init__(self, album: Bars, random: np.random.Generator) -> None:
        self._album, self._random = album, random
        self._shapes = np.stack([_shape(bar) for bar in album.strokes])
        self._levels = np.array([loudness(bar) for bar in album.strokes])
        self.loudness = float(10 * np.log10(np.mean(10 ** (self._levels / 10))))

    def loud_bar(self) -> int:
        """A bar that is hardly quieter than the album as a whole."""
        return int(self._random.choice(np.flatnonzero(self._levels > self.loudness - _LOUD_DB)))

    def plan(self, bars: int) -> str:
        """Which part follows which in so many bars: a letter each."""
        form = _FORMS[int(self._random.integers(len(_FORMS)))]
        return "".join(form[part % len(form)] for part in range(-(-bars // PART_BARS)))

    def walk(self, plan: str, first: int) -> list[int]:
        """The bars of all parts of a plan; those of a part that comes back are the same again."""
        parts: dict[str, list[int]] = {}
        walk: list[int] = []
        for name in plan:
            if name not in parts:
                parts[name] = self._part(walk[-1] if walk else None, first)
            if walk and parts[name][0] == self._follower(walk[-1]):
                parts[name] = [self._next(walk[-1:]), *parts[name][1:]]
            walk += parts[name]
        return walk

    def _part(self, before: int | None, first: int) -> list[int]:
        part = [first if before is None else self._next([before])]
        while len(part) < PART_BARS:
            part.append(self._next(part))
        return part

    def _next(self, walk: Sequence[int]) -> int:
        """A bar that is like what follows the last one on the album, but neither that nor one of these."""
        follower = self._follower(walk[-1])
        model = self._shapes[walk[-1] if follower is None else follower]
        distance = np.mean((self._shapes - model) ** 2, axis=1)
        distance[[index for index in (*walk, follower) if index is not None]] = np.inf
        nearest = np.argsort(distance)[:_CHOICES]
        return int(self._random.choice(nearest[np.isfinite(distance[nearest])]))

    def _follower(self, bar: int) -> int | None:
        """The bar right behind it on the album; None where that is not one of ours."""
        return bar + 1 if self._album.follows[bar] else None
