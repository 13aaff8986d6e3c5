"""Sound in overlapping windows: short-time spectra, from a stream as from the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import fft

Floats = NDArray[np.float32]

_HOPS_PER_WINDOW = 4
_SAMPLES_AT_ONCE = 1 << 18
_ALONE = 1 << 18
"""Multiplications that OpenBLAS does without waking its threads: 2 to the 16th times GEMM_MULTITHREAD_THRESHOLD, 4."""


def product(rows: Floats, matrix: Floats) -> Floats:
    """rows [n, k] times matrix [k, m], in pieces for which no library wakes its threads.

    Those wait for one another by spinning: beside the threads that learn, such a product took ten times as long.
    """
    found = np.empty((len(rows), matrix.shape[1]), np.float32)
    step = max(_ALONE // max(matrix.size, 1), 1)
    for begin in range(0, len(rows), step):
        np.matmul(rows[begin : begin + step], matrix, out=found[begin : begin + step])
    return found


class Framing:
    """Windows of four hops, so many a second, for sound at one rate.

    Attributes:
        hop: samples from one window to the next.
        window: the root of a Hann window, such that windows applied twice add up to one.
        bins: of each spectrum.
    """

    def __init__(self, rate: int, per_second: float) -> None:
        self.hop = max(round(rate / per_second), 1)
        length = _HOPS_PER_WINDOW * self.hop
        hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)
        self.window: Floats = np.sqrt(hann / 2).astype(np.float32)
        self.bins = length // 2 + 1

    def spectra(self, sound: Floats) -> NDArray[np.complex64]:
        """Spectra [..., windows, bins] of sound [..., n], whole windows only, the first at its beginning."""
        count = (sound.shape[-1] - len(self.window)) // self.hop + 1
        if count < 1:
            return np.zeros((*sound.shape[:-1], 0, self.bins), np.complex64)
        pieces = count + _HOPS_PER_WINDOW - 1
        hops = sound[..., : pieces * self.hop].reshape(*sound.shape[:-1], pieces, self.hop)
        frames = np.empty((*sound.shape[:-1], count, _HOPS_PER_WINDOW, self.hop), np.float32)
        for part, window in enumerate(self.window.reshape(_HOPS_PER_WINDOW, self.hop)):
            np.multiply(hops[..., part : part + count, :], window, out=frames[..., part, :])
        frames = frames.reshape(*sound.shape[:-1], count, len(self.window))
        found: NDArray[np.complex64] = fft.rfft(frames, axis=-1, overwrite_x=True)
        return found

    def power(self, spectra: NDArray[np.complex64]) -> Floats:
        """Mean square that each bin stands for: white noise of mean square v has v in every bin."""
        power: Floats = (spectra.real**2 + spectra.imag**2) * np.float32(1 / np.sum(self.window**2))
        return power

    def spectra_of_blocks(self, blocks: Iterable[Floats]) -> Iterator[NDArray[np.complex64]]:
        """Spectra [windows, bins], some at a time, of mono sound that comes in blocks [n] of any length.

        Window k is centred on sample k * hop; there is one for each hop that has begun, silence beyond the ends.
        """
        length = len(self.window)
        most = max(_SAMPLES_AT_ONCE // length, 1)
        rest, samples, done = np.zeros(length // 2, np.float32), 0, 0
        for block in blocks:
            samples += len(block)
            rest = np.concatenate([rest, block])
            while (ready := min((len(rest) - length) // self.hop + 1, most)) > 0:
                yield self.spectra(rest[: (ready - 1) * self.hop + length])
                rest = rest[ready * self.hop :]
                done += ready
        left = -(-samples // self.hop) - done
        if left > 0:
            rest = np.pad(rest, (0, max((left - 1) * self.hop + length - len(rest), 0)))
            yield self.spectra(rest[: (left - 1) * self.hop + length])
