"""What all measures look at: levels in mel bands, tones in thirds of semitones, and how flat bands are. Mono at 16 kHz.

Frame k of either kind is centred on sample k times its hop.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy import fft

Floats = NDArray[np.float32]

RATE = 16_000
WINDOW, HOP = 1024, 256
"""Samples, for levels: 62.5 frames a second."""
FRAMES_PER_SECOND = RATE / HOP
LONG_WINDOW, LONG_HOP = 4096, 1024
"""Samples, for tones: 15.6 frames a second."""
TONES_PER_SECOND = RATE / LONG_HOP
MEL_BANDS = 40
TONES_PER_SEMITONE = 3
TONES = 70 * TONES_PER_SEMITONE
_LOWEST_TONE = 110.0
_LOWEST, _HIGHEST = 40.0, 7600.0
FLAT_EDGES = np.array([60, 150, 300, 600, 1000, 1700, 2800, 4500, 7600]) * LONG_WINDOW // RATE
"""Of the bands in which flatness is measured, in bins of the long window."""
_FLOOR = np.float32(1e-10)
_FRAMES_AT_ONCE = 512


@dataclass(frozen=True, eq=False)
class Spectra:
    """Of some sound.

    Attributes:
        mel: float32 [frames, MEL_BANDS], the levels of mel bands in dB.
        tones: float32 [long frames, TONES], the levels of thirds of semitones from 110 Hz to 6.2 kHz in dB.
        flatness: float32 [long frames, 8], of bands in dB: 0 for a click, -2.5 for noise, least for tones.
        centroid: float32 [frames], in Hz: the mean frequency, weighed by power.
    """

    mel: Floats
    tones: Floats
    flatness: Floats
    centroid: Floats

    def between(self, start: float, end: float) -> Spectra:
        """The same of a part of the sound, from and to a second."""
        first, last = (round(moment * FRAMES_PER_SECOND) for moment in (start, end))
        low, high = (round(moment * TONES_PER_SECOND) for moment in (start, end))
        return Spectra(self.mel[first:last], self.tones[low:high], self.flatness[low:high], self.centroid[first:last])


def spectra_of(sound: Floats) -> Spectra:
    """Of mono float32 [n] at `RATE`, n > 0."""
    mel, centroid = [], []
    places = (np.arange(WINDOW // 2 + 1) * (RATE / WINDOW)).astype(np.float32)
    for power in _powers(sound, WINDOW, HOP):
        mel.append(_decibels(power @ mel_weights()))
        centroid.append(power @ places / (power.sum(axis=1) + _FLOOR))
    tones, flatness = [], []
    for power in _powers(sound, LONG_WINDOW, LONG_HOP):
        tones.append(_decibels(power @ _tone_weights()))
        flatness.append(_flatness(power))
    return Spectra(*(np.concatenate(part) for part in (mel, tones, flatness, centroid)))


def _powers(sound: Floats, window: int, hop: int) -> Iterator[Floats]:
    """Power spectra [frames, bins], so many frames at a time."""
    padded = np.pad(sound, window // 2)
    shape = np.hanning(window).astype(np.float32)
    shape *= np.float32(1 / np.sqrt(np.square(shape).sum()))
    frames = sliding_window_view(padded, window)[::hop]
    for first in range(0, len(frames), _FRAMES_AT_ONCE):
        spectrum = fft.rfft(frames[first : first + _FRAMES_AT_ONCE] * shape, axis=1)
        yield spectrum.real**2 + spectrum.imag**2


def _decibels(power: Floats) -> Floats:
    levels: Floats = np.float32(10) * np.log10(power + _FLOOR)
    return levels


def _flatness(power: Floats) -> Floats:
    """Spectral flatness by band: the geometric mean over the arithmetic one."""
    edges = FLAT_EDGES[:-1]
    part = power[:, : FLAT_EDGES[-1]]
    widths = np.diff(FLAT_EDGES).astype(np.float32)
    logs = np.add.reduceat(_decibels(part), edges, axis=1) / widths
    means = np.add.reduceat(part, edges, axis=1) / widths
    flat: Floats = (logs - _decibels(means.astype(np.float32))).astype(np.float32)
    return flat


@cache
def mel_weights() -> Floats:
    """Triangular mel bands (O'Shaughnessy 1987) [bins, MEL_BANDS], each adding up to one."""
    low, high = (2595 * np.log10(1 + edge / 700) for edge in (_LOWEST, _HIGHEST))
    edges = 700 * (10 ** (np.linspace(low, high, MEL_BANDS + 2) / 2595) - 1)
    return _triangles(edges, WINDOW)


@cache
def _tone_weights() -> Floats:
    """[bins, TONES]: triangles a third of a semitone apart, or two bins wide where bins are further apart than that."""
    centres = _LOWEST_TONE * 2 ** (np.arange(TONES) / (12 * TONES_PER_SEMITONE))
    width = np.maximum(centres * (2 ** (1 / (12 * TONES_PER_SEMITONE)) - 1), RATE / LONG_WINDOW)[:, None]
    place = np.arange(LONG_WINDOW // 2 + 1) * (RATE / LONG_WINDOW)
    weights = np.clip(1 - np.abs(place - centres[:, None]) / width, 0, None).T
    shares: Floats = (weights / weights.sum(axis=0)).astype(np.float32)
    return shares


def _triangles(edges: NDArray[np.float64], window: int) -> Floats:
    place = np.arange(window // 2 + 1)[:, None] * (RATE / window)
    rising = (place - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - place) / (edges[2:] - edges[1:-1])
    weights = np.clip(np.minimum(rising, falling), 1e-9, None)
    shares: Floats = (weights / weights.sum(axis=0)).astype(np.float32)
    return shares
