"""What a recipe works with: what was asked for, what has been learnt, and what is heard in the clips that were made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from statistics import median_low

import numpy as np
from numpy.typing import NDArray

from app.document.model import SONG_RATE, Clip
from app.studio.analysis.accents import Accents
from app.studio.analysis.liveliness import WINDOW, Liveliness

_PAUSE = 2
"""Windows: music may pause for so long, and a stretch goes on."""
_MOST_EVENING_DB = 6.0
QUIETEST_DB = -60.0


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for."""

    songs: int
    song_seconds: float
    seed: int = 0

    @property
    def frames(self) -> int:
        """Length of a song."""
        return round(self.song_seconds * SONG_RATE)


@dataclass(frozen=True, slots=True)
class Learnt:
    """What there is of a run."""

    epochs: tuple[int, ...]
    """Those that have a checkpoint, the first first."""
    best: int
    """Of them the one with the lowest loss on held-out music, or the newest."""

    @property
    def newest(self) -> int:
        """The last epoch."""
        return self.epochs[-1]


@dataclass(frozen=True, slots=True)
class Batch:
    """Clips of one checkpoint that a recipe wants to be made together."""

    epoch: int
    count: int
    seconds: float
    seed: int
    """Of the first clip; that of each further one is one more."""
    takes: int = 1
    """How many clips play along to the same guide, one after the other; it is the same for batches of one seed and
    length."""
    temperature: float = 1.0


@dataclass(frozen=True, eq=False)
class Profile:
    """How a clip sounds from window to window of `WINDOW` frames, as far as recipes ask.

    Attributes:
        features: float [windows, features], in standard deviations of the album: how far two of them lie apart is how
            little they are alike.
        chroma: float [windows, 12], how far each note from C on stands out of all, each row of length one; zeros where
            nobody asked.
        closeness: float [windows], 0 to 1: how close to the album.
        shut: bool [windows], what is stuck, hums, or stands in the album already.
        moving: float [windows], 0 to 1: how much goes on; None for 1 everywhere.
    """

    features: NDArray[np.float32]
    chroma: NDArray[np.float32]
    closeness: NDArray[np.float32]
    shut: NDArray[np.bool_]
    moving: NDArray[np.float32] | None = None


@dataclass(frozen=True, eq=False)
class HeardClip:
    """A clip and what is heard in it; of what is not known, the best is thought."""

    clip: Clip
    liveliness: Liveliness | None = None
    accents: Accents | None = None
    profile: Profile | None = None

    @cached_property
    def fit(self) -> NDArray[np.bool_]:
        """For each window of `WINDOW` frames whether it can be heard in a song: it is neither silent nor stuck, or is
        a short pause."""
        windows = max(self.clip.frames // WINDOW, 1)
        if self.liveliness is None:
            return np.ones(windows, bool) if self.profile is None else ~_in_windows(self.profile.shut, windows)
        alive = with_short_pauses(_in_windows(self.liveliness.alive, windows))
        return alive if self.profile is None else alive & ~_in_windows(self.profile.shut, windows)

    def starts(self, length: int) -> NDArray[np.int64]:
        """The frames, `WINDOW` apart, from which on so many frames can be heard unbroken."""
        if length > self.clip.frames:
            return np.zeros(0, np.int64)
        whole = np.concatenate([[0], np.cumsum(self.fit)])
        places = np.arange(0, self.clip.frames - length + 1, WINDOW)
        last = np.minimum(-(-(places + length) // WINDOW), len(self.fit))
        first = places // WINDOW
        found: NDArray[np.int64] = places[whole[last] - whole[first] == last - first]
        return found

    def part(self, offset: int, length: int) -> slice:
        """The windows of a stretch of frames, one at least."""
        first = min(offset // WINDOW, max(self.clip.frames // WINDOW, 1) - 1)
        return slice(first, max(-(-(offset + length) // WINDOW), first + 1))

    def closeness(self, offset: int, length: int) -> float:
        """How close to the album a stretch is, 0 to 1; 0 where that is not known."""
        if self.profile is None:
            return 0.0
        known = self.profile.closeness[self.part(offset, length)]
        return float(known.mean()) if len(known) else 0.0

    def worth(self, offset: int, length: int) -> float:
        """How close to the album a stretch is, times how much goes on in it, 0 to 1; 0 where that is not known."""
        if self.profile is None or self.profile.moving is None:
            return self.closeness(offset, length)
        part = self.part(offset, length)
        known = self.profile.closeness[part] * self.profile.moving[part]
        return float(known.mean()) if len(known) else 0.0

    @property
    def bpm(self) -> float | None:
        """Its tempo in beats a minute, as its guide has it, or as it is heard; None where neither is known."""
        tempo = self.clip.tempo or (self.accents.tempo if self.accents is not None else None)
        return None if tempo is None else tempo.bpm

    @property
    def loudness_db(self) -> float | None:
        """RMS of what is not silent, in dBFS; None where that is not known, or next to nothing."""
        if self.liveliness is None or self.liveliness.loudness_db <= QUIETEST_DB:
            return None
        return self.liveliness.loudness_db


def _in_windows(known: NDArray[np.bool_], windows: int) -> NDArray[np.bool_]:
    """So many of them: the last that is known stands for those behind it, and none at all for none."""
    if not len(known):
        return np.zeros(windows, bool)
    return known[np.minimum(np.arange(windows), len(known) - 1)]


def with_short_pauses(alive: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The same, with gaps of up to `_PAUSE` windows between what is alive closed."""
    there = np.flatnonzero(alive)
    closed = alive.copy()
    for before, after in pairwise(there):
        if after - before - 1 <= _PAUSE:
            closed[before:after] = True
    return closed


@dataclass(frozen=True, eq=False)
class Material:
    """The clips that were made for a recipe, in the order in which they were asked for."""

    clips: tuple[HeardClip, ...]
    learnt: Learnt
    usual_db: float | None = field(init=False)
    """The loudness of the middle clip."""

    def __post_init__(self) -> None:
        levels = [heard.loudness_db for heard in self.clips if heard.loudness_db is not None]
        object.__setattr__(self, "usual_db", median_low(levels) if levels else None)

    def of_epoch(self, epoch: int) -> list[HeardClip]:
        """The clips of a checkpoint."""
        return [heard for heard in self.clips if heard.clip.epoch == epoch]

    def gain_db(self, heard: HeardClip) -> float:
        """What brings a clip to the loudness of the middle one, as far as clips are evened."""
        return evening_db(heard.loudness_db, self.usual_db)

    @property
    def accents(self) -> Mapping[str, Accents]:
        """Those of the clips that were listened to for them, by id."""
        return {heard.clip.id: heard.accents for heard in self.clips if heard.accents is not None}


def evening_db(loudness_db: float | None, usual_db: float | None) -> float:
    """The gain in dB that brings a level to the usual one, 6 dB at most; 0 where one of them is not known."""
    if loudness_db is None or usual_db is None:
        return 0.0
    return round(min(max(usual_db - loudness_db, -_MOST_EVENING_DB), _MOST_EVENING_DB), 1)
