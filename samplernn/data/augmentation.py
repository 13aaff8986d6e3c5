"""Data augmentation: small changes to the training music that leave it the same music."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def augmented_excerpt(
    sound: NDArray[np.float32], place: float, count: int, gain: float, speed: float
) -> NDArray[np.float32]:
    """`count` samples of `sound` from `place` on, played at `speed` and multiplied by `gain`; zeros beyond either end.

    Between the samples of `sound` the value is that of the Catmull-Rom cubic through the four samples around it.
    """
    if speed == 1.0:
        begin = int(place)
        piece = sound[max(begin, 0) : max(begin + count, 0)]
        if len(piece) < count:
            piece = np.pad(piece, (max(-begin, 0), count - len(piece) - max(-begin, 0)))
        return piece if gain == 1.0 else piece * np.float32(gain)
    at = place + speed * np.arange(count)
    whole = np.floor(at).astype(np.int64)
    t = (at - whole).astype(np.float32)
    first = int(whole[0]) - 1
    around = augmented_excerpt(sound, first, int(whole[-1]) + 3 - first, gain, 1.0)
    a, b, c, d = (around[whole - first + shift] for shift in (-1, 0, 1, 2))
    curve: NDArray[np.float32] = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    return curve
