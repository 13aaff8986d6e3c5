"""How loud sound is: BS.1770 loudness and true peak, measured in blocks so that an album of any length fits.

Formulas: ITU-R BS.1770-4, annexes 1 (loudness: K weighting, 400 ms windows every 100 ms, gates at -70 LUFS and at
10 LU below the mean of what passes the first) and 2 (true peak: four times oversampled).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from app.document.model import SONG_RATE
from app.studio.audio.k_weighting import k_weighting, lufs_of, power_of
from app.studio.torch_import import wait_for_torch

Block = NDArray[np.float32]
"""Stereo [frames, 2]."""

OVERSAMPLING = 4
MUCH_OFFSET = 0.001
"""Of full scale: a song that lies further beside zero is worth a remark."""
_HOP = SONG_RATE // 10
_HOPS_PER_WINDOW = 4
_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0
_EDGE = 2048
"""Frames heard on either side of a block, so that oversampling knows what goes on there."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one song measures."""

    frames: int
    windows: NDArray[np.float64]
    """Mean K-weighted power of each 400 ms window, both sides together."""
    true_peak: float
    """Linear; 1.0 is full scale. 0.0 where it was not asked for."""
    offset: float = 0.0
    """How far the mean of its samples lies from zero, on the side where that is more; 1.0 is full scale."""

    @property
    def lufs(self) -> float:
        """Gated loudness of the song alone."""
        return integrated([self])


def decibels(level: float) -> float:
    """A linear level in dB; -inf for silence."""
    return float(20 * np.log10(level)) if level > 0 else float("-inf")


def integrated(songs: Iterable[Measured]) -> float:
    """Gated loudness in LUFS of songs heard as one programme; -inf for silence and for less than 0.4 s of sound."""
    windows = np.concatenate([np.zeros(0), *(song.windows for song in songs)])
    loud = windows[windows > power_of(_ABSOLUTE_GATE)]
    if not len(loud):
        return float("-inf")
    gate = np.mean(loud) * 10 ** (_RELATIVE_GATE / 10)
    return lufs_of(float(np.mean(loud[loud > gate])))


def measure(blocks: Iterable[Block], *, true_peak: bool = True) -> Measured:
    """Listens once to a song that comes in blocks of any length."""
    meter = _WindowMeter()
    frames, peak, total = 0, 0.0, np.zeros(2)
    for block, context, start in with_context(blocks) if true_peak else ((block, block, 0) for block in blocks):
        frames += len(block)
        total += block.sum(axis=0, dtype=np.float64)
        meter.feed(block)
        if true_peak:
            peak = max(peak, float(np.max(peak_curve(context, start, len(block)), initial=0.0)))
    return Measured(frames, meter.windows(), peak, float(np.max(np.abs(total))) / max(frames, 1))


def windows_in(frames: int) -> int:
    """How many windows a song of so many frames has."""
    return max(frames // _HOP - _HOPS_PER_WINDOW + 1, 0)


class _WindowMeter:
    """K-weights a stream and keeps the power of each hop of 100 ms."""

    def __init__(self) -> None:
        self._sections = k_weighting(SONG_RATE)
        self._state = np.zeros((len(self._sections), 2, 2))
        self._rest = np.zeros((0, 2))
        self._hops: list[NDArray[np.float64]] = []

    def feed(self, block: Block) -> None:
        from scipy.signal import sosfilt

        wait_for_torch()
        heard, self._state = sosfilt(self._sections, block.astype(np.float64), axis=0, zi=self._state)
        heard = np.concatenate([self._rest, heard])
        whole = len(heard) // _HOP * _HOP
        self._rest = heard[whole:]
        self._hops.append(np.mean(np.sum(heard[:whole].reshape(-1, _HOP, 2) ** 2, axis=2), axis=1))

    def windows(self) -> NDArray[np.float64]:
        hops = np.concatenate([np.zeros(0), *self._hops])
        if len(hops) < _HOPS_PER_WINDOW:
            return np.zeros(0)
        ones = np.full(_HOPS_PER_WINDOW, 1 / _HOPS_PER_WINDOW)
        return np.convolve(hops, ones, mode="valid")


def with_context(blocks: Iterable[Block]) -> Iterable[tuple[Block, Block, int]]:
    """Each block with what sounds around it: (block, block between its neighbours' edges, where it starts there)."""
    before = np.zeros((0, 2), np.float32)
    now: Block | None = None
    for block in blocks:
        if not len(block):
            continue
        if now is not None:
            yield now, np.concatenate([before, now, block[:_EDGE]]), len(before)
            before = np.concatenate([before, now])[-_EDGE:]
        now = block
    if now is not None:
        yield now, np.concatenate([before, now]), len(before)


def peak_curve(context: Block, start: int, frames: int) -> Block:
    """For each frame of the block in `context`, the largest true peak of both sides from it to the next frame."""
    padded = np.pad(context, ((_EDGE // 4, _EDGE // 4), (0, 0)))
    dense = soxr.resample(padded, SONG_RATE, SONG_RATE * OVERSAMPLING)
    first = (start + _EDGE // 4) * OVERSAMPLING
    dense = np.abs(dense[first : first + frames * OVERSAMPLING])
    curve: Block = np.max(dense.reshape(frames, OVERSAMPLING * 2), axis=1)
    return curve
