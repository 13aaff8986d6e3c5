"""What of a clip is alike to something in the album, even where it is faster, higher or noisier: an alignment of tones.

Sound is cut into overlapping patches of a second: levels of thirds of semitones, relative to what is around them. A
patch becomes 48 numbers by a whitened principal component analysis learnt from the album. A stretch that is taken
from the album is a run of patches that all lie as far apart there as here; one that is higher or lower is found by
moving its tones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from app.studio.measures.spectra import TONES, TONES_PER_SECOND, Floats

SHIFTS = 4
"""Thirds of a semitone up and down that are tried."""
SHIFT_RANGE = range(-SHIFTS, SHIFTS + 1)
_LENGTH = 16
"""Frames of tones in a patch: a second."""
_EVERY = 2
"""Of the frames in a patch, and of the bands, one in so many is looked at, after a mean over as many."""
HOP = 4
"""Frames from one patch to the next: a quarter of a second."""
PATCHES_PER_SECOND = TONES_PER_SECOND / HOP
_AROUND = 25
"""Bands over which a level is held against its surroundings."""
_COMPONENTS = 48
_MOST_LEARNT = 4000
_LEAST_LEVEL = -70.0


@dataclass(frozen=True, eq=False)
class PatchBasis:
    """How a patch becomes a few numbers.

    Attributes:
        mean: float32 [dims].
        axes: float32 [dims, components], whitened.
    """

    mean: Floats
    axes: Floats

    def rows(self, patches: Floats) -> Floats:
        """Float32 [n, components], each row of length one."""
        rows = (patches - self.mean) @ self.axes
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: Floats = (rows / np.maximum(lengths, 1e-6)).astype(np.float32)
        return unit


def patches_of(contrast: Floats, shift: int = 0) -> Floats:
    """Float32 [n, dims]: the patches of tones, one every `HOP` frames.

    Args:
        contrast: [frames, TONES], see `contrast_of`.
        shift: thirds of a semitone that the tones are moved down by: a sound that is so much higher becomes alike.
    """
    width = TONES - 2 * SHIFTS
    width -= width % _EVERY
    moved = contrast[:, SHIFTS + shift : SHIFTS + shift + width]
    coarse = moved.reshape(len(moved), width // _EVERY, _EVERY).mean(axis=2)
    if len(coarse) < _LENGTH:
        return np.zeros((0, width // _EVERY * (_LENGTH // _EVERY)), np.float32)
    windows = sliding_window_view(coarse, _LENGTH, axis=0)[::HOP]
    pooled = windows.reshape(len(windows), width // _EVERY, _LENGTH // _EVERY, _EVERY).mean(axis=3)
    return np.ascontiguousarray(pooled.reshape(len(pooled), -1), np.float32)


def contrast_of(tones: Floats) -> Floats:
    """Levels relative to the mean of those around them: gain and equalisers do not matter."""
    levels = np.maximum(tones, _LEAST_LEVEL)
    padded = np.pad(levels, ((0, 0), (_AROUND // 2, _AROUND // 2)), mode="edge")
    sums = np.cumsum(np.pad(padded, ((0, 0), (1, 0))), axis=1, dtype=np.float64)
    around = (sums[:, _AROUND:] - sums[:, :-_AROUND]) / _AROUND
    contrast: Floats = (levels - around).astype(np.float32)
    return contrast


def learn_basis(patches: Floats) -> PatchBasis:
    """The principal components of patches [n, dims], whitened; of at most a few thousand of them, evenly chosen."""
    chosen = patches[:: max(len(patches) // _MOST_LEARNT, 1)]
    mean = chosen.mean(axis=0)
    centred = (chosen - mean).astype(np.float64)
    values, vectors = np.linalg.eigh(centred.T @ centred / max(len(centred), 1))
    values, vectors = values[::-1][:_COMPONENTS], vectors[:, ::-1][:, :_COMPONENTS]
    axes = vectors / np.sqrt(np.maximum(values, 0.0) + 0.1 * max(values.mean(), 1e-9))
    return PatchBasis(mean.astype(np.float32), axes.astype(np.float32))


def likeness_of(contrast: Floats, basis: PatchBasis, album: Floats, shift: int) -> NDArray[np.float32]:
    """[patches, album patches], -1..1: how alike each patch of some sound is to each of the album."""
    likeness: Floats = basis.rows(patches_of(contrast, shift)) @ album.T
    return likeness
