"""Detects degeneration: generated sound that is stuck in silence, in noise or in a loop (a hum is a short one).

All three are judged by the last seconds of sound alone. Of 885 stretches of real music (a metal album and three
singles) these bounds called one a loop, a chord that rings out, and one silence.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import scipy.signal
from numpy.typing import NDArray

DegenerationKind = Literal["silence", "noise", "loop"]

HEARD_SECONDS = 4.5
"""Length of the past that a decision needs."""
JUDGED_SECONDS = 2.5
"""Length of the end that must be silence, noise, or a repetition of what came just before."""
_LONGEST_LOOP = HEARD_SECONDS - JUDGED_SECONDS
_SHORTEST_LOOP = 0.02
_SILENCE = 10 ** (-50 / 20)
"""RMS, full scale 1."""
_FLAT = 0.7
"""Spectral flatness, the geometric over the arithmetic mean of the averaged power spectrum: 1 for white noise."""
_SAME = 0.97
"""Normalised correlation with the sound one loop earlier."""
_GRAIN = 512


def degeneration_of(sound: NDArray[np.float32], rate: int) -> DegenerationKind | None:
    """The degeneration of the end of `sound` [n], at `rate` Hz; None also where that is less than `HEARD_SECONDS`."""
    heard = round(HEARD_SECONDS * rate)
    if len(sound) < heard:
        return None
    past = sound[-heard:].astype(np.float64)
    judged = past[-round(JUDGED_SECONDS * rate) :]
    if np.sqrt(np.mean(judged**2)) < _SILENCE:
        return "silence"
    if likeness(past, rate) > _SAME:
        return "loop"
    return "noise" if flatness(judged) > _FLAT else None


def flatness(sound: NDArray[np.float64]) -> float:
    """Spectral flatness of `sound` [n], 0..1."""
    _, power = scipy.signal.welch(sound, nperseg=_GRAIN)
    power = power[1:-1] + 1e-20
    return float(np.exp(np.log(power).mean()) / power.mean())


def likeness(past: NDArray[np.float64], rate: int) -> float:
    """The largest normalised correlation of the end of `past` with what came up to two seconds before, -1..1."""
    judged = past[-round(JUDGED_SECONDS * rate) :]
    longest, shortest = round(_LONGEST_LOOP * rate), round(_SHORTEST_LOOP * rate)
    # at lag d, `judged` lies over the stretch of `past` that ends d samples earlier
    together = scipy.signal.correlate(past, judged, mode="valid", method="fft")[::-1]
    running = np.concatenate([[0.0], np.cumsum(past**2)])
    energy = (running[len(judged) :] - running[: -len(judged)])[::-1]
    same = together / np.sqrt(np.maximum(energy * energy[0], 1e-12))
    return float(same[shortest : longest + 1].max())
