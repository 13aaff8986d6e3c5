"""Strokes: the envelope of sound in each of twenty mel bands, 250 times a second, as a channel vocoder has it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from samplernn.guides.framing import Floats, Framing, product

PER_SECOND = 250
BANDS = 20
SILENCE_DB = -90.0
_LOWEST_HZ, _HIGHEST_HZ = 40.0, 7600.0


@cache
def framing_at(rate: int) -> Framing:
    """The windows of strokes at this rate."""
    return Framing(rate, PER_SECOND)


def levels_of(spectra: NDArray[np.complex64], rate: int) -> Floats:
    """Levels [..., windows, BANDS] in dB; white noise of mean square v has 10 log10 v in every band."""
    power = framing_at(rate).power(spectra)
    found = product(power.reshape(-1, power.shape[-1]), band_weights(rate))
    return decibels(found.reshape(*power.shape[:-1], BANDS))


def decibels(power: Floats) -> Floats:
    """10 log10, with nothing below silence."""
    # by natural logarithms, which take half the time of decimal ones
    levels: Floats = np.log(power + np.float32(10 ** (SILENCE_DB / 10))) * np.float32(10 / np.log(10))
    return levels


def strokes_of(blocks: Iterable[Floats], rate: int) -> Floats:
    """Strokes [frames, BANDS] in dB of mono sound that comes in blocks [n] of any length.

    Frame k is centred at k / PER_SECOND seconds; at rates that 250 does not divide, frames are interpolated.
    """
    hop = framing_at(rate).hop
    parts = [levels_of(spectra, rate) for spectra in framing_at(rate).spectra_of_blocks(blocks)]
    if not parts:
        return np.zeros((0, BANDS), np.float32)
    levels = np.concatenate(parts)
    if hop * PER_SECOND == rate:
        return levels
    seconds = len(levels) * hop / rate
    return strokes_at(levels, np.arange(int(seconds * PER_SECOND)) / PER_SECOND * rate / hop)


def strokes_at(strokes: Floats, places: NDArray[np.floating]) -> Floats:
    """Strokes at fractional frames `places` [n], interpolated linearly; the end frames beyond the ends; [n, BANDS]."""
    places = np.clip(places, 0, len(strokes) - 1)
    before = places.astype(np.int64)
    after = np.minimum(before + 1, len(strokes) - 1)
    share = (places - before)[:, None].astype(np.float32)
    between: Floats = strokes[before] * (1 - share) + strokes[after] * share
    return between


@cache
def band_centres() -> NDArray[np.float64]:
    """In Hz, evenly spaced on the mel scale (O'Shaughnessy 1987)."""
    low, high = (2595 * np.log10(1 + edge / 700) for edge in (_LOWEST_HZ, _HIGHEST_HZ))
    centres: NDArray[np.float64] = 700 * (10 ** (np.linspace(low, high, BANDS + 2)[1:-1] / 2595) - 1)
    return centres


def over_frequencies(frequencies: NDArray[np.float64]) -> Floats:
    """[BANDS, n]: weights that interpolate a value per band to one per frequency [n] in Hz, linearly between the bands'
    centres.
    """
    return np.stack([np.interp(frequencies, band_centres(), row) for row in np.eye(BANDS)]).astype(np.float32)


@cache
def over_bins(rate: int) -> Floats:
    """[BANDS, bins]: weights that interpolate a value per band to one per bin of strokes' windows."""
    framing = framing_at(rate)
    return over_frequencies(np.arange(framing.bins) * rate / len(framing.window))


@cache
def band_weights(rate: int) -> Floats:
    """[bins, BANDS]: triangular filters, each adding up to one; the outer ones go on to 0 and to Nyquist."""
    weights = over_bins(rate).T
    shares: Floats = weights / np.maximum(weights.sum(axis=0), 1e-9)
    return shares
