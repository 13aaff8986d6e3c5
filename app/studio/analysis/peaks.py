"""How a sound file looks: the lowest and highest sample of every stretch of it, at several scales.

Drawing needs at most a few bins per pixel, so it takes as long for an hour as for a second. The peaks of a file are
kept in a cache folder, as 16-bit numbers, under a megabyte for an hour; what is damaged or out of date there is made
again.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.studio.array_cache import keep_arrays_of, kept_arrays_of
from resources.progress import Cancelled, never
from samplernn.audio.reading import open_sound
from samplernn.errors import SoundError

SMALLEST_BIN = 256
SCALE_STEP = 8
SCALES = 3
_MOST_BINS_PER_SECOND = 60
_FULL_SCALE = 32_767

_KIND, _VERSION = "peaks", 4

Extent = NDArray[np.int16]
"""[bins, 2]: the lowest and the highest sample of each bin; 32 767 is full scale."""


def bin_size(rate: int) -> int:
    """Samples per bin at the finest scale: 267 at 16 kHz, 735 at 44.1 kHz."""
    return max(SMALLEST_BIN, -(-rate // _MOST_BINS_PER_SECOND))


class Peaks:
    """The extents of a recording of `samples` samples at `rate`, all channels together."""

    def __init__(self, finest: Extent, samples: int, rate: int) -> None:
        self.samples = samples
        self.rate = rate
        self.bin = bin_size(rate)
        self._scales = [finest]
        for _ in range(SCALES - 1):
            self._scales.append(_coarser(self._scales[-1]))

    @property
    def finest(self) -> Extent:
        """The lowest and highest sample of each bin at the finest scale."""
        return self._scales[0]

    @property
    def bytes(self) -> int:
        """In memory, all scales together."""
        return sum(extents.nbytes for extents in self._scales)

    @property
    def seconds(self) -> float:
        """Length of the recording."""
        return self.samples / self.rate

    def window(self, start: float, length: float, width: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The lowest and the highest sample under each of `width` pixels, as float32 [width], full scale at 1.0.

        Args:
            start: the first sample; before 0 and beyond the end lies silence.
            length: samples across all pixels together.
            width: in pixels.
        """
        lows, highs = np.zeros(width, np.float32), np.zeros(width, np.float32)
        if not width or length <= 0 or not self.samples:
            return lows, highs
        edges = start + np.arange(width + 1) * (length / width)
        scale = 0
        while scale + 1 < SCALES and self.bin * SCALE_STEP ** (scale + 1) <= length / width:
            scale += 1
        extents = self._scales[scale]
        inside = np.flatnonzero((edges[1:] > 0) & (edges[:-1] < self.samples))
        if not len(inside):
            return lows, highs
        first, last = inside[0], inside[-1] + 1
        bins = np.clip(edges[first : last + 1] // (self.bin * SCALE_STEP**scale), 0, len(extents)).astype(np.intp)
        begins = np.minimum(bins[:-1], len(extents) - 1)
        upto = extents[: max(bins[-1], begins[-1] + 1)]
        lows[first:last] = np.minimum.reduceat(upto[:, 0], begins) / np.float32(_FULL_SCALE)
        highs[first:last] = np.maximum.reduceat(upto[:, 1], begins) / np.float32(_FULL_SCALE)
        return lows, highs


class PeaksBuilder:
    """Makes `Peaks` of a recording that is added block by block."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._bin = bin_size(rate)
        self._samples = 0
        self._rest: NDArray[np.float32] | None = None
        self._extents: list[Extent] = []

    def add(self, block: NDArray[np.float32]) -> None:
        """Takes the next samples, float32 [n] or [frames, channels], with as many channels as the first."""
        if block.ndim == 1:
            block = block[:, None]
        self._samples += len(block)
        joined = block if self._rest is None else np.concatenate([self._rest, block])
        whole = len(joined) // self._bin * self._bin
        self._rest = joined[whole:]
        if whole:
            self._extents.append(_extents(joined[:whole].reshape(whole // self._bin, -1)))

    def peaks(self) -> Peaks:
        """The peaks of all that was added."""
        rest = [] if self._rest is None or not len(self._rest) else [_extents(self._rest.reshape(1, -1))]
        extents = [*self._extents, *rest] or [np.zeros((0, 2), np.int16)]
        return Peaks(np.concatenate(extents), self._samples, self._rate)


def peaks_of(path: Path, cache_folder: Path, cancelled: Cancelled = never) -> Peaks:
    """The peaks of a sound file, from the cache where the file has not changed since.

    Raises:
        SoundError: where the file holds no sound that can be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    kept = kept_peaks(path, cache_folder)
    if kept is not None:
        return kept
    with open_sound(path) as stream:
        builder = PeaksBuilder(stream.info.rate)
        for block in stream.blocks(cancelled):
            builder.add(block)
    peaks = builder.peaks()
    keep_peaks(path, cache_folder, peaks)
    return peaks


def kept_peaks(path: Path, cache_folder: Path) -> Peaks | None:
    """The peaks of a sound file if the cache has them, whole and up to date.

    Raises:
        SoundError: where the file is gone.
    """
    kept = kept_arrays_of(path, cache_folder, _KIND, "facts", "extents")
    if kept is None or kept["facts"].shape != (3,) or not np.isfinite(kept["facts"]).all():
        return None
    version, rate, samples = (int(fact) for fact in kept["facts"])
    if version != _VERSION or rate < 1 or kept["extents"].dtype != np.int16:
        return None
    if kept["extents"].shape != (-(-samples // bin_size(rate)), 2):
        return None
    return Peaks(kept["extents"], samples, rate)


def keep_peaks(path: Path, cache_folder: Path, peaks: Peaks) -> None:
    """Puts the peaks of a sound file into the cache; a cache that cannot be written to is no fault."""
    facts = np.array([_VERSION, peaks.rate, peaks.samples], np.float64)
    with contextlib.suppress(SoundError):
        keep_arrays_of(path, cache_folder, _KIND, {"facts": facts, "extents": peaks.finest})


def _extents(bins: NDArray[np.float32]) -> Extent:
    """[bins, samples of each] to [bins, 2], never smaller than the samples are."""
    lows, highs = np.floor(bins.min(axis=1) * _FULL_SCALE), np.ceil(bins.max(axis=1) * _FULL_SCALE)
    extents: Extent = np.clip(np.stack([lows, highs], axis=1), -_FULL_SCALE, _FULL_SCALE).astype(np.int16)
    return extents


def _coarser(extents: Extent) -> Extent:
    if not len(extents):
        return extents
    starts = np.arange(0, len(extents), SCALE_STEP)
    coarse = np.empty((len(starts), 2), np.int16)
    coarse[:, 0] = np.minimum.reduceat(extents[:, 0], starts)
    coarse[:, 1] = np.maximum.reduceat(extents[:, 1], starts)
    return coarse
