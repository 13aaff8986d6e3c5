"""Live sound with the finish of the album, put on as it is played."""

from __future__ import annotations

import math
import threading

import numpy as np
import soxr
from numpy.typing import NDArray

from app.document.model import SONG_RATE
from app.studio.finish.applying import FinishProcessor
from app.studio.finish.streamed import FinishStream
from app.studio.generation.live import LiveSound

_LEAST_FRAMES = 512
"""Read at a time: less costs as much."""


class FinishedLiveSound:
    """A source for the player that reads live sound, 50 ms ahead of what is heard, and puts the finish on it."""

    rate = SONG_RATE

    def __init__(self, sound: LiveSound, finishing: FinishProcessor) -> None:
        self._sound = sound
        self._resampler = soxr.ResampleStream(sound.rate, SONG_RATE, 1, dtype="float32", quality="HQ")
        self._stream = FinishStream(finishing)
        self._ready = np.zeros((0, 2), np.float32)
        self._lock = threading.Lock()

    @property
    def frames(self) -> int:
        """Endless, until it is closed."""
        return self._sound.frames

    def read(self, start: int, frames: int) -> NDArray[np.float32]:
        """As `LiveSound.read`."""
        with self._lock:
            while len(self._ready) < frames:
                missing = max(frames - len(self._ready), _LEAST_FRAMES)
                made = self._sound.read(0, math.ceil(missing * self._sound.rate / SONG_RATE))[:, 0]
                part = self._stream.add(self._resampler.resample_chunk(np.ascontiguousarray(made)))
                self._ready = np.concatenate([self._ready, part])
            out, self._ready = self._ready[:frames], self._ready[frames:]
        return out


def finished_live(sound: LiveSound, finishing: FinishProcessor | None) -> LiveSound | FinishedLiveSound:
    """What the player is to play: the sound itself where nothing is put on it."""
    return sound if finishing is None else FinishedLiveSound(sound, finishing)
