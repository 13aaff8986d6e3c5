"""Decoding a sound file block by block, with one decoder after the other, until one of them makes sense of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, cast

import numpy as np

from resources.files import open_regular
from resources.progress import Cancelled, never, stop_if
from resources.refusals import not_found
from samplernn.audio.chain_decoder import ChainDecoder
from samplernn.audio.containers import ogg_lacks_end
from samplernn.audio.decoders import (
    Block,
    Decoder,
    Header,
    MoreThereError,
    NoSoundError,
    UndecodableError,
    errors_as_undecodable,
)
from samplernn.audio.ffmpeg_decoder import FfmpegDecoder
from samplernn.audio.float_scale import Scale, ScaleMeter
from samplernn.audio.joined_files import links_of
from samplernn.audio.media_fragment import MediaFragment, fragment_of
from samplernn.audio.sndfile_decoder import SndfileDecoder
from samplernn.audio.wav_header import RepairedWav, find_wav_data
from samplernn.errors import SoundError

MAX_SECONDS = 6 * 3600
MAX_CHANNELS = 32
_LOWEST_RATE, _HIGHEST_RATE = 1_000, 1_000_000

CUT_OFF = "cut off in the middle"
DAMAGED = "damaged in places"
TURNED_DOWN = "louder than full scale, turned down"


@dataclass(frozen=True)
class SoundInfo:
    """What a sound file holds, by its own account."""

    seconds: float
    """0.0 where the file does not say how long it is; in some formats a guess, until all of it is decoded."""
    rate: int
    channels: int
    format: str
    """In words, e.g. "FLAC" or "Ogg Vorbis"."""


class SoundStream:
    """An open sound file, read once from its beginning; made by `decode`."""

    def __init__(self, path: Path, decoders: list[Callable[[], Decoder]], most_seconds: float = math.inf) -> None:
        self._path, self._most_seconds = path, most_seconds
        self._decoders = decoders
        self._untried = list(decoders)
        self._decoder: Decoder
        self._blocks: Iterator[Block]
        self._first: Block
        self._lacks_sound = False
        """Whether a decoder knew the file and found no sound in it."""
        self._begin = 0
        """The frame that `_first` begins with."""
        if not self._open_next():
            raise _soundless(path) if self._lacks_sound else unreadable(path)
        header = self._decoder.header
        self._check(header, self._first.shape[1])
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

        No more of it is read than the beginning that was asked for; then the notes may stay incomplete.

        Raises:
            SoundError: where all was asked for and that is more than `MAX_SECONDS`, or its numbers are not those of
                sound.
            concurrent.futures.CancelledError: once `cancelled()`.
        """
        scale = self._measured(cancelled) if self._decoder.header.is_float else None
        for block in self._decoded(cancelled):
            yield block if scale is None else scale.applied(block)
        if scale is not None:
            damaged = scale.damaged and DAMAGED not in self.notes
            self.notes += (DAMAGED,) * damaged + (TURNED_DOWN,) * scale.turned_down

    def skip_to(self, frame: int) -> int:
        """Before `blocks`: leaves out what comes before a frame, as far as that can be done without decoding it.

        Returns:
            The frame that `blocks` begins with, no later than the one wanted.
        """
        if frame < len(self._first):
            return 0
        first = None
        with suppress(UndecodableError), errors_as_undecodable():
            if not self._decoder.seek(frame):
                return 0
            first = next(self._blocks, None)
        if first is not None:
            self._first, self._begin = first, frame
            return frame
        self._decoder.close()
        self._untried = list(self._decoders)
        if not self._open_next():
            raise unreadable(self._path)
        return 0

    def close(self) -> None:
        """Closes the file."""
        self._decoder.close()

    def _measured(self, cancelled: Cancelled) -> Scale:
        """Reads all that is asked for once, to know at which scale its numbers are."""
        meter = ScaleMeter()
        with closing(SoundStream(self._path, self._decoders, self._most_seconds)) as again:
            for block in again._decoded(cancelled):
                meter.add(block)
        scale = meter.scale()
        if scale is None:
            raise SoundError(
                f"“{self._path.name}” holds numbers that are no sound at any scale.",
                "Save it again as a WAV or FLAC file of 24 bits in another program.",
            )
        return scale

    def _decoded(self, cancelled: Cancelled) -> Iterator[Block]:
        frames = self._begin
        rate = self.info.rate
        most = self._most_seconds * rate
        skip = 0
        broken = False
        block: Block | None = self._first
        while block is not None:
            stop_if(cancelled)
            if skip:
                skip, block = max(0, skip - len(block)), block[skip:]
            if len(block):
                block = block[: max(math.ceil(most - frames), 0)] if most < math.inf else block
                frames += len(block)
                if frames > MAX_SECONDS * rate:
                    raise _too_long(self._path)
                yield _with_channels(block, self.info.channels)
                if frames >= most:
                    return
            try:
                with errors_as_undecodable():
                    block = next(self._blocks, None)
            except UndecodableError as error:
                block = self._go_on_elsewhere(rate)
                broken = broken or block is None or not isinstance(error, MoreThereError)
                skip = frames
        self.notes = tuple(self._remarks(frames, broken))

    def _open_next(self) -> bool:
        """Opens the file with the next decoder that gets at least one block out of it."""
        while self._untried:
            try:
                with errors_as_undecodable():
                    decoder = self._untried.pop(0)()
            except UndecodableError as error:
                self._lacks_sound |= isinstance(error, NoSoundError)
                continue
            try:
                header = decoder.header
                if header.channels:
                    self._check(header, header.channels)
                blocks = decoder.blocks()
                with errors_as_undecodable():
                    first = next(blocks, None)
            except UndecodableError as error:
                self._lacks_sound |= isinstance(error, NoSoundError)
                first = None
            except SoundError:
                decoder.close()
                raise
            if first is not None:
                self._decoder, self._blocks, self._first = decoder, blocks, first
                return True
            decoder.close()
        return False

    def _check(self, header: Header, channels: int) -> None:
        """Refuses headers that would be costly to believe."""
        _check_kind(self._path, header.rate, channels)
        if self._most_seconds == math.inf and header.is_exact and (header.frames or 0) > MAX_SECONDS * header.rate:
            raise _too_long(self._path)

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
        header = self._decoder.header
        expected = (header.frames or 0) if header.is_exact else 0
        missing = expected - frames
        with open_regular(self._path) as file:
            data = find_wav_data(file)
            lacks_end = ogg_lacks_end(file) or (data is not None and data.is_truncated)
        if missing > max(0.5 * self.info.rate, 0.02 * expected) or lacks_end or (broken and not expected):
            yield CUT_OFF
        elif broken and not self._decoder.damaged:
            yield DAMAGED
        if self._decoder.damaged:
            yield DAMAGED


class FragmentStream:
    """A fragment of an open sound file, read as if there were no more of it; see `samplernn.audio.media_fragment`."""

    def __init__(self, stream: SoundStream, fragment: MediaFragment) -> None:
        whole = stream.info
        self._stream, self._fragment = stream, fragment
        seconds = max(0.0, min(fragment.end, whole.seconds) - fragment.start)
        self.info = replace(whole, seconds=seconds if whole.seconds else 0.0)
        self.notes: tuple[str, ...] = ()
        """Of the file, where the fragment reaches to its end."""

    def blocks(self, cancelled: Cancelled = never) -> Iterator[Block]:
        """See `SoundStream.blocks`.

        Raises:
            SoundError: also where the file ends before the fragment begins.
        """
        first = round(self._fragment.start * self.info.rate)
        last = round(self._fragment.end * self.info.rate) if self._fragment.end < math.inf else None
        at = self._stream.skip_to(first)
        for block in self._stream.blocks(cancelled):
            if last is not None and at >= last:
                return
            part = block[max(0, first - at) : None if last is None else last - at]
            at += len(block)
            if len(part):
                yield part
        if at <= first:
            raise SoundError(f"“{self._fragment.file.name}” ends before this track begins.", "Look at its cue sheet.")
        self.notes = self._stream.notes

    def close(self) -> None:
        """Closes the file."""
        self._stream.close()


@contextmanager
def decode(path: Path, most_seconds: float = math.inf) -> Iterator[SoundStream | FragmentStream]:
    """Opens a sound file, or a fragment of one, for reading block by block, in this very process; see
    `samplernn.audio.reading.open_sound`.

    Args:
        path: the file.
        most_seconds: no more of it is read than its beginning, however long it is; must be above 0.

    Raises:
        SoundError: where it is missing, empty, absurd, or holds no sound that can be read.
    """
    fragment = fragment_of(path)
    path = fragment.file
    try:
        with open_regular(path) as file:
            head = file.read(512)
        if not head:
            raise SoundError(f"“{path.name}” is empty.", "Copy it again from where it came from.")
        stream = SoundStream(path, _decoders(path, head), fragment.start + most_seconds)
    except OSError as error:
        raise not_there(path, error) from error
    try:
        yield FragmentStream(stream, fragment) if fragment.is_part else stream
    finally:
        stream.close()


def _decoders(path: Path, head: bytes) -> list[Callable[[], Decoder]]:
    """What to try on a file that begins with `head`, one after the other."""

    def whole() -> IO[bytes]:
        return open_regular(path)

    # libsndfile's MP3 reader writes its complaints straight to stderr, so MP3 goes to FFmpeg
    is_mp3 = path.suffix.lower() in (".mp3", ".mp2", ".mp1") or head.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3"))
    if is_mp3:
        return [lambda: FfmpegDecoder(whole)]
    with whole() as file:
        links, data = links_of(file), find_wav_data(file)
    if len(links) > 1:
        return [lambda: ChainDecoder(whole, links), lambda: FfmpegDecoder(whole)]
    if data is not None and data.is_longer_than_declared:
        return [
            lambda: SndfileDecoder(lambda: cast(IO[bytes], RepairedWav(whole(), data))),
            lambda: FfmpegDecoder(whole),
        ]
    return [lambda: SndfileDecoder(whole), lambda: FfmpegDecoder(whole)]


def _check_kind(path: Path, rate: int, channels: int) -> None:
    if not _LOWEST_RATE <= rate <= _HIGHEST_RATE or not 1 <= channels <= MAX_CHANNELS:
        raise SoundError(
            f"“{path.name}” says that it has {channels} channels at {rate} Hz, which cannot be right.",
            "Save it again as a stereo WAV or FLAC file in another program.",
        )


def _with_channels(block: Block, channels: int) -> Block:
    """A block of a file that changes its channels on the way, with the channels that it began with."""
    if block.shape[1] == channels:
        return block
    return np.repeat(block.mean(axis=1, keepdims=True), channels, axis=1)


def not_there(path: Path, error: OSError, *, was_there: bool = False) -> SoundError:
    """What to say of a file that the system will not open.

    Args:
        was_there: it was used before, as a track of an album was, and is not just a name that was given.
    """
    if isinstance(error, FileNotFoundError) and was_there:
        return SoundError(f"“{path.name}” is not there any more.", "Put it back, or drop the music in again.")
    if isinstance(error, FileNotFoundError):
        return SoundError(*not_found(path.name))
    return SoundError.from_os_error(f"“{path.name}” cannot be opened", error)


def _too_long(path: Path) -> SoundError:
    hours = math.floor(MAX_SECONDS / 3600)
    return SoundError(f"“{path.name}” is longer than {hours} hours.", "Cut it into shorter files first.")


def _soundless(path: Path) -> SoundError:
    return SoundError(f"There is no sound in “{path.name}”.", "Look for the recording that should be there.")


def unreadable(path: Path) -> SoundError:
    """What to say of a file that no decoder makes sense of."""
    with open_regular(path) as file:
        head = file.read(512)
    if all(byte >= 32 or byte in b"\t\n\r" for byte in head) and head.isascii():
        return SoundError(f"“{path.name}” is text, not sound.", "Look for the recording that should be there.")
    return SoundError(
        f"“{path.name}” is damaged, or of a kind that Deep Cuts does not know.",
        "Try another copy of it, or save it as WAV or FLAC in another program.",
    )
