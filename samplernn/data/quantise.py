"""Quantisation: sound as whole-number codes and back, linear or by the mu-law.

The mu-law is the continuous curve behind ITU-T G.711, with mu = levels - 1.

Both laws are unbiased: they round to the nearest code, and silence is exactly code `levels // 2`. The published
mu-law truncates, which shifts everything it decodes by half a step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from samplernn.config import Law


def zero_code(levels: int) -> int:
    """The code of silence."""
    return levels // 2


def encode(
    sound: NDArray[np.floating[Any]], levels: int, law: Law, dither: NDArray[np.floating[Any]] | float = 0.0
) -> NDArray[np.int64]:
    """Codes 0..levels-1 of samples in -1..1 (louder ones are cut), same shape.

    `dither`, in codes, is added before rounding.
    """
    half = levels // 2
    curved = np.clip(np.asarray(sound, dtype=np.float64), -1.0, 1.0)
    if law == "mu-law":
        curved = np.sign(curved) * np.log1p((levels - 1) * np.abs(curved)) / np.log(levels)
    codes = np.floor(curved * half + (dither + 0.5)).astype(np.int64) + half
    return np.clip(codes, 0, levels - 1)


def decode(codes: NDArray[np.integer[Any]], levels: int, law: Law) -> NDArray[np.float32]:
    """The samples in -1..1 that codes stand for, same shape."""
    sound: NDArray[np.float32] = amplitudes(levels, law)[codes]
    return sound


def amplitudes(levels: int, law: Law) -> NDArray[np.float32]:
    """What every code stands for, [levels], rising, 0 at `zero_code`."""
    half = levels // 2
    curved = (np.arange(levels) - half) / half
    if law == "mu-law":
        curved = np.sign(curved) * np.expm1(np.abs(curved) * np.log(levels)) / (levels - 1)
    return curved.astype(np.float32)
