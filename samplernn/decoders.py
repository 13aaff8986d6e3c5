"""Two ways to turn a file into blocks of samples: libsndfile, and FFmpeg (through PyAV) for what that cannot open.

A decoder is never trusted: lengths in headers are hints, and reading can break off at any block.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import av
import av.error
import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

Block = NDArray[np.float32]
"""Samples as float32 [frames, channels], full scale at 1.0; lossy formats may go beyond."""

BLOCK_FRAMES = 65_536
_LARGEST_FRAMES = 2**48
_LOUDEST = 2.0
"""Lossy decoders overshoot 1.0 by some dB; more than 6 dB is a damaged frame, not music."""
_LOUDEST_FLOAT = 65_536.0
"""Float files may hold anything; some programs write them at the scale of 16-bit numbers."""
_MOST_BAD_PACKETS = 10_000

_FFMPEG_FORMATS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dsf,dts,eac3,flac,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpc,mpc8,mpegts,ogg,"
    "tak,tta,w64,wav,wv"
)
"""Formats that hold sound in the file itself. Playlists are left out: they would make FFmpeg open other addresses."""

_FFMPEG_NAMES = {
    "aac": "AAC",
    "alac": "ALAC",
    "ape": "APE",
    "flac": "FLAC",
    "mp2": "MP2",
    "mp2float": "MP2",
    "mp3": "MP3",
    "mp3float": "MP3",
    "opus": "Opus",
    "vorbis": "Ogg Vorbis",
    "wavpack": "WavPack",
    "wmav1": "WMA",
    "wmav2": "WMA",
    "wmalossless": "WMA",
    "wmapro": "WMA",
}
_SNDFILE_NAMES = {"OGG": "Ogg Vorbis", "WAVEX": "WAV", "RF64": "WAV", "MPEG": "MP3", "MP3": "MP3"}


class UndecodableError(Exception):
    """This decoder can make nothing (more) of the file."""


@dataclass(frozen=True)
class Header:
    """What a file says of itself."""

    rate: int
    channels: int
    frames: int | None
    """None where the file does not say."""
    format: str


class Decoder(Protocol):
    """An open file; `blocks` reads it once, from its beginning."""

    header: Header
    damaged: bool
    """True once something had to be skipped."""

    def blocks(self) -> Iterator[Block]:
        """Blocks of any length of at least one frame.

        Raises:
            UndecodableError: where reading breaks off.
        """

    def close(self) -> None: ...


class SndfileDecoder:
    """Reads with libsndfile: WAV, AIFF, FLAC, Ogg Vorbis, Opus and many more."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = soundfile.SoundFile(os.fspath(path) if os.name == "nt" else os.fsencode(path))
        except (soundfile.SoundFileError, RuntimeError, OSError, TypeError, ValueError) as error:
            raise UndecodableError(str(error)) from None
        file = self._file
        name = "Opus" if file.subtype == "OPUS" else _SNDFILE_NAMES.get(file.format, file.format)
        frames = file.frames if 0 < file.frames < _LARGEST_FRAMES else None
        self.header = Header(file.samplerate, file.channels, frames, name)
        self.damaged = False
        self._lossy = file.subtype in ("VORBIS", "OPUS") or file.subtype.startswith("MPEG")

    def blocks(self) -> Iterator[Block]:
        if self.header.frames is None:
            # soundfile seeks after every read, which libsndfile cannot do in a file that does not tell its length
            raise UndecodableError("length unknown")
        while True:
            try:
                block = self._file.read(BLOCK_FRAMES, dtype="float32", always_2d=True)
            except (soundfile.SoundFileError, RuntimeError, ValueError, MemoryError) as error:
                raise UndecodableError(str(error)) from None
            if not len(block):
                return
            yield tame(block, self._lossy)

    def close(self) -> None:
        with contextlib.suppress(soundfile.SoundFileError, RuntimeError):
            self._file.close()


class FfmpegDecoder:
    """Reads with FFmpeg: MP3, M4A, WMA and whatever has a broken header."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        try:
            # a file object, so that no part of the path is taken for an address
            self._container: Any = av.open(
                self._file,
                metadata_errors="replace",
                options={"format_whitelist": _FFMPEG_FORMATS, "protocol_whitelist": ""},
            )
        except (av.error.FFmpegError, ValueError, OSError, IndexError, MemoryError, UnicodeError) as error:
            self._file.close()
            raise UndecodableError(str(error)) from None
        try:
            self._stream = self._container.streams.best("audio")
            if self._stream is None:
                raise UndecodableError("no sound in it")
            context = self._stream.codec_context
            frames = self._length_in_frames()
            name = _FFMPEG_NAMES.get(context.name, "WAV" if context.name.startswith("pcm") else context.name.upper())
            self.header = Header(int(context.sample_rate or 0), int(context.channels or 0), frames, name)
        except UndecodableError:
            self.close()
            raise
        except (av.error.FFmpegError, AttributeError, ValueError) as error:
            self.close()
            raise UndecodableError(str(error)) from None
        self.damaged = False

    def _length_in_frames(self) -> int | None:
        stream = self._stream
        if not stream.duration or stream.duration < 0 or not stream.time_base or not stream.codec_context.sample_rate:
            return None
        return int(stream.duration * stream.time_base * stream.codec_context.sample_rate)

    def blocks(self) -> Iterator[Block]:
        """See `Decoder`; sound whose rate changes on the way is resampled to the rate it began with."""
        resampler: _Resampler | None = None
        for block, rate in self._runs():
            if resampler is not None and (resampler.rate, resampler.channels) != (rate, block.shape[1]):
                yield from resampler.rest()
                resampler = None
            if rate != self.header.rate:
                resampler = resampler or _Resampler(rate, self.header.rate, block.shape[1])
                yield from resampler.push(block)
            else:
                yield block
        if resampler is not None:
            yield from resampler.rest()

    def _runs(self) -> Iterator[tuple[Block, int]]:
        """Decoded frames gathered to blocks of about `BLOCK_FRAMES`, each with its own rate."""
        gathered: list[Block] = []
        key = (0, 0)
        frames = 0
        for frame in self._frames():
            block = _as_floats(frame)
            if not len(block):
                continue
            if gathered and (key != (frame.sample_rate, block.shape[1]) or frames >= BLOCK_FRAMES):
                yield tame(np.concatenate(gathered), True), key[0]
                gathered, frames = [], 0
            key = (frame.sample_rate, block.shape[1])
            if key[0] != self.header.rate and not 1_000 <= key[0] <= 1_000_000:
                raise UndecodableError("absurd rate")
            gathered.append(block)
            frames += len(block)
        if gathered:
            yield tame(np.concatenate(gathered), True), key[0]

    def _frames(self) -> Iterator[Any]:
        bad = 0
        packets = self._container.demux(self._stream)
        while bad < _MOST_BAD_PACKETS:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except (av.error.FFmpegError, ValueError) as error:
                raise UndecodableError(str(error)) from None
            try:
                yield from packet.decode()
                bad = 0
            except av.error.EOFError:
                return
            except (av.error.FFmpegError, ValueError):
                self.damaged = True
                bad += 1
        raise UndecodableError("nothing but damaged packets")

    def close(self) -> None:
        with contextlib.suppress(av.error.FFmpegError):
            self._container.close()
        self._file.close()


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


def _as_floats(frame: Any) -> Block:
    """A decoded FFmpeg frame as float32 [frames, channels]."""
    samples: NDArray[np.generic] = frame.to_ndarray()
    channels = frame.layout.nb_channels
    samples = samples.T if frame.format.is_planar else samples.reshape(-1, channels)
    block = np.ascontiguousarray(samples, dtype=np.float32)
    if samples.dtype == np.uint8:
        return (block - np.float32(128)) / np.float32(128)
    if samples.dtype.kind == "i":
        block *= np.float32(2.0 ** (1 - 8 * samples.dtype.itemsize))
    return block


def tame(block: Block, lossy: bool) -> Block:
    """Takes out what is not a number, and the spikes that only a damaged file can hold."""
    with np.errstate(all="ignore"):
        finite = bool(np.isfinite(block.sum()))
    if not finite:
        block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
    limit = _LOUDEST if lossy else _LOUDEST_FLOAT
    return np.clip(block, -limit, limit)
