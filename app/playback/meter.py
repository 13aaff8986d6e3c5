"""How loud the sound that goes out is: peaks, and short-term loudness."""

from __future__ import annotations

import threading
from collections import deque

import numpy as np
from numpy.typing import NDArray

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
        self._weights = _k_weights(2 * self._step, rate)[:, None]
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
        lufs = -0.691 + 10.0 * float(np.log10(energy))
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


def _k_weights(frames: int, rate: int) -> NDArray[np.float64]:
    """|H|² of the two filters of BS.1770 at the frequencies of a real FFT.

    Their coefficients for any rate are those of libebur128.
    """
    gain = 10 ** (3.999843853973347 / 20)
    shelf, shelf_q = np.tan(np.pi * 1681.974450955533 / rate), 0.7071752369554196
    bend = gain**0.4996667741545416
    shelf_above = _both_ends(gain, bend * shelf / shelf_q, shelf)
    shelf_below = _both_ends(1.0, shelf / shelf_q, shelf)
    low, low_q = np.tan(np.pi * 38.13547087602444 / rate), 0.5003270373238773
    low_below = _both_ends(1.0, low / low_q, low)
    low_above = tuple(value * low_below[0] for value in (1.0, -2.0, 1.0))
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(frames))
    weights = np.ones(len(turn))
    for above, below in ((shelf_above, shelf_below), (low_above, low_below)):
        weights *= np.abs(np.polyval(above[::-1], turn) / np.polyval(below[::-1], turn)) ** 2
    return weights


def _both_ends(whole: float, slope: float, k: float) -> tuple[float, float, float]:
    return whole + slope + k**2, 2 * (k**2 - whole), whole - slope + k**2
