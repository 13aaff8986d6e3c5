"""Music made worse in known ways, to learn what a model's clips lack where they are not as good as the album."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from app.studio.measures.spectra import Floats

_MIXED = 0.2
"""Share of the power that is noise."""

Way = Callable[[Floats, np.random.Generator], Floats]


def without_time(sound: Floats, noise: np.random.Generator) -> Floats:
    """Noise of the same spectrum: phases drawn at random, so that nothing is left of what happens when."""
    spectrum = np.fft.rfft(sound)
    turns = np.exp(2j * np.pi * noise.random(len(spectrum)))
    scattered: Floats = np.fft.irfft(np.abs(spectrum) * turns, len(sound)).astype(np.float32)
    return scattered


def with_noise(sound: Floats, noise: np.random.Generator) -> Floats:
    """The sound with noise of its own spectrum mixed in, as loud as before."""
    clean, scattered = np.sqrt(1 - _MIXED), np.sqrt(_MIXED)
    mixed: Floats = (clean * sound + scattered * without_time(sound, noise)).astype(np.float32)
    return mixed


WAYS: tuple[Way, ...] = (without_time, with_noise)
