"""Whether two sounds are one recording: their waves are the same, whatever the gain, some noise, or a lossy file."""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy import fft

from app.studio.measures.spectra import RATE, Floats
from samplernn.data.dataset import Dataset
from samplernn.data.split import regions

SAME = 0.965
"""Normalised correlation of a second of sound with the best place near it: a lossy copy has 0.98, a band that plays a
bar again 0.95 at most."""
_NEAR = 700
"""Samples that the place may lie off."""


class LearntSound:
    """What is learnt of each track of a prepared album, a second at a time, from the disk."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._spans = [next(iter(regions([track])["train"]), None) for track in dataset.tracks]

    def likeness(self, sound: Floats, track: int, second: float) -> NDArray[np.float64]:
        """For each whole second of some sound the highest normalised correlation with the track, 0..1.

        Args:
            sound: mono at `RATE`.
            second: where in the track the sound would begin; before its beginning nothing is alike.
        """
        return np.array(
            [
                self._of_second(sound[start : start + RATE], track, second + start / RATE)
                for start in range(0, len(sound) - RATE + 1, RATE)
            ]
        )

    def _of_second(self, part: Floats, track: int, second: float) -> float:
        span, rate = self._spans[track], self._dataset.rate
        if span is None:
            return 0.0
        begin = max(round((second - _NEAR / RATE) * rate), 0)
        end = max(round((second + 1 + _NEAR / RATE) * rate), 0)
        there = np.array(self._dataset.sound[span.start + begin : min(span.start + end, span.stop)], np.float32)
        if rate != RATE and len(there):
            there = soxr.resample(there, rate, RATE)
        return _correlation(part, there) if len(there) >= len(part) else 0.0


def _correlation(part: Floats, whole: Floats) -> float:
    """The highest normalised correlation of `part` with any stretch of `whole`, either way up."""
    size = fft.next_fast_len(len(whole), real=True)
    together = fft.irfft(fft.rfft(whole, size) * np.conj(fft.rfft(part, size)), size)[: len(whole) - len(part) + 1]
    running = np.concatenate([[0.0], np.cumsum(np.square(whole, dtype=np.float64))])
    energy = (running[len(part) :] - running[: -len(part)]) * np.square(part, dtype=np.float64).sum()
    return float(np.abs(together / np.sqrt(np.maximum(energy, 1e-9))).max())
