"""How loud a recording is as it goes by: its peak, its offset, where it is silent, how much of it is clipped."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FRAME_SECONDS = 0.02
SILENCE_DB = -60.0
"""Relative to the peak; what stays below this for `SILENCE_SECONDS` is silence."""
SILENCE_SECONDS = 0.5
FAINTEST_PEAK = 1e-4
"""-80 dBFS. What never gets louder than this is silence, whatever it is relative to."""

_MARGIN_FRAMES = 2
_OFFSET_FRAMES = 25
_FULL_SCALE = 0.9999


class Span(NamedTuple):
    """Samples `start` up to, but without, `stop`."""

    start: int
    stop: int

    @property
    def length(self) -> int:
        """In samples."""
        return self.stop - self.start


class AmplitudeMeter:
    """Measures a mono recording that is added block by block, in frames of 20 ms."""

    def __init__(self, rate: int) -> None:
        self.samples = 0
        self._rate = rate
        self._frame = max(1, round(rate * FRAME_SECONDS))
        self._rest: NDArray[np.float32] = np.zeros(0, np.float32)
        self._sums: list[NDArray[np.float64]] = []
        self._squares: list[NDArray[np.float64]] = []
        self._lowest = np.inf
        self._highest = -np.inf

    def add(self, block: NDArray[np.float32]) -> None:
        """Takes the next samples, float32 [n]."""
        if not len(block):
            return
        self.samples += len(block)
        self._lowest = min(self._lowest, float(block.min()))
        self._highest = max(self._highest, float(block.max()))
        joined = np.concatenate([self._rest, block])
        whole = len(joined) // self._frame * self._frame
        frames = joined[:whole].reshape(-1, self._frame)
        self._rest = joined[whole:]
        self._sums.append(frames.sum(axis=1, dtype=np.float64))
        self._squares.append(np.einsum("ij,ij->i", frames, frames).astype(np.float64))

    @property
    def seconds(self) -> float:
        """How much has been added."""
        return self.samples / self._rate

    @property
    def offset(self) -> float:
        """The mean of all samples."""
        if not self.samples:
            return 0.0
        return float(sum(part.sum() for part in self._sums) + self._rest.sum(dtype=np.float64)) / self.samples

    @property
    def peak(self) -> float:
        """The furthest that a sample lies from `offset`."""
        return max(self._highest - self.offset, self.offset - self._lowest) if self.samples else 0.0

    def sounding(self, peak: float) -> list[Span]:
        """Where there is sound: all but the runs of at least 0.5 s under -60 dB (root mean square) of `peak`.

        A little of each silence is left on either side, so that nothing is cut into.
        """
        if peak < FAINTEST_PEAK or not self.samples:
            return []
        quiet = self._power() < (peak * 10 ** (SILENCE_DB / 20)) ** 2
        steps = np.diff(np.concatenate([[0], quiet.astype(np.int8), [0]]))
        shortest = round(SILENCE_SECONDS / FRAME_SECONDS)
        spans: list[Span] = []
        begin = 0
        for first, last in zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1), strict=True):
            if last - first < shortest:
                continue
            end = 0 if first == 0 else (int(first) + _MARGIN_FRAMES) * self._frame
            if end > begin:
                spans.append(Span(begin, end))
            begin = self.samples if last == len(quiet) else (int(last) - _MARGIN_FRAMES) * self._frame
        if begin < self.samples:
            spans.append(Span(begin, self.samples))
        return spans

    def _power(self) -> NDArray[np.float64]:
        """Mean square of every frame, around the median offset of the half second about it: offsets drift."""
        from scipy.ndimage import median_filter  # slow to load, and the window must not wait for it

        rest = self._rest.astype(np.float64)
        sums = np.concatenate([*self._sums, [rest.sum()] if len(rest) else []])
        squares = np.concatenate([*self._squares, [np.square(rest).sum()] if len(rest) else []])
        lengths = np.full(len(sums), float(self._frame))
        if len(rest):
            lengths[-1] = len(rest)
        offset = median_filter(sums / lengths, _OFFSET_FRAMES, mode="nearest")
        power: NDArray[np.float64] = (squares - 2 * offset * sums) / lengths + np.square(offset)
        return power


class ClippingMeter:
    """How much of a recording sits at full scale, where the tops of its waves were cut off."""

    def __init__(self) -> None:
        self._clipped = 0
        self._samples = 0

    def add(self, block: NDArray[np.float32]) -> None:
        """Takes the next samples, any shape; only two or more neighbours at full scale count."""
        high = np.abs(block) >= _FULL_SCALE
        self._clipped += int(np.count_nonzero(high[1:] & high[:-1]))
        self._samples += block.size

    @property
    def fraction(self) -> float:
        """Of all samples that were added, those that are clipped: 0..1."""
        return self._clipped / self._samples if self._samples else 0.0
