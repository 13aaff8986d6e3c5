"""Sound that a clip goes on from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from samplernn.errors import SoundError
from samplernn.progress import Cancelled, never
from samplernn.sound import mono_blocks, open_sound

LONGEST_SECONDS = 20.0
"""More than this the state of the network does not remember."""


@dataclass(frozen=True, slots=True)
class Prime:
    """The end of a sound file, or what comes before a place in it.

    Attributes:
        end: the place, in seconds; None for the end of the file.
        gain: what the model's music was multiplied by, so that the prime is as loud as what the model has heard.
    """

    path: Path
    gain: float = 1.0
    end: float | None = None

    def sound_at(self, rate: int, cancelled: Cancelled = never) -> NDArray[np.float32]:
        """Its last seconds, mono [n], within -1..1.

        Raises:
            SoundError: a file that cannot be read, or holds no sound.
            concurrent.futures.CancelledError: once `cancelled()`.
        """
        longest = round(LONGEST_SECONDS * rate)
        sound, left = np.zeros(0, np.float32), math.inf if self.end is None else round(self.end * rate)
        with open_sound(self.path) as stream:
            for block in mono_blocks(stream.blocks(cancelled), stream.info.rate, rate):
                sound = np.concatenate([sound, block[: int(min(len(block), left))]])[-longest:]
                left -= len(block)
                if left <= 0:
                    break
        if not len(sound):
            raise SoundError(f"“{self.path.name}” holds no sound to go on from.", "Choose another file.")
        primed: NDArray[np.float32] = np.clip(sound * np.float32(self.gain), -1.0, 1.0)
        return primed
