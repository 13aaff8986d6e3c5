"""Walks over the bars of an album that keep time: bars of about one tempo, whose strokes fall at like moments.

A bar is followed by one that is like what followed it on the album (after Jehan's and Lamere's "Infinite Jukebox"), but
of all bars that a walk uses no two stand side by side on the album, so that they may come back in any order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.document.bars import seconds_of_bar
from app.document.guide_form import PART_BARS
from app.studio.guides.bars import Bars
from samplernn.guides.framing import Floats
from samplernn.guides.strokes import PER_SECOND, strokes_at

LEAST_BARS = 2 * PART_BARS
"""An album of fewer cannot be cut anew."""
_RIFFS = ("abac", "aaab", "abab")
"""Which of four bars are the same; the next four are the same again with another last one."""
_CHOICES = 6
"""Of so many bars that are like what would follow, one is drawn."""
_CELLS = 16
"""Points in time at which the levels of two bars are compared."""
_ONSET_CELLS = 96
_BLUR = np.hanning(5) / np.hanning(5).sum()
"""Strokes that are a hundredth of a bar apart fall together."""
_RHYTHM = 2.0
"""How much strokes at other moments count beside other levels, whose usual distance is 1."""
_LOUD_DB = 6.0
"""A part begins with a bar that is no further below the mean than this."""
_CLEAREST, _QUIETEST = 2 / 3, 1 / 3
"""A walk begins with one of the third of bars whose beat is clearest, a quiet part with one of the quietest third."""
_ALIKE = 1 / 3
"""Of these, further parts begin with one of the third whose strokes are most like those of the walk's first bar."""
_BEAT_SECONDS = 0.25, 0.5
"""After which strokes come again where a beat is clear."""
_TEMPO = 0.1
"""Bars that are longer or shorter by more than this share are left out of a walk."""
_OTHER_TEMPO = 0.25
"""A bar is stretched by no more than this share where the album has one that need not be."""


def loudness(strokes: Floats) -> float:
    """Level of the mean power of all bands, in dB."""
    return float(10 * np.log10(np.mean(10 ** (strokes / 10))))


@dataclass(frozen=True, slots=True, eq=False)
class BarTable:
    """All bars of an album, and what they are compared by.

    Attributes:
        shapes: levels at sixteen moments, [bars, 16 * 20].
        onsets: how much the levels rise at 96 moments, the mean removed, each of length 1, [bars, 96].
        levels: [bars], in dB.
        lengths: [bars], in frames of strokes.
        clear: whether a bar is loud and its beat clear, [bars].
        loudness: of all bars, in dB.
    """

    bars: Bars
    shapes: NDArray[np.float32]
    onsets: NDArray[np.float64]
    levels: NDArray[np.float64]
    lengths: NDArray[np.float64]
    clear: NDArray[np.bool_]
    loudness: float

    @classmethod
    def of(cls, album: Bars) -> BarTable | None:
        """None where the album has too few bars to be cut anew."""
        if len(album.strokes) < LEAST_BARS:
            return None
        lengths = np.array([len(bar) for bar in album.strokes], np.float64)
        cells = _in_cells(np.concatenate(album.strokes), lengths, _ONSET_CELLS)
        rises = np.maximum(cells - np.roll(cells, 1, axis=1), 0).mean(axis=2, dtype=np.float64)
        rises -= rises.mean(axis=1, keepdims=True)
        power = np.mean(10 ** (cells / 10), axis=(1, 2), dtype=np.float64)
        levels, mean = 10 * np.log10(power), float(10 * np.log10(np.mean(power)))
        loud = levels > mean - _LOUD_DB
        clearness = _clearness(rises, lengths)
        clear = loud & (clearness >= np.quantile(clearness[loud], _CLEAREST))
        shapes = cells[:, _ONSET_CELLS // _CELLS // 2 :: _ONSET_CELLS // _CELLS]
        return cls(album, shapes.reshape(len(shapes), -1), _blurred(rises), levels, lengths, clear, mean)

    def draw_clear(self, random: np.random.Generator, bpm: float | None = None) -> int:
        """A bar that a walk can begin with: any, as long as it is not far from the tempo that is chosen; else one of
        about that tempo, or of the nearest to it. So the bars stay the same where only a little is changed of it.
        """
        clear = np.flatnonzero(self.clear)
        drawn = int(random.choice(clear))
        if bpm is None:
            return drawn
        apart = np.abs(np.log(self.lengths / (seconds_of_bar(bpm) * PER_SECOND)))
        if apart[drawn] <= np.log(1 + _OTHER_TEMPO):
            return drawn
        return int(random.choice(clear[apart[clear] <= max(np.log(1 + _TEMPO), apart[clear].min())]))


def _in_cells(strokes: Floats, lengths: NDArray[np.float64], cells: int) -> Floats:
    """Levels [bars, cells, 20] in the middle of so many equal pieces of each bar; the bars [lengths] lie end to end."""
    begins = np.cumsum(lengths) - lengths
    places = begins[:, None] + (np.arange(cells) + 0.5) / cells * lengths[:, None]
    return strokes_at(strokes, places.reshape(-1)).reshape(len(lengths), cells, -1)


def _clearness(rises: NDArray[np.float64], lengths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each bar the highest autocorrelation of its rises at the distance of a beat; 1 where strokes come again."""
    alike = np.fft.irfft(np.abs(np.fft.rfft(rises, axis=1)) ** 2, _ONSET_CELLS, axis=1)
    alike /= np.maximum(alike[:, :1], 1e-9)
    lags = np.arange(_ONSET_CELLS) * (lengths[:, None] / _ONSET_CELLS / PER_SECOND)
    shortest, longest = _BEAT_SECONDS
    best: NDArray[np.float64] = np.where((lags >= shortest) & (lags <= longest), alike, -1.0).max(axis=1)
    return best


def _blurred(rises: NDArray[np.float64]) -> NDArray[np.float64]:
    blurred = np.stack([np.convolve(np.tile(row, 3), _BLUR, "same")[len(row) : 2 * len(row)] for row in rises])
    unit: NDArray[np.float64] = blurred / np.maximum(np.linalg.norm(blurred, axis=1, keepdims=True), 1e-9)
    return unit


class Walk:
    """The bars that are taken from an album one after the other, all at about the tempo of the bar it begins with.

    With `in_a_row`, bars that stand side by side on the album may do so here, too.
    """

    def __init__(self, table: BarTable, first: int, random: np.random.Generator, *, in_a_row: bool = False) -> None:
        self._table, self._random, self._in_a_row = table, random, in_a_row
        apart = np.abs(np.log(table.lengths / table.lengths[first]))
        self._near = apart <= max(np.log(1 + _TEMPO), np.sort(apart)[LEAST_BARS - 1])
        self._first = first
        self._used: list[int] = []

    def part(self, bars: int, *, quiet: bool = False) -> list[int]:
        """A part of so many bars: a riff whose bars come back; the first one begins with the bar of the walk."""
        riff = _RIFFS[int(self._random.integers(len(_RIFFS)))]
        first = self._opening(quiet)
        self._used.append(first)
        by_letter, part = {riff[0]: first}, [first]
        while len(part) < bars:
            place = len(part)
            letter = riff[place % len(riff)]
            if place >= len(riff) and place % len(riff) == len(riff) - 1:
                letter = f"{letter}{place}"
            if letter not in by_letter:
                by_letter[letter] = self._next(part[-1], first)
                self._used.append(by_letter[letter])
            part.append(by_letter[letter])
        return part

    def _opening(self, quiet: bool) -> int:
        if not self._used:
            return self._first
        free = np.flatnonzero(self._free())
        if not len(free):
            return self._first
        if quiet:
            levels = self._table.levels[free]
            free = free[levels <= np.quantile(levels, _QUIETEST)]
        else:
            clear = free[self._table.clear[free]]
            free = clear if len(clear) else free
        likeness = self._table.onsets[free] @ self._table.onsets[self._first]
        return int(self._random.choice(free[likeness >= np.quantile(likeness, 1 - _ALIKE)]))

    def _next(self, before: int, first: int) -> int:
        """A bar that is like what follows `before` on the album, with strokes where the first of its part has some.

        Where the album has no more to give, it is the first again.
        """
        free = self._free()
        if not free.any():
            return first
        follows = self._table.bars.follows[before]
        shapes, onsets = self._table.shapes, self._table.onsets
        distance = np.mean((shapes - shapes[before + 1 if follows else before]) ** 2, axis=1)
        distance /= max(float(np.median(distance[self._near])), 1e-9)
        distance += _RHYTHM * (1 - onsets @ onsets[first])
        distance[~free] = np.inf
        nearest = np.argsort(distance)[: min(_CHOICES, int(free.sum()))]
        return int(self._random.choice(nearest))

    def _free(self) -> NDArray[np.bool_]:
        """Bars of the tempo that were not used, and stand beside none of those unless they may."""
        free: NDArray[np.bool_] = self._near.copy()
        follows = self._table.bars.follows
        for bar in self._used:
            free[bar] = False
            if self._in_a_row:
                continue
            if follows[bar]:
                free[bar + 1] = False
            if bar and follows[bar - 1]:
                free[bar - 1] = False
        return free
