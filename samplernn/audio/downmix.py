"""From the channels of a recording to the one that a model hears."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from resources.progress import Cancelled, never
from samplernn.audio.decoders import Block
from samplernn.audio.worker import DecodedSound, decoded

CHANNELS_CANCEL = "its channels cancel each other out, one of them is heard"
_LOST = 0.01
"""Where the mean of the channels has less of their power than this (-20 dB), they cancel."""
_MUCH = 0.25
"""Share of the power of a whole file that may be lost so, before one channel is taken instead."""

Made = TypeVar("Made")


class MonoSound:
    """An open sound file whose channels are made one as it is read.

    Attributes:
        info, notes: see `DecodedSound`.
    """

    def __init__(self, sound: DecodedSound, channel: int | None = None) -> None:
        self.info = sound.info
        self._sound, self._channel = sound, channel
        self._power = np.zeros(sound.info.channels)
        self._lost = 0.0

    @property
    def notes(self) -> tuple[str, ...]:
        """Plain remarks on the file, complete once all of it has been read."""
        return self._sound.notes + (() if self._channel is None else (CHANNELS_CANCEL,))

    def blocks(self, cancelled: Cancelled = never) -> Iterator[tuple[Block, NDArray[np.float32]]]:
        """Each block of float32 [frames, channels] with its mixdown, float32 [frames]; see `DecodedSound.blocks`."""
        for block in self._sound.blocks(cancelled):
            yield block, self._mixed(block)

    def _mixed(self, block: Block) -> NDArray[np.float32]:
        if self._channel is not None:
            return np.ascontiguousarray(block[:, self._channel])
        mono = mean_of_channels(block)
        if block.shape[1] > 1:
            power = np.einsum("ij,ij->j", block, block, dtype=np.float64)
            self._power += power
            if np.dot(mono, mono) < _LOST * power.mean():
                self._lost += power.sum()
        return mono

    @property
    def channels_cancel(self) -> bool:
        """Whether the mean of the channels loses much of what has been read so far."""
        return self._lost > _MUCH * float(self._power.sum())

    @property
    def loudest(self) -> int:
        """Of the channels."""
        return int(self._power.argmax())


def heard_in_mono(
    path: Path,
    hear: Callable[[MonoSound], Made],
    cancelled: Cancelled = never,
    most_seconds: float = math.inf,
) -> Made:
    """What `hear` makes of a sound file, all of which it reads, made mono: the mean of the channels, as long as they do
    not cancel each other out; where they do it hears the loudest channel alone, in a second try.

    Args:
        path, most_seconds: see `samplernn.audio.decoding.decode`.
        hear: gets the sound.
        cancelled: asked while the decoder works.

    Raises:
        SoundError: where the file holds no sound that can be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    with decoded(path, cancelled, most_seconds) as sound:
        mono = MonoSound(sound)
        made = hear(mono)
    if not mono.channels_cancel:
        return made
    with decoded(path, cancelled, most_seconds) as sound:
        return hear(MonoSound(sound, mono.loudest))


def mean_of_channels(block: Block) -> NDArray[np.float32]:
    """[frames, channels] to [frames]; much faster than `mean` over so short an axis."""
    channels = block.shape[1]
    return block[:, 0] if channels == 1 else block @ np.full(channels, 1 / channels, np.float32)
