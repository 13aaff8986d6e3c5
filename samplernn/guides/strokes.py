"""Strokes: the envelope of sound in each of twenty mel bands, 250 times a second, as a channel vocoder has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy import fft

Floats = NDArray[np.float32]

PER_SECOND = 250
BANDS = 20
SILENCE_DB = -90.0
_LOWEST_HZ, _HIGHEST_HZ = 40.0, 7600.0
_HOPS_PER_WINDOW = 4
_AT_ONCE = 4096
"""Windows whose spectra are computed at once."""


def hop_of(rate: int) -> int:
    """Samples from one window to the next at this rate."""
    return max(round(rate / PER_SECOND), 1)


def window_of(rate: int) -> Floats:
    """The root of a Hann window of four hops, such that windows applied twice add up to one."""
    length = _HOPS_PER_WINDOW * hop_of(rate)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)
    return np.sqrt(hann / 2).astype(np.float32)


def spectra_of(sound: Floats, rate: int) -> NDArray[np.complex64]:
    """Spectra [..., windows, bins] of sound [..., n], whole windows only, the first at its beginning."""
    window = window_of(rate)
    frames = sliding_window_view(sound, len(window), axis=-1)[..., :: hop_of(rate), :] * window
    found: NDArray[np.complex64] = fft.rfft(frames, axis=-1)
    return found


def levels_of(spectra: NDArray[np.complex64], rate: int) -> Floats:
    """Levels [..., windows, BANDS] in dB; white noise of mean square v has 10 log10 v in every band."""
    power = (spectra.real**2 + spectra.imag**2) * np.float32(1 / np.sum(window_of(rate) ** 2))
    levels: Floats = 10 * np.log10(power @ _bands(rate) + np.float32(10 ** (SILENCE_DB / 10)))
    return levels


def strokes_of(blocks: Iterable[Floats], rate: int) -> Floats:
    """Strokes [frames, BANDS] in dB of mono sound that comes in blocks [n] of any length.

    Frame k is centred at k / PER_SECOND seconds; at rates that 250 does not divide, frames are interpolated.
    """
    parts = list(_levels_in_blocks(blocks, rate))
    if not parts:
        return np.zeros((0, BANDS), np.float32)
    levels = np.concatenate(parts)
    if hop_of(rate) * PER_SECOND == rate:
        return levels
    seconds = len(levels) * hop_of(rate) / rate
    return strokes_at(levels, np.arange(int(seconds * PER_SECOND)) / PER_SECOND * rate / hop_of(rate))


def strokes_at(strokes: Floats, places: NDArray[np.floating]) -> Floats:
    """Strokes at fractional frames `places` [n], interpolated linearly; the end frames beyond the ends; [n, BANDS]."""
    places = np.clip(places, 0, len(strokes) - 1)
    before = places.astype(np.int64)
    after = np.minimum(before + 1, len(strokes) - 1)
    share = (places - before)[:, None].astype(np.float32)
    between: Floats = strokes[before] * (1 - share) + strokes[after] * share
    return between


def _levels_in_blocks(blocks: Iterable[Floats], rate: int) -> Iterator[Floats]:
    hop, window = hop_of(rate), _HOPS_PER_WINDOW * hop_of(rate)
    rest, samples, done = np.zeros(window // 2, np.float32), 0, 0
    for block in blocks:
        samples += len(block)
        rest = np.concatenate([rest, block])
        while (ready := (len(rest) - window) // hop + 1) > 0:
            ready = min(ready, _AT_ONCE)
            yield levels_of(spectra_of(rest[: (ready - 1) * hop + window], rate), rate)
            rest = rest[ready * hop :]
            done += ready
    left = -(-samples // hop) - done
    if left > 0:
        rest = np.pad(rest, (0, max((left - 1) * hop + window - len(rest), 0)))
        yield levels_of(spectra_of(rest[: (left - 1) * hop + window], rate), rate)


@cache
def band_centres() -> NDArray[np.float64]:
    """In Hz, evenly spaced on the mel scale (O'Shaughnessy 1987)."""
    low, high = (2595 * np.log10(1 + edge / 700) for edge in (_LOWEST_HZ, _HIGHEST_HZ))
    centres: NDArray[np.float64] = 700 * (10 ** (np.linspace(low, high, BANDS + 2)[1:-1] / 2595) - 1)
    return centres


@cache
def over_bins(rate: int) -> Floats:
    """[BANDS, bins]: weights that interpolate a value per band to one per bin, linearly between the bands' centres."""
    places = np.arange(_HOPS_PER_WINDOW * hop_of(rate) // 2 + 1) * rate / (_HOPS_PER_WINDOW * hop_of(rate))
    return np.stack([np.interp(places, band_centres(), row) for row in np.eye(BANDS)]).astype(np.float32)


@cache
def _bands(rate: int) -> Floats:
    """[bins, BANDS]: triangular filters, each adding up to one; the outer ones go on to 0 and to Nyquist."""
    weights = over_bins(rate).T
    shares: Floats = weights / np.maximum(weights.sum(axis=0), 1e-9)
    return shares
