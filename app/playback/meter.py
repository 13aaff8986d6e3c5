"""How loud the sound that goes out is: peaks, and short-term loudness."""

from __future__ import annotations

import threading
from collections import deque

import numpy as np
from numpy.typing import NDArray

from app.studio.audio.k_weighting import k_weights, lufs_of

_STEP_SECONDS = 0.1
_WINDOW_STEPS = 30
"""Three seconds: the short-term window of EBU Tech 3341."""
_SILENCE_LUFS = -70.0


class Meter:
    """Measures blocks as they go out; may be read from another thread.

    Loudness is that of ITU-R BS.1770, with its weighting applied to spectra of 0.2 s that overlap by half. That is
    right to about 0.1 LU and needs no filter that runs sample by sample.
    """

    def __init__(self, rate: int) -> None:
        self._lock = threading.Lock()
        self._step = round(rate * _STEP_SECONDS)
        self._weights = k_weights(2 * self._step, rate)[:, None]
        # squared, two of these that overlap by half add up to one everywhere
        self._window = np.sin(np.pi * (np.arange(2 * self._step) + 0.5) / (2 * self._step))[:, None]
        self._waiting = np.zeros((self._step, 2), np.float32)
        self._energies: deque[float] = deque(maxlen=_WINDOW_STEPS)
        self._peaks = (0.0, 0.0)

    def feed(self, block: NDArray[np.float32]) -> None:
        """Takes float32 [n, 2]."""
        if not len(block):
            return
        left, right = (float(peak) for peak in np.abs(block).max(axis=0))
        waiting = np.concatenate([self._waiting, block])
        steps = len(waiting) // self._step - 1
        energies = [self._energy(waiting[at * self._step : (at + 2) * self._step]) for at in range(steps)]
        self._waiting = waiting[steps * self._step :]
        with self._lock:
            self._peaks = (max(self._peaks[0], left), max(self._peaks[1], right))
            self._energies.extend(energies)

    def take_peaks(self) -> tuple[float, float]:
        """The largest values, left and right, since the last time this was asked."""
        with self._lock:
            peaks, self._peaks = self._peaks, (0.0, 0.0)
        return peaks

    def loudness(self) -> float | None:
        """In LUFS over the last three seconds; None for silence."""
        with self._lock:
            energy = sum(self._energies) / len(self._energies) if self._energies else 0.0
        if energy <= 0.0:
            return None
        lufs = lufs_of(energy)
        return lufs if lufs > _SILENCE_LUFS else None

    def forget(self) -> None:
        """Begins anew, as for another sound."""
        with self._lock:
            self._energies.clear()
            self._peaks = (0.0, 0.0)

    def _energy(self, part: NDArray[np.float32]) -> float:
        """What two steps add to the mean square, left and right together."""
        power = np.abs(np.fft.rfft(part * self._window, axis=0)) ** 2
        return float((power * self._weights).sum()) / self._step**2
