"""Sound files in and out: any format, block by block, with plain words for what cannot be read."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from samplernn.decoders import Block, Decoder, FfmpegDecoder, SndfileDecoder, UndecodableError
from samplernn.errors import SoundError
from samplernn.progress import Cancelled, never, stop_if
from samplernn.sound_out import write_blocks, write_sound

__all__ = [
    "CUT_OFF",
    "DAMAGED",
    "MAX_SECONDS",
    "SoundInfo",
    "SoundStream",
    "mono_blocks",
    "not_there",
    "open_sound",
    "probe",
    "read_mono",
    "read_sound",
    "write_blocks",
    "write_sound",
]

MAX_SECONDS = 6 * 3600
_MAX_CHANNELS = 32
_LOWEST_RATE, _HIGHEST_RATE = 1_000, 1_000_000
_OGG_LAST_PAGE = 4

CUT_OFF = "cut off in the middle"
DAMAGED = "damaged in places"


@dataclass(frozen=True)
class SoundInfo:
    """What a sound file holds, by its own account."""

    seconds: float
    """0.0 where the file does not say how long it is."""
    rate: int
    channels: int
    format: str
    """In words, e.g. "FLAC" or "Ogg Vorbis"."""


class SoundStream:
    """An open sound file, read once from its beginning; made by `open_sound`."""

    def __init__(self, path: Path, decoders: list[Callable[[Path], Decoder]]) -> None:
        self._path = path
        self._untried = decoders
        self._decoder: Decoder
        self._blocks: Iterator[Block]
        self._first: Block
        if not self._open_next():
            raise _unreadable(path)
        header = self._decoder.header
        _check(path, header.rate, self._first.shape[1], header.frames)
        self.info = SoundInfo(
            seconds=(header.frames or 0) / header.rate,
            rate=header.rate,
            channels=self._first.shape[1],
            format=header.format,
        )
        self.notes: tuple[str, ...] = ()
        """Plain remarks on the file, complete once all of it has been read."""

    def blocks(self, cancelled: Cancelled = never) -> Iterator[Block]:
        """The sound as blocks of float32 [frames, channels]; what is damaged is left out and remarked in `notes`.

        Raises:
            SoundError: where there is more of it than `MAX_SECONDS`.
            concurrent.futures.CancelledError: once `cancelled()`.
        """
        frames = 0
        rate = self.info.rate
        skip = 0
        broken = False
        block: Block | None = self._first
        while block is not None:
            stop_if(cancelled)
            if skip:
                skip, block = max(0, skip - len(block)), block[skip:]
            if len(block):
                frames += len(block)
                if frames > MAX_SECONDS * rate:
                    raise _too_long(self._path)
                yield _with_channels(block, self.info.channels)
            try:
                block = next(self._blocks, None)
            except UndecodableError:
                broken = True
                block = self._go_on_elsewhere(rate)
                skip = frames
        self.notes = tuple(self._remarks(frames, broken))

    def close(self) -> None:
        self._decoder.close()

    def _open_next(self) -> bool:
        """Opens the file with the next decoder that gets at least one block out of it."""
        while self._untried:
            try:
                decoder = self._untried.pop(0)(self._path)
            except UndecodableError:
                continue
            except OSError as error:
                raise not_there(self._path, error) from error
            try:
                header = decoder.header
                if header.channels:
                    _check(self._path, header.rate, header.channels, header.frames)
                blocks = decoder.blocks()
                first = next(blocks, None)
            except UndecodableError:
                first = None
            except SoundError:
                decoder.close()
                raise
            if first is not None:
                self._decoder, self._blocks, self._first = decoder, blocks, first
                return True
            decoder.close()
        return False

    def _go_on_elsewhere(self, rate: int) -> Block | None:
        """The first block of the next decoder that hears the file at the same rate, after this one gave up."""
        old = self._decoder
        while self._open_next():
            old.close()
            if self._decoder.header.rate == rate:
                return self._first
            old = self._decoder
        return None

    def _remarks(self, frames: int, broken: bool) -> Iterator[str]:
        expected = self._decoder.header.frames or 0
        missing = expected - frames
        if broken or missing > max(0.5 * self.info.rate, 0.02 * expected) or _ogg_without_end(self._path):
            yield CUT_OFF
        if self._decoder.damaged:
            yield DAMAGED


@contextmanager
def open_sound(path: Path) -> Iterator[SoundStream]:
    """Opens a sound file for reading block by block.

    Raises:
        SoundError: where it is missing, empty, absurd, or holds no sound that can be read.
    """
    try:
        if not path.is_file():
            raise FileNotFoundError(path)
        with path.open("rb") as file:
            head = file.read(512)
    except OSError as error:
        raise not_there(path, error) from error
    if not head:
        raise SoundError(f"“{path.name}” is empty.", "Copy it again from where it came from.")
    # libsndfile's MP3 reader writes its complaints straight to stderr, so MP3 goes to FFmpeg
    is_mp3 = path.suffix.lower() in (".mp3", ".mp2", ".mp1") or head.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3"))
    stream = SoundStream(path, [FfmpegDecoder] if is_mp3 else [SndfileDecoder, FfmpegDecoder])
    try:
        yield stream
    finally:
        stream.close()


def probe(path: Path) -> SoundInfo:
    """What a sound file holds, after decoding no more than its beginning.

    Raises:
        SoundError: where it holds no sound that can be read.
    """
    with open_sound(path) as stream:
        return stream.info


def read_sound(path: Path, cancelled: Cancelled = never) -> tuple[Block, int]:
    """All of a sound file as float32 [frames, channels], and its rate.

    Raises:
        SoundError: where it holds no sound that can be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    with open_sound(path) as stream:
        return np.concatenate(list(stream.blocks(cancelled))), stream.info.rate


def read_mono(path: Path, rate: int, cancelled: Cancelled = never) -> NDArray[np.float32]:
    """All of a sound file as float32 [n] at `rate`: the mean of its channels, resampled.

    Raises:
        SoundError: where it holds no sound that can be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    with open_sound(path) as stream:
        return np.concatenate(list(mono_blocks(stream.blocks(cancelled), stream.info.rate, rate)))


def mono_blocks(blocks: Iterable[Block], source_rate: int, rate: int) -> Iterator[NDArray[np.float32]]:
    """Blocks of float32 [frames, channels] as blocks of float32 [n] at `rate`: the mean of the channels, resampled."""
    resampler = None
    if rate != source_rate:
        resampler = soxr.ResampleStream(source_rate, rate, 1, dtype="float32", quality="VHQ")
    for block in blocks:
        mono = _mean_of_channels(block)
        yield mono if resampler is None else resampler.resample_chunk(mono)
    if resampler is not None:
        yield resampler.resample_chunk(np.zeros(0, np.float32), last=True)


def _check(path: Path, rate: int, channels: int, frames: int | None) -> None:
    """Refuses headers that would be costly to believe."""
    if not _LOWEST_RATE <= rate <= _HIGHEST_RATE or not 1 <= channels <= _MAX_CHANNELS:
        raise SoundError(
            f"“{path.name}” says that it has {channels} channels at {rate} Hz, which cannot be right.",
            "Save it again as a stereo WAV or FLAC file in another program.",
        )
    if frames and frames > MAX_SECONDS * rate:
        raise _too_long(path)


def _with_channels(block: Block, channels: int) -> Block:
    """A block of a file that changes its channels on the way, with the channels that it began with."""
    if block.shape[1] == channels:
        return block
    return np.repeat(_mean_of_channels(block)[:, None], channels, axis=1)


def _mean_of_channels(block: Block) -> NDArray[np.float32]:
    """[frames, channels] to [frames]; much faster than `mean` over so short an axis."""
    channels = block.shape[1]
    return block[:, 0] if channels == 1 else block @ np.full(channels, 1 / channels, np.float32)


def _ogg_without_end(path: Path) -> bool:
    """Whether an Ogg file lacks the mark that RFC 3533 puts on its last page."""
    with path.open("rb") as file:
        if file.read(4) != b"OggS":
            return False
        file.seek(0, 2)
        file.seek(max(0, file.tell() - 65_536 - 282))
        tail = file.read()
    page = tail.rfind(b"OggS")
    return page >= 0 and len(tail) > page + 5 and not tail[page + 5] & _OGG_LAST_PAGE


def not_there(path: Path, error: OSError) -> SoundError:
    """What to say of a file that the system will not open."""
    if isinstance(error, FileNotFoundError):
        return SoundError(f"“{path.name}” is not there any more.", "Put it back, or drop the music in again.")
    if isinstance(error, PermissionError):
        return SoundError(f"“{path.name}” may not be opened.", "Change its permissions, or copy it somewhere else.")
    return SoundError(
        f"“{path.name}” cannot be opened: {error.strerror or error}.", "Copy it somewhere else and try that."
    )


def _too_long(path: Path) -> SoundError:
    hours = math.floor(MAX_SECONDS / 3600)
    return SoundError(f"“{path.name}” is longer than {hours} hours.", "Cut it into shorter files first.")


def _unreadable(path: Path) -> SoundError:
    with path.open("rb") as file:
        head = file.read(512)
    if all(byte >= 32 or byte in b"\t\n\r" for byte in head) and head.isascii():
        return SoundError(f"“{path.name}” is text, not sound.", "Look for the recording that should be there.")
    return SoundError(
        f"“{path.name}” is damaged, or of a kind that Deep Cuts does not know.",
        "Try another copy of it, or save it as WAV or FLAC in another program.",
    )
