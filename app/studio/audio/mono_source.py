"""Sound that lies in memory, ready to be played."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class MonoSource:
    """The player takes it as a source."""

    samples: Floats
    """[n], mono, within -1..1."""
    rate: int
    """Hz."""

    @property
    def frames(self) -> int:
        """Its length."""
        return len(self.samples)

    def read(self, start: int, frames: int) -> Floats:
        """float32 [n, 2], both sides alike, as loud as a clip in the middle of a song."""
        part: Floats = np.repeat(self.samples[start : start + frames, None] * np.sqrt(np.float32(0.5)), 2, axis=1)
        return part
