"""Sound as whole-number codes and back.

Both laws are unbiased: they round to the nearest code, and silence is exactly code `levels // 2`. The published
mu-law truncates, which shifts everything it decodes by half a step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch

    from samplernn.config import Law


def zero_code(levels: int) -> int:
    """The code of silence."""
    return levels // 2


def encode(sound: NDArray[np.floating[Any]], levels: int, law: Law) -> NDArray[np.int64]:
    """Codes 0..levels-1 of samples in -1..1 (louder ones are cut), same shape."""
    half = levels // 2
    curved = np.clip(np.asarray(sound, dtype=np.float64), -1.0, 1.0)
    if law == "mu-law":
        curved = np.sign(curved) * np.log1p((levels - 1) * np.abs(curved)) / np.log(levels)
    codes = np.floor(curved * half + 0.5).astype(np.int64) + half
    return np.minimum(codes, levels - 1)


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


def encode_tensor(sound: torch.Tensor, levels: int, law: Law) -> torch.Tensor:
    """`encode` for a tensor on any device; int64, same shape."""
    import torch

    half = levels // 2
    curved = sound.double().clamp(-1.0, 1.0)
    if law == "mu-law":
        curved = curved.sign() * torch.log1p((levels - 1) * curved.abs()) / np.log(levels)
    return ((curved * half + 0.5).floor().long() + half).clamp_max(levels - 1)


def decode_tensor(codes: torch.Tensor, levels: int, law: Law) -> torch.Tensor:
    """`decode` for a tensor on any device; float32, same shape."""
    import torch

    return torch.from_numpy(amplitudes(levels, law)).to(codes.device)[codes]
