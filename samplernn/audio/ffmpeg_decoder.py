"""Decoding with FFmpeg, through PyAV."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from typing import IO, Any

import numpy as np

from samplernn.audio.containers import mp3_counts_frames
from samplernn.audio.decoders import (
    BLOCK_FRAMES,
    Block,
    Header,
    NoSoundError,
    Open,
    UndecodableError,
    at_one_rate,
    errors_as_undecodable,
    tame,
)

_MOST_BAD_PACKETS = 10_000
_LARGEST_COUNTED = 2**28
"""Bytes of a file whose packets are counted to know its length."""

_FORMATS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dsf,dts,eac3,flac,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpc,mpc8,mpegts,ogg,"
    "tak,tta,w64,wav,wv"
)
"""Formats that hold sound in the file itself. Playlists are left out: they would make FFmpeg open other addresses."""
_GUESSES = frozenset({"aac", "ac3", "amr", "dts", "eac3", "mp3", "mpegts"})
"""Formats that do not tell their length, so that FFmpeg guesses it from the bit rate at the beginning."""

_NAMES = {
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


class FfmpegDecoder:
    """Reads with FFmpeg: MP3, M4A, WMA and whatever has a broken header."""

    def __init__(self, open_file: Open) -> None:
        self._open_file = open_file
        self._file = open_file()
        self.damaged = False
        try:
            self._container, self._stream = _opened(self._file)
            self.header = self._read_header()
        except BaseException:
            self._file.close()
            raise

    def _read_header(self) -> Header:
        context = self._stream.codec_context
        rate, channels = int(context.sample_rate or 0), int(context.channels or 0)
        name = _NAMES.get(context.name, "WAV" if context.name.startswith("pcm") else context.name.upper())
        kind = self._container.format.name
        is_exact = kind not in _GUESSES
        with self._open_file() as file:
            if kind == "mp3":
                is_exact = mp3_counts_frames(file)
            size = file.seek(0, io.SEEK_END)
        frames = _in_frames(self._stream.duration, self._stream.time_base, rate)
        if not is_exact and size <= _LARGEST_COUNTED:
            frames = self._counted(rate) or frames
        is_float = context.name.startswith("pcm_f") or (context.name == "wavpack" and "flt" in context.format.name)
        return Header(rate, channels, frames, name, is_exact, is_float)

    def _counted(self, rate: int) -> int | None:
        """Frames in all packets, which takes a small part of the time of decoding them."""
        with contextlib.suppress(UndecodableError), errors_as_undecodable(), self._open_file() as file:
            container, stream = _opened(file)
            with container:
                durations = sum(packet.duration or 0 for packet in container.demux(stream))
            return _in_frames(durations, stream.time_base, rate)
        return None

    def blocks(self) -> Iterator[Block]:
        """See `Decoder`; sound whose rate changes on the way is resampled to the rate it began with."""
        return at_one_rate(self._runs(), self.header.rate)

    def seek(self, frame: int) -> bool:
        """See `Decoder`: most of what FFmpeg reads needs what comes before, and knows places but roughly."""
        return False

    def _runs(self) -> Iterator[tuple[Block, int]]:
        """Decoded frames gathered to blocks of about `BLOCK_FRAMES`, each with its own rate."""
        gathered: list[Block] = []
        key = (0, 0)
        frames = 0
        breaks: Exception | None = None
        try:
            for block, rate in self._packed():
                if gathered and (key != (rate, block.shape[1]) or frames >= BLOCK_FRAMES):
                    yield self._joined(gathered), key[0]
                    gathered, frames = [], 0
                key = (rate, block.shape[1])
                gathered.append(block)
                frames += len(block)
        except Exception as error:
            breaks = error
        if gathered:
            yield self._joined(gathered), key[0]
        if breaks is not None:
            raise breaks

    def _joined(self, blocks: list[Block]) -> Block:
        joined = np.concatenate(blocks)
        return joined if self.header.is_float else tame(joined)

    def _packed(self) -> Iterator[tuple[Block, int]]:
        """Each decoded frame as float32 [frames, channels], and its rate.

        FFmpeg packs the samples itself: PyAV looks for more planes than there are where a frame has eight of them, and
        numbers of 64 bits it does not know.
        """
        import av

        packer: Any = None
        kind: tuple[object, ...] = ()
        for frame in self._frames():
            if not frame.samples:
                continue
            rate, channels = int(frame.sample_rate), int(frame.layout.nb_channels)
            if rate != self.header.rate and not 1_000 <= rate <= 1_000_000:
                raise UndecodableError("absurd rate")
            if kind != (frame.format.name, frame.layout.name, rate):
                kind = (frame.format.name, frame.layout.name, rate)
                packer = av.AudioResampler(format="flt", layout=frame.layout, rate=rate)
            frame.pts = None
            for packed in packer.resample(frame):
                yield packed.to_ndarray().reshape(-1, channels), rate

    def _frames(self) -> Iterator[Any]:
        bad = 0
        packets = self._container.demux(self._stream)
        while bad < _MOST_BAD_PACKETS:
            try:
                packet = next(packets, None)
            except Exception:
                yield from self._held_back()
                raise
            if packet is None:
                return
            try:
                yield from packet.decode()
                bad = 0
            except EOFError:
                return
            except (OSError, ValueError):
                self.damaged = True
                bad += 1
        raise UndecodableError("nothing but damaged packets")

    def _held_back(self) -> list[Any]:
        """What the decoder has heard, but not given yet, when the file breaks off."""
        with contextlib.suppress(Exception):
            return list(self._stream.codec_context.decode(None))
        return []

    def close(self) -> None:
        """See `Decoder`."""
        with contextlib.suppress(Exception):
            self._container.close()
        self._file.close()


def open_container(file: IO[bytes], metadata_errors: str = "replace") -> Any:
    """FFmpeg's view of a file; an error of any sort where it has none."""
    import av  # slow to load, and most files need none of it

    # a file object, so that no part of the path is taken for an address
    options = {"format_whitelist": _FORMATS, "protocol_whitelist": ""}
    return av.open(file, metadata_errors=metadata_errors, options=options)


def _opened(file: IO[bytes]) -> tuple[Any, Any]:
    """FFmpeg's container and its best stream of sound."""
    container = open_container(file)
    stream = container.streams.best("audio")
    if stream is None:
        raise NoSoundError("no sound in it")
    return container, stream


def _in_frames(duration: int | None, time_base: Any, rate: int) -> int | None:
    if not duration or duration < 0 or not time_base or not rate:
        return None
    return int(duration * time_base * rate)
