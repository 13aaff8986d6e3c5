"""Short-time spectra at `SONG_RATE`, the mel bands that the finish predicts from, and the bands it predicts."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy import fft

from app.document.model import SONG_RATE

Floats = NDArray[np.float32]

WINDOW = 1024
HOP = WINDOW // 2
BINS = WINDOW // 2 + 1
CONTEXT = 2
"""Windows before and after the present one whose levels are features, too."""
HEARD_BANDS = 32
FEATURES = HEARD_BANDS * (2 * CONTEXT + 1) + 1
"""Levels of all bands in five windows, and a constant."""

_HEARD_FROM, _HEARD_TO = 40.0, 7500.0
_SHIFT = 88
"""Bins by which sound is copied upwards; even, so that copies go on in phase from one window to the next (their hop is
half a window)."""
AIR_BEGIN = 2 * _SHIFT
"""The first bin of the air: 7 580 Hz, where the music of a model at 16 kHz ends."""
AIR_END = round(18_000 * WINDOW / SONG_RATE)
AIR_EDGES = np.geomspace(AIR_BEGIN, AIR_END, 11)
"""Ten bands of equal ratio, in bins."""
WIDTH_EDGES = np.array([120, 250, 500, 1000, 2000, 3500, 5500, 7580, 11_000, 18_000]) * (WINDOW / SONG_RATE)
"""Nine bands, in bins; below them, sound stays in the middle."""

FLOOR = 1e-7
"""Mean square per bin that counts as silence (-70 dB): below it lies what lossy encoders leave out."""


@cache
def window() -> Floats:
    """The root of a Hann window: applied twice, half overlapped, it adds up to one."""
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
    return np.sqrt(hann).astype(np.float32)


def spectra(sound: Floats) -> NDArray[np.complex64]:
    """Spectra [windows, BINS] of mono sound [n], one every HOP samples from the first on, whole windows only."""
    frames = sliding_window_view(sound, WINDOW)[::HOP] * window()
    found: NDArray[np.complex64] = fft.rfft(frames, axis=1)
    return found


def power(spectrum: NDArray[np.complex64]) -> Floats:
    """Mean square that each bin stands for: white noise of variance v has v in every bin."""
    squared: Floats = (spectrum.real**2 + spectrum.imag**2) * np.float32(2 / WINDOW)
    return squared


def decibels(powers: Floats) -> Floats:
    """10 log10, with nothing below the floor."""
    levels: Floats = 10 * np.log10(powers + np.float32(FLOOR))
    return levels


@cache
def heard_bands() -> Floats:
    """Weights [BINS, HEARD_BANDS] of triangular mel bands below 7.5 kHz (O'Shaughnessy 1987), each adding up to one."""
    low, high = (2595 * np.log10(1 + edge / 700) for edge in (_HEARD_FROM, _HEARD_TO))
    edges = 700 * (10 ** (np.linspace(low, high, HEARD_BANDS + 2) / 2595) - 1)
    place = np.arange(BINS)[:, None] * (SONG_RATE / WINDOW)
    rising = (place - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - place) / (edges[2:] - edges[1:-1])
    return _adding_to_one(np.clip(np.minimum(rising, falling), 0, None))


@cache
def air_bands() -> Floats:
    """Weights [BINS, 10] of the bands of the air."""
    return _between(AIR_EDGES)


@cache
def width_bands() -> Floats:
    """Weights [BINS, 9] of the bands in which width is predicted."""
    return _between(WIDTH_EDGES)


def _between(edges: NDArray[np.float64]) -> Floats:
    place = np.arange(BINS)[:, None]
    return _adding_to_one(((place >= edges[:-1]) & (place < edges[1:])).astype(np.float64))


def _adding_to_one(weights: NDArray[np.float64]) -> Floats:
    shares: Floats = (weights / np.maximum(weights.sum(axis=0), 1e-9)).astype(np.float32)
    return shares


@cache
def spread_over_air() -> Floats:
    """[10, BINS]: levels of the ten bands, in dB, as levels of bins: straight lines between the middles of bands."""
    return _spread(AIR_EDGES)


@cache
def spread_over_width() -> Floats:
    """[9, BINS]: the same for the nine bands of the width."""
    return _spread(WIDTH_EDGES)


def _spread(edges: NDArray[np.float64]) -> Floats:
    middles = np.sqrt(edges[:-1] * edges[1:])
    unit = np.eye(len(middles))
    return np.stack([np.interp(np.arange(BINS), middles, row) for row in unit]).astype(np.float32)


def features(heard: Floats) -> Floats:
    """The inputs of the regression: levels [windows, HEARD_BANDS] of each window and its neighbours, and a constant.

    Returns:
        [windows - 2 * CONTEXT, FEATURES]: the first and the last windows are neighbours only.
    """
    count = len(heard) - 2 * CONTEXT
    parts = [heard[shift : shift + count] for shift in range(2 * CONTEXT + 1)]
    return np.concatenate([*parts, np.ones((count, 1), np.float32)], axis=1)


def copied_up(spectrum: NDArray[np.complex64]) -> NDArray[np.complex64]:
    """The air's bins [windows, AIR_END - AIR_BEGIN], each a copy of the octave below it (3.8 to 7.6 kHz) moved up."""
    octave = spectrum[:, _SHIFT:AIR_BEGIN]
    copies = -(-(AIR_END - AIR_BEGIN) // _SHIFT)
    return np.tile(octave, (1, copies))[:, : AIR_END - AIR_BEGIN]
