"""At which scale a file of floating-point numbers is written.

Full scale is 1.0, but programs write whole numbers as they are, or masters that go far beyond.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_HOTTEST = 16.0
"""24 dB above full scale; what goes further is of another scale."""
_SCALES = (1.0, 2.0**15, 2.0**23, 2.0**31)
"""Full scale of floats, and of whole numbers of 16, 24 and 32 bits."""
_FEW = 1e-5
"""Share of the samples that damage may hold; more of the kind are sound."""
_RARE_PEAKS = 4
"""Doublings that the rarest peaks may stand above all others."""
_MUCH = 10 ** (1 / 20)
"""A peak above this is worth a remark."""
_EXPONENTS = 160
"""float32 goes from 2^-149 to 2^128; 2^0 is at this place."""
_ABSURD = _EXPONENTS + 36
"""What is larger than the largest scale allows."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What to do with the samples of a file.

    Attributes:
        gain: what they are multiplied by.
        limit: what lies beyond it, before the gain, is damage.
        damaged: whether there is any damage.
        turned_down: whether the gain is worth a remark.
    """

    gain: np.float32
    limit: float
    damaged: bool
    turned_down: bool

    def applied(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """The block, any shape, within -1..1; damage becomes silence."""
        with np.errstate(all="ignore"):
            heard = np.where(np.abs(block) <= self.limit, block, np.float32(0.0)) * self.gain
        return np.clip(heard, np.float32(-1.0), np.float32(1.0))


class ScaleMeter:
    """Measures the samples of a whole file, block by block."""

    def __init__(self) -> None:
        self._counts = np.zeros(2 * _EXPONENTS, np.int64)
        self._highest = np.zeros(2 * _EXPONENTS, np.float32)
        self._not_numbers = 0

    def add(self, block: NDArray[np.float32]) -> None:
        """Takes the next samples, any shape, whatever they are."""
        levels = np.abs(block.ravel())
        finite = np.isfinite(levels)
        self._not_numbers += int(len(levels) - np.count_nonzero(finite))
        levels = levels[finite & (levels > 0)]
        exponents = np.frexp(levels)[1] + _EXPONENTS
        self._counts += np.bincount(exponents, minlength=2 * _EXPONENTS)
        np.maximum.at(self._highest, exponents, levels)

    def scale(self) -> Scale | None:
        """None where most of the numbers cannot be sound at any scale."""
        counts = self._counts[:_ABSURD]
        if self._counts[_ABSURD:].sum() > counts.sum():
            return None
        at_least = np.cumsum(counts[::-1])[::-1]
        believed = np.flatnonzero(at_least > _FEW * at_least[0])
        if not len(believed):
            return Scale(np.float32(1.0), 1.0, self._not_numbers > 0, turned_down=False)
        above = min(int(believed[-1]) + _RARE_PEAKS + 1, _ABSURD)
        peak = float(self._highest[:above].max())
        unit = next(unit for unit in _SCALES if peak <= _HOTTEST * unit)
        gain = 1.0 / max(unit, peak)
        damaged = self._not_numbers > 0 or bool(self._counts[above:].any())
        return Scale(np.float32(gain), peak, damaged, turned_down=gain < 1.0 / _MUCH)
