"""Sound that a clip goes on from."""

from __future__ import annotations

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
    """The end of a sound file.

    Attributes:
        gain: what the model's music was multiplied by, so that the prime is as loud as what the model has heard.
    """

    path: Path
    gain: float = 1.0

    def sound_at(self, rate: int, cancelled: Cancelled = never) -> NDArray[np.float32]:
        """Its last seconds, mono [n], within -1..1.

        Raises:
            SoundError: a file that cannot be read, or holds no sound.
            concurrent.futures.CancelledError: once `cancelled()`.
        """
        longest = round(LONGEST_SECONDS * rate)
        sound = np.zeros(0, np.float32)
        with open_sound(self.path) as stream:
            for block in mono_blocks(stream.blocks(cancelled), stream.info.rate, rate):
                sound = np.concatenate([sound, block])[-longest:]
        if not len(sound):
            raise SoundError(f"“{self.path.name}” holds no sound to go on from.", "Choose another file.")
        primed: NDArray[np.float32] = np.clip(sound * np.float32(self.gain), -1.0, 1.0)
        return primed
