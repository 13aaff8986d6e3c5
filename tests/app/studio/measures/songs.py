"""Made music for the tests of measures: songs that never play quite the same bar twice."""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray

RATE = 16_000

Sound = NDArray[np.float32]
_SCALE = np.array([0, 2, 3, 5, 7, 8, 10])


def song(seed: int, seconds: float, *, bpm: float = 132.0, root: float = 110.0) -> Sound:
    """Mono at 16 kHz: drums in eighths and a saw that plays a new figure in every bar."""
    noise = np.random.default_rng(seed)
    count = round(seconds * RATE)
    sound = np.zeros(count + RATE)
    step = 30.0 / bpm
    for place in range(int(seconds / step)):
        at = round(place * step * RATE)
        if noise.random() < 0.8:
            kind = noise.integers(3)
            hit = noise.standard_normal(2400) * np.exp(-np.arange(2400) / (200 + 400 * (kind == 1)))
            if kind == 0:
                hit = np.sin(2 * np.pi * np.cumsum(60 + 120 * np.exp(-np.arange(2400) / 300)) / RATE)
                hit *= np.exp(-np.arange(2400) / 900)
            sound[at : at + 2400] += 0.4 * hit
        length = round(step * RATE * noise.integers(1, 4))
        for _ in range(2):
            tone = root * 2 ** ((noise.choice(_SCALE) + 12 * noise.integers(3)) / 12)
            t = np.arange(length) / RATE
            wave = sum(np.sin(2 * np.pi * tone * k * t) / k for k in range(1, 12) if tone * k < 7000)
            part = 0.15 * wave * np.exp(-t * 3) * np.minimum(np.arange(length) / 80, 1)
            sound[at : at + length] += part[: len(sound) - at]
    return (sound[:count] / np.abs(sound).max() * 0.8).astype(np.float32)


def resampled(sound: Sound, ratio: float) -> Sound:
    """So many times as fast, and as high."""
    return np.asarray(soxr.resample(sound, RATE * ratio, RATE), np.float32)
