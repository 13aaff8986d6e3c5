"""Where sound sets in: onset strength, and the accents picked from it.

Onset strength is spectral flux with a maximum filter (Böck and Widmer, "Maximum filter vibrato suppression for onset
detection", DAFx 2013): how much louder, in logarithmic bands, each moment is than the one before. Levels are taken
relative to the sound's own, so that its gain does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]
Strength = NDArray[np.float32]
"""Onset strength, `STEPS_PER_SECOND` values a second; the value of step n is about the moment n / STEPS_PER_SECOND."""

RATE = 16_000
"""Of the sound that is listened to; that of most clips."""
HOP = 80
STEPS_PER_SECOND = RATE // HOP
_WINDOW = 512
_LAG = 2
"""Steps back to the moment that a moment is held against."""
_BANDS_ASKED, _LOWEST_HZ, _HIGHEST_HZ = 56, 60.0, 7600.0
_COMPRESSION = 4.0
_SILENCE = 1e-7
_STEPS_AT_ONCE = 2048

_PEAK_STEPS = 6
"""An accent is the strongest moment this far on either side."""
_AROUND_STEPS = 24
_ABOVE_MEAN, _LEAST_STRENGTH = 1.5, 0.2
_LATE = 0.0015
"""Seconds: how much sooner a stroke is felt by the window than it sounds."""


def onset_strength(sound: Sound) -> Strength:
    """Of mono at `RATE`; one moment in twenty exceeds 1.0. Zeros where all is silent."""
    return strength_of_blocks([sound])


def strength_of_blocks(blocks: Iterable[Sound]) -> Strength:
    """As `onset_strength`, for sound that comes in blocks of any length."""
    levels = list(_band_levels(blocks))
    steps = sum(map(len, levels))
    if not steps:
        return np.zeros(0, np.float32)
    power = sum(float(np.sum(np.square(part, dtype=np.float64))) for part in levels)
    loudness = np.sqrt(power / (steps * levels[0].shape[1]))
    if loudness < _SILENCE:
        return np.zeros(steps, np.float32)
    flux = np.concatenate(list(_flux(levels, np.float32(_COMPRESSION / loudness))))
    strength: Strength = (flux / max(float(np.percentile(flux, 95)), 1e-6)).astype(np.float32)
    return strength


def _flux(levels: Iterable[NDArray[np.float32]], scale: np.float32) -> Iterator[NDArray[np.float32]]:
    before: NDArray[np.float32] | None = None
    for part in levels:
        logs = np.log1p(part * scale)
        if before is None:
            before = np.repeat(logs[:1], _LAG, axis=0)
        earlier = np.concatenate([before, logs])
        widest = earlier[: len(logs)].copy()
        widest[:, 1:] = np.maximum(widest[:, 1:], earlier[: len(logs), :-1])
        widest[:, :-1] = np.maximum(widest[:, :-1], earlier[: len(logs), 1:])
        yield np.maximum(logs - widest, 0.0).mean(axis=1)
        before = earlier[-_LAG:]


def accents_in(strength: Strength) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The moments in seconds at which something sets in, in order, and how strongly (as `onset_strength`)."""
    if len(strength) < 3:
        return np.zeros(0, np.float32), np.zeros(0, np.float32)
    near = np.lib.stride_tricks.sliding_window_view(np.pad(strength, _PEAK_STEPS), 2 * _PEAK_STEPS + 1)
    strongest = strength == near.max(axis=1)
    strongest &= strength > _ABOVE_MEAN * mean_around(strength, _AROUND_STEPS) + _LEAST_STRENGTH
    steps = np.flatnonzero(strongest[1:-1]) + 1
    before, here, after = strength[steps - 1], strength[steps], strength[steps + 1]
    moments = (steps + top_of_parabola(before, here, after)) / STEPS_PER_SECOND + _LATE
    return moments.astype(np.float32), here


def mean_around(values: Strength, steps: int) -> NDArray[np.float64]:
    """For each value the mean of those up to so many steps before and after it."""
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    places = np.arange(len(values))
    first, last = np.maximum(places - steps, 0), np.minimum(places + steps + 1, len(values))
    means: NDArray[np.float64] = (sums[last] - sums[first]) / (last - first)
    return means


def top_of_parabola(
    before: NDArray[np.floating], here: NDArray[np.floating], after: NDArray[np.floating]
) -> NDArray[np.float64]:
    """How far from the middle one of three values, -0.5..0.5, the parabola through them is highest."""
    bend = 2.0 * (before - 2.0 * here + after).astype(np.float64)
    place = np.divide(before - after, bend, out=np.zeros(np.shape(bend)), where=bend < -1e-9)
    inside: NDArray[np.float64] = np.clip(place, -0.5, 0.5)
    return inside


def _band_levels(blocks: Iterable[Sound]) -> Iterator[NDArray[np.float32]]:
    """Magnitude in each band at each step, [steps, bands], in pieces; step n is centred on sample n * HOP."""
    rest = np.zeros(_WINDOW // 2, np.float32)
    samples, done = 0, 0
    for block in blocks:
        samples += len(block)
        rest = np.concatenate([rest, block])
        while (len(rest) - _WINDOW) // HOP + 1 >= _STEPS_AT_ONCE:
            yield _in_bands(rest, _STEPS_AT_ONCE)
            rest = rest[_STEPS_AT_ONCE * HOP :]
            done += _STEPS_AT_ONCE
    left = -(-samples // HOP) - done
    if left > 0:
        yield _in_bands(np.pad(rest, (0, max((left - 1) * HOP + _WINDOW - len(rest), 0))), left)


def _in_bands(sound: Sound, steps: int) -> NDArray[np.float32]:
    frames = np.lib.stride_tricks.sliding_window_view(sound, _WINDOW)[: steps * HOP : HOP]
    spectrum = np.abs(np.fft.rfft(frames * np.hanning(_WINDOW).astype(np.float32), axis=1))
    levels: NDArray[np.float32] = (spectrum @ _triangles()).astype(np.float32)
    return levels


@cache
def _triangles() -> NDArray[np.float32]:
    """The bands on a logarithmic scale, [bins, bands]; the lowest are at least one bin apart."""
    octaves = np.log2(_HIGHEST_HZ / _LOWEST_HZ)
    centres = _LOWEST_HZ * 2 ** np.linspace(0, octaves, _BANDS_ASKED)
    places = np.unique(np.round(centres * _WINDOW / RATE).astype(int))
    edges = np.array([places[0] - 1, *places, _WINDOW // 2])
    bins = np.arange(_WINDOW // 2 + 1)[:, None]
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    rising, falling = (bins - low) / (middle - low), (high - bins) / (high - middle)
    triangles: NDArray[np.float32] = np.clip(np.minimum(rising, falling), 0.0, None).astype(np.float32)
    return triangles
