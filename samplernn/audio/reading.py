"""Sound files in and out: any format, block by block, with plain words for what cannot be read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from resources.progress import Cancelled, never
from samplernn.audio.decoder_tags import DecoderTags, FoundPicture
from samplernn.audio.decoders import Block
from samplernn.audio.decoding import CUT_OFF, DAMAGED, MAX_SECONDS, TURNED_DOWN, SoundInfo, not_there
from samplernn.audio.downmix import CHANNELS_CANCEL, MonoSound, heard_in_mono, mean_of_channels
from samplernn.audio.worker import DecodedSound, call_in_worker, decoded, decoder_tags
from samplernn.audio.writing import Encoding, write_blocks, write_sound

__all__ = [
    "CHANNELS_CANCEL",
    "CUT_OFF",
    "DAMAGED",
    "MAX_SECONDS",
    "TURNED_DOWN",
    "DecodedSound",
    "DecoderTags",
    "Encoding",
    "FoundPicture",
    "MonoSound",
    "SoundInfo",
    "at_rate",
    "call_in_worker",
    "decoder_tags",
    "heard_in_mono",
    "mono_blocks",
    "not_there",
    "open_sound",
    "probe",
    "read_mono",
    "read_sound",
    "write_blocks",
    "write_sound",
]


def open_sound(path: Path, cancelled: Cancelled = never) -> AbstractContextManager[DecodedSound]:
    """Opens a sound file for reading block by block; it is decoded in another process, see `samplernn.audio.worker`.

    Raises:
        SoundError: where it is missing, empty, absurd, holds no sound that can be read, or the decoder fell over on it.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    return decoded(path, cancelled)


def probe(path: Path, most_seconds: float = math.inf) -> SoundInfo:
    """What a sound file holds, after decoding no more than its beginning.

    Args:
        path: the file.
        most_seconds: what is wanted of it; then it may be longer than `MAX_SECONDS`.

    Raises:
        SoundError: where it holds no sound that can be read.
    """
    with decoded(path, most_seconds=most_seconds) as stream:
        return stream.info


def read_sound(path: Path, cancelled: Cancelled = never) -> tuple[Block, int]:
    """All of a sound file as float32 [frames, channels], and its rate.

    Raises:
        SoundError: where it holds no sound that can be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    with open_sound(path, cancelled) as stream:
        return np.concatenate(list(stream.blocks(cancelled))), stream.info.rate


def read_mono(path: Path, rate: int, cancelled: Cancelled = never) -> NDArray[np.float32]:
    """All of a sound file as float32 [n] at `rate`: made mono as `heard_in_mono` does, resampled.

    Raises:
        SoundError: where it holds no sound that can be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """

    def hear(sound: MonoSound) -> NDArray[np.float32]:
        mono = (mixed for _, mixed in sound.blocks(cancelled))
        return np.concatenate(list(at_rate(mono, sound.info.rate, rate)))

    return heard_in_mono(path, hear, cancelled)


def mono_blocks(blocks: Iterable[Block], source_rate: int, rate: int) -> Iterator[NDArray[np.float32]]:
    """Blocks of float32 [frames, channels] as blocks of float32 [n] at `rate`: the mean of the channels, resampled."""
    return at_rate((mean_of_channels(block) for block in blocks), source_rate, rate)


def at_rate(blocks: Iterable[NDArray[np.float32]], source_rate: int, rate: int) -> Iterator[NDArray[np.float32]]:
    """Blocks of float32 [n], resampled from one rate to another."""
    if rate == source_rate:
        yield from blocks
        return
    resampler = soxr.ResampleStream(source_rate, rate, 1, dtype="float32", quality="VHQ")
    for block in blocks:
        yield resampler.resample_chunk(block)
    yield resampler.resample_chunk(np.zeros(0, np.float32), last=True)
