"""Curves with few enough points to be drawn ten times a second."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_NOTHING = np.empty(0)


@dataclass(frozen=True, eq=False)
class LearningCurves:
    """What the loss plot shows. Losses are in bits per sample; places are in epochs."""

    training: tuple[Numbers, Numbers] = (_NOTHING, _NOTHING)
    """Where, and the training loss there."""
    held_out: tuple[Numbers, Numbers] = (_NOTHING, _NOTHING)
    linear: float | None = None
    """What a linear predictor reaches on the held-out music."""

    @property
    def is_empty(self) -> bool:
        """Whether there is no point at all."""
        return not len(self.training[0]) and not len(self.held_out[0])


def smooth(values: Numbers, width: float) -> Numbers:
    """A running mean that looks as far ahead as back, so that it does not lag behind a curve that falls.

    A value `width` places away counts 1/e. At the ends it is the mean of what there is.
    """
    return _trailing(_trailing(values, width)[::-1], width)[::-1]


def _trailing(values: Numbers, width: float) -> Numbers:
    kept = float(np.exp(-1.0 / max(width, 1e-6)))
    mean, weight = 0.0, 0.0
    result = np.empty(len(values))
    for place, value in enumerate(values.tolist()):
        mean = kept * mean + (1.0 - kept) * value
        weight = kept * weight + (1.0 - kept)
        result[place] = mean / weight
    return result


def spread(x: Numbers, y: Numbers, most: int) -> tuple[Numbers, Numbers]:
    """The least and the greatest of every bin of equal width in x: the noise of a curve in at most `most` points."""
    if len(x) <= most:
        return x, y
    starts = _bin_starts(x, most // 2)
    low, high = np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts)
    return np.repeat(x[starts], 2), np.column_stack((low, high)).ravel()


def thin(x: Numbers, y: Numbers, most: int) -> tuple[Numbers, Numbers]:
    """One point for every bin of equal width in x, at most `most` and always the last one."""
    if len(x) <= most:
        return x, y
    ends = np.append(_bin_starts(x, most - 1)[1:] - 1, len(x) - 1)
    return x[ends], y[ends]


def _bin_starts(x: Numbers, bins: int) -> NDArray[np.intp]:
    reach = max(float(x[-1] - x[0]), 1e-12)
    bin_of = np.minimum(((x - x[0]) / reach * bins).astype(int), bins - 1)
    return np.flatnonzero(np.diff(bin_of, prepend=-1))
