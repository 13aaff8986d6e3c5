"""Sound that is no band, computed: a voice that speaks no language, and a piano."""

from __future__ import annotations

import numpy as np
import soxr
from scipy.signal import lfilter

from app.document.model import SONG_RATE
from app.studio.demo.sounds import string
from tests.bench.rhythm import RATE

_VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))
"""Formants in Hz of a man's a, i, u, e, o, after Peterson and Barney 1952, "Control Methods Used in a Study of the
Vowels"."""
_BANDWIDTHS = (60, 90, 120)
_SYLLABLE = (0.12, 0.30)
"""Seconds of the shortest and the longest."""
_CHORDS = ((48, 55, 60, 64), (45, 52, 60, 64), (41, 53, 57, 60), (43, 50, 59, 62))
_BEAT = 0.5
"""Seconds of the piano's beat."""


def voice(seconds: float, seed: int) -> np.ndarray:
    """Syllables of pulses through formants, some begun by hiss, in phrases with rests between: mono at `RATE`."""
    random = np.random.default_rng(seed)
    total = round(seconds * RATE)
    sound = np.zeros(total)
    at, pitch = 0, 120.0
    while at < total:
        if random.random() < 0.12:  # a breath
            at, pitch = at + round(random.uniform(0.25, 0.6) * RATE), 130.0
            continue
        if random.random() < 0.4:
            at = _add(sound, _hiss(random), at)
        length = round(random.uniform(*_SYLLABLE) * RATE)
        pitch = max(pitch * random.uniform(0.9, 1.04), 75.0)
        at = _add(sound, _vowel(length, pitch, random), at)
    voiced: np.ndarray = (0.3 * sound / np.abs(sound).max() + 1e-4 * random.standard_normal(total)).astype(np.float32)
    return voiced


def _vowel(length: int, pitch: float, random: np.random.Generator) -> np.ndarray:
    time = np.arange(length) / RATE
    phase = np.cumsum(pitch * (1 + 0.02 * np.sin(2 * np.pi * 5 * time))) / RATE
    sound = np.diff(np.floor(phase), prepend=0.0) + 0.02 * random.standard_normal(length)
    for formant, width in zip(_VOWELS[random.integers(len(_VOWELS))], _BANDWIDTHS, strict=True):
        radius = np.exp(-np.pi * width / RATE)
        sound = lfilter([1 - radius], [1, -2 * radius * np.cos(2 * np.pi * formant / RATE), radius**2], sound)
    shape: np.ndarray = np.minimum(np.minimum(time / 0.03, (time[-1] - time) / 0.06), 1.0)
    return shape * sound / max(np.abs(sound).max(), 1e-9)


def _hiss(random: np.random.Generator) -> np.ndarray:
    length = round(random.uniform(0.04, 0.1) * RATE)
    noise = np.diff(random.standard_normal(length), n=2, prepend=[0.0, 0.0])
    return 0.12 * np.hanning(length) * noise


def piano(seconds: float, seed: int) -> np.ndarray:
    """Broken chords on the demo band's struck strings, with a melody above: mono at `RATE`."""
    random = np.random.default_rng(seed)
    total = round(seconds * RATE)
    sound = np.zeros(total + 3 * RATE)
    for beat in range(int(seconds / _BEAT)):
        chord = _CHORDS[beat // 4 % len(_CHORDS)]
        keys = [chord[beat % 4]] + ([int(random.choice(chord)) + 12] if random.random() < 0.6 else [])
        for key in keys:
            tone = _at_rate(string(key, 2.0, random, pick=0.12)) * random.uniform(0.7, 1.0)
            _add(sound, tone * np.exp(-np.arange(len(tone)) / RATE / 0.7), round(beat * _BEAT * RATE))
    heard: np.ndarray = (0.4 * sound[:total] / np.abs(sound).max()).astype(np.float32)
    return heard


def _at_rate(sound: np.ndarray) -> np.ndarray:
    resampled: np.ndarray = soxr.resample(sound, SONG_RATE, RATE)
    return resampled


def _add(sound: np.ndarray, part: np.ndarray, at: int) -> int:
    """Adds as much as there is room for; where it ends."""
    there = part[: max(len(sound) - at, 0)]
    sound[at : at + len(there)] += there
    return at + len(part)
