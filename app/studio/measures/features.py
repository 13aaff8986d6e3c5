"""The features of some seconds of sound: what its timbre, its movement and its strokes are like, as one row of numbers.

Means and standard deviations of levels, of their rise, of flatness and of chroma; and the modulation spectrum, how
strongly levels swing how many times a second (Chi, Ru and Shamma 2005, in coarse bands). The sum of squared differences
of means and of standard deviations is the Fréchet distance between two normal distributions whose axes are
independent (Dowson and Landau, "The Fréchet distance between multivariate normal distributions", 1982).
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from app.studio.measures.rhythm import PER_SECOND, Values, pulse_of
from app.studio.measures.spectra import FRAMES_PER_SECOND, MEL_BANDS, TONES, TONES_PER_SEMITONE, Floats, Spectra

_GROUPS = 8
"""Neighbouring mel bands are taken together for what changes in time."""
_SWINGS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 31.0)
"""Edges of the bands of the modulation spectrum, in Hz."""
_CHROMA = 12
_LEAST_DB = -70.0
"""Levels below this are taken for it: below the noise of 16 bits nothing is meant."""

LEVEL = 0
"""Which feature is the level in dB."""
FEATURES = 2 + 2 * MEL_BANDS + 2 * _GROUPS + 16 + _CHROMA + 2 + _GROUPS * (len(_SWINGS) - 1) + 4


def features_of(spectra: Spectra, strength: Values) -> Floats:
    """Float32 [FEATURES] of at least a second of sound, not standardised.

    Args:
        spectra: of the sound.
        strength: its onset strength, see `app.studio.measures.rhythm`.
    """
    levels = np.maximum(spectra.mel, _LEAST_DB)
    middle = levels.mean()
    groups = levels.reshape(len(levels), _GROUPS, -1).mean(axis=2)
    rise = np.maximum(np.diff(groups, axis=0), 0.0)
    parts = [
        [middle, groups.mean(axis=1).std()],
        levels.mean(axis=0) - middle,
        levels.std(axis=0),
        rise.mean(axis=0),
        rise.std(axis=0),
        spectra.flatness.mean(axis=0),
        spectra.flatness.std(axis=0),
        _chroma(spectra.tones),
        _modulation(groups),
        _strokes(strength),
    ]
    return np.concatenate(parts).astype(np.float32)


def _chroma(tones: Floats) -> Values:
    """How much stands out of the twelve notes, the strongest first, so that the key does not matter; and its change."""
    power = 10 ** (np.maximum(tones, _LEAST_DB) / 10)
    semitones = power.reshape(len(power), TONES // TONES_PER_SEMITONE, TONES_PER_SEMITONE).sum(axis=2)
    whole = semitones.shape[1] // _CHROMA * _CHROMA
    notes = semitones[:, :whole].reshape(len(power), -1, _CHROMA).sum(axis=1)
    levels = 10 * np.log10(notes + 1e-10)
    levels -= levels.mean(axis=1, keepdims=True)
    order = np.sort(levels.mean(axis=0))[::-1]
    change = np.abs(np.diff(levels, axis=0)).mean(axis=1) if len(levels) > 1 else np.zeros(1)
    return np.concatenate([order, [change.mean(), change.std()]])


def _modulation(groups: Floats) -> Values:
    """Decibels of the swing of each group of bands in each band of modulation, [groups * bands]."""
    swing = groups - groups.mean(axis=0)
    power = np.abs(np.fft.rfft(swing * np.hanning(len(swing))[:, None], axis=0)) ** 2 / len(swing)
    frequency = np.arange(len(power)) * (FRAMES_PER_SECOND / len(swing))
    inside = (frequency[:, None] >= _SWINGS[:-1]) & (frequency[:, None] < _SWINGS[1:])
    sums = inside.T.astype(np.float64) @ power / np.maximum(inside.sum(axis=0), 1)[:, None]
    return np.asarray(10 * np.log10(sums + 1e-3)).ravel()


def _strokes(strength: Values) -> Values:
    spread = strength.std()
    peaks = ((strength - strength.mean()) ** 3).mean() / max(spread**3, 1e-9)
    return np.array([strength.mean(), spread, peaks, pulse_of(strength) if len(strength) > PER_SECOND else 0.0])


@cache
def feature_names() -> tuple[str, ...]:
    """What each feature is, in the order of the row."""
    bands, groups = range(MEL_BANDS), range(_GROUPS)
    names = ["level", "level.std"]
    names += [f"mel.{band}" for band in bands] + [f"mel.std.{band}" for band in bands]
    names += [f"rise.{group}" for group in groups] + [f"rise.std.{group}" for group in groups]
    names += [f"flatness.{group}" for group in groups] + [f"flatness.std.{group}" for group in groups]
    names += [f"note.{note}" for note in range(_CHROMA)] + ["note.change", "note.change.std"]
    names += [f"swing.{group}.{low:g}" for group in groups for low in _SWINGS[:-1]]
    return (*names, "onset", "onset.std", "onset.peaks", "pulse")


def standardised(rows: NDArray[np.floating], mean: Floats, scale: Floats) -> Floats:
    """Rows [n, FEATURES] in standard deviations of the album."""
    found: Floats = ((rows - mean) / scale).astype(np.float32)
    return found
