"""Keeps moving: where a sound is stuck in silence, in a hum, in noise or in a loop, by self-similarity.

Looked at in steps of a quarter of a second, each with the seconds that follow it. A loop is where levels of bands are
what they were some time before (the checkerboard of Foote, "Visualizing music and audio using self-similarity", 1999,
along one diagonal); a hum or noise is where they do not change at all, and flatness tells the two apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.studio.measures.measured import Stuck, StuckKind
from app.studio.measures.spectra import FRAMES_PER_SECOND, TONES_PER_SECOND, Floats, Spectra

KINDS: tuple[StuckKind, ...] = ("silence", "hum", "noise", "loop")

STEPS_PER_SECOND = 4
_JUDGED_SECONDS = 2.5
"""What has to be the same all the while."""
LEAST_SECONDS = 3.0
"""Shorter stretches are music: rests, chords that ring out, a figure played again."""
_SILENCE_DB = -55.0
"""RMS of a step; full scale 0."""
SPREAD_LIMIT = 1.2
"""Median over bands of how far levels of steps lie apart in what is judged: music has several dB."""
_TONAL_DB = -6.0
"""Flatness of a band at which a steady sound is a hum; noise has -2.5."""
CHANGE_LIMIT = 0.12
"""Mean squared difference to some time before, of that of any two moments."""
_SHORTEST_LOOP, _LONGEST_LOOP = 0.15, 4.0
_LEAST_SPREAD = 2.0
"""Mean squared difference of any two moments, in dB²: where there is less, nothing moves that could go round."""
_POOLED = 2
"""Frames that are taken together to look for loops."""
_LOOP_BANDS = 20
_LEAST_DB = -70.0


@dataclass(frozen=True, eq=False)
class Movement:
    """How a sound moves.

    Attributes:
        spread: float32 [steps], the median over bands of how far levels lie apart in what follows, in dB.
        change: float32 [steps], the least change against any time before, 0 for a loop, about 1 for what never returns.
        level: float32 [steps], RMS in dB.
        flat: float32 [steps], the least flatness of a band in dB.
        period: float32 [steps], seconds after which it is most alike.
    """

    spread: Floats
    change: Floats
    level: Floats
    flat: Floats
    period: Floats


def movement_of(spectra: Spectra, sound: Floats) -> Movement:
    """Of a sound at `RATE`, in steps of a quarter of a second."""
    count = max(round(len(spectra.mel) / FRAMES_PER_SECOND * STEPS_PER_SECOND), 1)
    levels = np.maximum(spectra.mel, _LEAST_DB)
    edges = np.linspace(0, len(levels), count + 1).round().astype(int)
    powers = np.add.reduceat(10 ** (levels / 10), edges[:-1], axis=0) / np.maximum(np.diff(edges), 1)[:, None]
    steps = 10 * np.log10(powers)
    judged = round(_JUDGED_SECONDS * STEPS_PER_SECOND)
    spread = np.median(_forward_std(steps, judged), axis=1)
    change, period = _changes(levels, edges[:-1])
    places = np.linspace(0, len(sound), count + 1).round().astype(int)
    squares = np.add.reduceat(np.square(sound, dtype=np.float64), places[:-1]) / np.maximum(np.diff(places), 1)
    means = np.add.reduceat(sound, places[:-1], dtype=np.float64) / np.maximum(np.diff(places), 1)
    level = 10 * np.log10(np.maximum(squares - means**2, 1e-12))
    long_edges = np.minimum(np.arange(count) * TONES_PER_SECOND / STEPS_PER_SECOND, len(spectra.flatness) - 1)
    ahead = _forward_mean(spectra.flatness, round(_JUDGED_SECONDS * TONES_PER_SECOND)).min(axis=1)
    flat = ahead[long_edges.astype(int)]
    return Movement(*(part.astype(np.float32) for part in (spread, change, level, flat, period)))


def stuck_kinds(
    movement: Movement, change_limit: float = CHANGE_LIMIT, spread_limit: float = SPREAD_LIMIT
) -> NDArray[np.int8]:
    """[steps]: what each step is stuck in, as its place in `KINDS`; -1 for nothing.

    A step counts where what follows it, or what it belongs to, is the same for long enough.

    Args:
        change_limit, spread_limit: what the music of the album stays above.
    """
    judged = round(_JUDGED_SECONDS * STEPS_PER_SECOND)
    steady = movement.spread < spread_limit
    hum = steady & (movement.flat < _TONAL_DB)
    loop = movement.change < change_limit
    kinds = np.full(len(movement.level), -1, np.int8)
    again = np.where(loop, movement.period * STEPS_PER_SECOND, 0).astype(int)
    for kind, begins, more in (("noise", steady & ~hum, None), ("hum", hum, None), ("loop", loop, again)):
        kinds[_covered(begins, judged, more)] = KINDS.index(kind)
    kinds[movement.level < _SILENCE_DB] = KINDS.index("silence")
    return kinds


def longest_stretch(kinds: NDArray[np.int8]) -> Stuck | None:
    """The longest run of steps that are stuck in one kind; None where there is none of three seconds."""
    if not len(kinds):
        return None
    edges = np.flatnonzero(np.diff(kinds, prepend=-2, append=-2))
    lengths = np.where(kinds[edges[:-1]] >= 0, np.diff(edges), 0)
    longest = int(np.argmax(lengths))
    if lengths[longest] < LEAST_SECONDS * STEPS_PER_SECOND:
        return None
    begin, end = (float(edges[longest + k]) / STEPS_PER_SECOND for k in (0, 1))
    return Stuck(KINDS[kinds[edges[longest]]], begin, end)


def _covered(begins: NDArray[np.bool_], judged: int, more: NDArray[np.int_] | None = None) -> NDArray[np.bool_]:
    """All steps that lie in what is judged from a step that begins something, and so many more after it."""
    first = np.flatnonzero(begins)
    last = np.minimum(first + judged + (0 if more is None else more[first]), len(begins))
    edges = np.zeros(len(begins) + 1, np.int64)
    np.add.at(edges, first, 1)
    np.add.at(edges, last, -1)
    covered: NDArray[np.bool_] = np.cumsum(edges)[:-1] > 0
    return covered


def _forward_std(values: NDArray[np.floating], steps: int) -> NDArray[np.float64]:
    mean = _forward_mean(values, steps)
    return np.sqrt(np.maximum(_forward_mean(np.square(values, dtype=np.float64), steps) - mean**2, 0.0))


def _forward_mean(values: NDArray[np.floating], steps: int) -> NDArray[np.float64]:
    """The mean of each row and those that follow it; at the end, of the last so many."""
    steps = min(steps, len(values))
    sums = np.cumsum(np.concatenate([np.zeros((1, *values.shape[1:])), values]), axis=0, dtype=np.float64)
    means = (sums[steps:] - sums[:-steps]) / steps
    filled: NDArray[np.float64] = np.concatenate([means, np.repeat(means[-1:], len(values) - len(means), axis=0)])
    return filled


def _changes(levels: Floats, places: NDArray[np.int_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The least change in what follows each place against some time before, and the seconds to that time."""
    pooled = levels[: len(levels) // _POOLED * _POOLED]
    pooled = pooled.reshape(-1, _POOLED, _LOOP_BANDS, levels.shape[1] // _LOOP_BANDS).mean(axis=(1, 3))
    rate = FRAMES_PER_SECOND / _POOLED
    judged = round(_JUDGED_SECONDS * rate)
    if len(pooled) < judged + 2:
        return np.ones(len(places)), np.zeros(len(places))
    spread = 2 * np.square(_forward_std(pooled, judged)).mean(axis=1)
    least = np.ones(len(pooled))
    period = np.zeros(len(pooled))
    for lag in range(round(_SHORTEST_LOOP * rate), min(round(_LONGEST_LOOP * rate), len(pooled) - judged) + 1):
        apart = np.square(pooled[lag:] - pooled[:-lag]).mean(axis=1)
        # Of what follows a moment, against what lies `lag` after it: the first time round counts as stuck, too.
        sums = np.concatenate([[0.0], np.cumsum(apart, dtype=np.float64)])
        ahead = (sums[judged:] - sums[:-judged]) / judged
        around = spread[lag : lag + len(ahead)]
        change = np.where(around > _LEAST_SPREAD, ahead / np.maximum(around, _LEAST_SPREAD), 1.0)
        better = change < least[: len(change)]
        least[: len(change)][better] = change[better]
        period[: len(change)][better] = lag / rate
    where = np.minimum(places // _POOLED, len(pooled) - 1)
    return least[where], period[where]
