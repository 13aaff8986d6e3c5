"""How following and notes are measured: figures of sound itself, mono at 16 kHz; rhythm as the studio measures it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.ndimage import median_filter

from app.studio.measures.rhythm import RATE, band_levels, onset_strength, pulse

__all__ = ["FOLLOWING", "RATE", "lines", "onset_strength", "pulse"]


def onset_following(clip: np.ndarray, guide: np.ndarray) -> float:
    """Correlation of onset strength."""
    return float(_correlation(onset_strength(clip)[:, None], onset_strength(guide)[:, None]).mean())


def band_following(clip: np.ndarray, guide: np.ndarray) -> float:
    """Mean over bands of the correlation of log levels smoothed over 64 ms."""
    smoothed = [_smoothed(band_levels(sound, 256), 4) for sound in (clip, guide)]
    return float(_correlation(*smoothed).mean())


def note_following(clip: np.ndarray, guide: np.ndarray) -> float:
    """Mean correlation in time of twelve chroma levels, their common movement and each one's mean removed."""
    return float(_correlation(_chroma(clip), _chroma(guide)).mean())


FOLLOWING: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
    "onset": onset_following,
    "smoothed": band_following,
    "notes": note_following,
}
"""How closely a clip follows the music that its guide is of, by the names of the figures; 1 is as closely as can be."""


def lines(sound: np.ndarray) -> float:
    """How far lines stand out between 100 and 2 000 Hz, in dB: music 18.7, white noise 7.7.

    The spectrum of 4 096 samples over its running median of 51 bins; the mean of the highest twentieth.
    """
    spectra = np.abs(np.fft.rfft(sliding_window_view(sound, 4096)[::1024] * np.hanning(4096), axis=1))
    levels = 20 * np.log10(spectra + 1e-9)
    above = levels - median_filter(levels, size=(1, 51))
    band = above[:, 100 * 4096 // RATE : 2000 * 4096 // RATE]
    count = max(band.shape[1] // 20, 1)
    return float(np.sort(band, axis=1)[:, -count:].mean())


def _chroma(sound: np.ndarray) -> np.ndarray:
    frames = sliding_window_view(np.pad(sound, 4096), 8192)[::1600] * np.hanning(8192)
    power = np.abs(np.fft.rfft(frames, axis=1)) ** 2
    places = np.arange(1, power.shape[1]) * RATE / 8192
    inside = (places >= 70) & (places <= 2000)
    classes = np.round(12 * np.log2(places[inside] / 440)).astype(int) % 12
    sums = np.stack([power[:, 1:][:, inside][:, classes == each].sum(axis=1) for each in range(12)], axis=1)
    levels = np.log(sums + 1e-6)
    return np.asarray(levels - levels.mean(axis=1, keepdims=True))


def _smoothed(levels: np.ndarray, frames: int) -> np.ndarray:
    return np.apply_along_axis(lambda band: np.convolve(band, np.ones(frames) / frames, "valid"), 0, levels)


def _correlation(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Of each column."""
    length = min(len(one), len(other))
    one, other = (each[:length] - each[:length].mean(axis=0) for each in (one, other))
    return np.asarray((one * other).sum(0) / np.sqrt((one**2).sum(0) * (other**2).sum(0) + 1e-12))
