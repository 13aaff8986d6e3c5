"""Small changes to the training music that leave it the same music, so that little of it teaches more."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """What may be changed, each time a lane starts anew; as it stands, nothing."""

    flip: bool = False
    """Every other time, on the average, the sound is turned upside down."""
    gain_db: float = 0.0
    """Up to so much quieter."""
    stretch: float = 0.0
    """Faster or slower, and higher or lower with it, by up to this share."""
    dither: bool = False
    """Noise of one step before rounding, so that quiet sound is not a staircase."""

    def draw(self, random: np.random.Generator) -> tuple[float, float]:
        """A gain (below 0 for upside down) and a speed; draws nothing where nothing may change."""
        gain, speed = 1.0, 1.0
        if self.flip:
            gain = float(random.choice((-1.0, 1.0)))
        if self.gain_db:
            gain *= 10.0 ** (-random.uniform(0.0, self.gain_db) / 20.0)
        if self.stretch:
            speed = math.exp(random.uniform(-1.0, 1.0) * math.log1p(self.stretch))
        return gain, speed


UNVARIED = Variation()


def heard(sound: NDArray[np.float32], place: float, count: int, gain: float, speed: float) -> NDArray[np.float32]:
    """`count` samples of `sound` from `place` on, at this gain and speed; silence beyond either end.

    Between samples, the curve of Catmull and Rom through the four around.
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
    around = heard(sound, first, int(whole[-1]) + 3 - first, gain, 1.0)
    a, b, c, d = (around[whole - first + shift] for shift in (-1, 0, 1, 2))
    curve: NDArray[np.float32] = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    return curve
