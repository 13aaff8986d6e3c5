"""Sound that clips go on from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import soxr
from numpy.typing import NDArray

from samplernn.dataset import Dataset
from samplernn.errors import SoundError
from samplernn.progress import Cancelled, never
from samplernn.sound import MonoSound, at_rate, heard_in_mono

LONGEST_SECONDS = 20.0
"""More than this the state of the network does not remember."""
_ALBUM_SECONDS = 1.0
_ALBUM = 1
"""Parts the chance that chooses a place in the album from the one that draws a clip."""


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

    @property
    def name(self) -> str:
        return self.path.name

    def sound_at(self, rate: int, cancelled: Cancelled = never) -> NDArray[np.float32]:
        """Its last seconds, mono [n], within -1..1.

        Raises:
            SoundError: a file that cannot be read, or holds no sound.
            concurrent.futures.CancelledError: once `cancelled()`.
        """
        longest = round(LONGEST_SECONDS * rate)

        def hear(heard: MonoSound) -> NDArray[np.float32]:
            sound, left = np.zeros(0, np.float32), math.inf if self.end is None else round(self.end * rate)
            mono = (mixed for _, mixed in heard.blocks(cancelled))
            for block in at_rate(mono, heard.info.rate, rate):
                sound = np.concatenate([sound, block[: int(max(min(len(block), left), 0))]])[-longest:]
                left -= len(block)
                if left <= 0 and heard.info.channels == 1:  # of several channels, all of the file is to be known
                    break
            return sound

        sound = heard_in_mono(self.path, hear, cancelled)
        if not len(sound):
            raise SoundError(f"“{self.path.name}” holds no sound to go on from.", "Choose another file.")
        primed: NDArray[np.float32] = np.clip(sound * np.float32(self.gain), -1.0, 1.0)
        return primed


@dataclass(frozen=True, slots=True, eq=False)
class AlbumPrime:
    """A second of the album, another one for every seed, so that clips begin amid music.

    In silence, a model that has learnt for minutes begins as the quietest song does, and hardly leaves that. It is a
    second of held-out music where there is enough: nothing that was learnt by heart goes on from it.
    """

    name: ClassVar[str] = "album"
    dataset: Dataset

    def sound_for(self, seed: int, rate: int) -> NDArray[np.float32]:
        """Mono [n]; empty where the album is shorter than that."""
        dataset = self.dataset
        length = round(_ALBUM_SECONDS * dataset.rate)
        spans = [span for span in dataset.valid if span.length >= length]
        spans = spans or [span for span in dataset.train if span.length >= length]
        if not spans:
            return np.zeros(0, np.float32)
        ends = np.cumsum([span.length - length + 1 for span in spans])
        place = int(np.random.default_rng([seed, _ALBUM]).integers(ends[-1]))
        which = int(np.searchsorted(ends, place, side="right"))
        stop = spans[which].stop - (int(ends[which]) - 1 - place)
        sound = np.array(dataset.sound[stop - length : stop])
        return sound if rate == dataset.rate else soxr.resample(sound, dataset.rate, rate)
