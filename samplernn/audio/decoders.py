"""What decoders are: open files that give blocks of samples.

A decoder is never trusted: lengths in headers are hints, reading can break off at any block, and the libraries raise
whatever they like: `errors_as_undecodable` makes one error of all of these. They may even take the process down, so
that all of this runs in a process of its own: see `samplernn.audio.worker`.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Protocol, TypeAlias

import numpy as np
import soxr
from numpy.typing import NDArray

log = logging.getLogger(__name__)

Block = NDArray[np.float32]
"""Samples as float32 [frames, channels], full scale at 1.0; lossy formats may go beyond."""
Open: TypeAlias = Callable[[], IO[bytes]]
"""Opens the file, or the part of one, that is to be decoded."""

BLOCK_FRAMES = 65_536
_LOUDEST = 2.0
"""Lossy decoders overshoot 1.0 by some dB; more than 6 dB is a damaged frame, not music."""


class UndecodableError(Exception):
    """This decoder can make nothing (more) of the file."""


class NoSoundError(UndecodableError):
    """The file is whole, but there is no sound in it: a video without any."""


class MoreThereError(UndecodableError):
    """This decoder has read all that the header tells of, and the file goes on."""


@contextlib.contextmanager
def errors_as_undecodable() -> Iterator[None]:
    """Makes an `UndecodableError` of whatever a library raises; the log has what it was."""
    try:
        yield
    except UndecodableError:
        raise
    except Exception as error:
        log.info("not decoded: %r", error)
        raise UndecodableError(str(error)) from error


@dataclass(frozen=True)
class Header:
    """What a file says of itself."""

    rate: int
    channels: int
    frames: int | None
    """None where the file does not say."""
    format: str
    is_exact: bool = True
    """Whether the file itself tells `frames`; else that is a guess, and no promise."""
    is_float: bool = False
    """Whether it holds floating-point numbers, which may be of any scale."""


class Decoder(Protocol):
    """An open file; `blocks` reads it once, from its beginning or where `seek` went."""

    header: Header
    damaged: bool
    """True once something had to be skipped."""

    def blocks(self) -> Iterator[Block]:
        """Blocks of any length of at least one frame.

        Raises:
            Exception: where reading breaks off.
        """

    def seek(self, frame: int) -> bool:
        """Has `blocks` go on from a frame; False, and nothing done, where the format knows no exact places.

        Raises:
            Exception: where it cannot get there; the decoder is of no more use.
        """

    def close(self) -> None:
        """Closes the file."""


def at_one_rate(runs: Iterable[tuple[Block, int]], target: int) -> Iterator[Block]:
    """Blocks that come with rates of their own, brought to one rate where they differ from it."""
    resampler: _Resampler | None = None
    try:
        for block, rate in runs:
            if resampler is not None and (resampler.rate, resampler.channels) != (rate, block.shape[1]):
                yield from resampler.rest()
                resampler = None
            if rate != target:
                resampler = resampler or _Resampler(rate, target, block.shape[1])
                yield from resampler.push(block)
            else:
                yield block
    except Exception:
        if resampler is not None:
            yield from resampler.rest()
        raise
    if resampler is not None:
        yield from resampler.rest()


class _Resampler:
    """Brings a run of sound to another rate, block by block."""

    def __init__(self, rate: int, target: int, channels: int) -> None:
        self.rate = rate
        self.channels = channels
        self._stream = soxr.ResampleStream(rate, target, channels, dtype="float32", quality="HQ")

    def push(self, block: Block) -> Iterator[Block]:
        yield from self._some(self._stream.resample_chunk(np.ascontiguousarray(block)))

    def rest(self) -> Iterator[Block]:
        yield from self._some(self._stream.resample_chunk(np.zeros((0, self.channels), np.float32), last=True))

    def _some(self, block: Block) -> Iterator[Block]:
        if len(block):
            yield block.reshape(-1, self.channels)


def tame(block: Block) -> Block:
    """Takes out what is not a number, and the spikes that only a damaged file can hold."""
    with np.errstate(all="ignore"):
        finite = bool(np.isfinite(block.sum()))
    if not finite:
        block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
    return np.clip(block, -_LOUDEST, _LOUDEST)
