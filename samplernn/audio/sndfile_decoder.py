"""Decoding with libsndfile."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

import soundfile

from samplernn.audio.containers import Part, flac_goes_on
from samplernn.audio.decoders import (
    BLOCK_FRAMES,
    Block,
    Header,
    MoreThereError,
    NoSoundError,
    Open,
    UndecodableError,
    tame,
)
from samplernn.audio.joined_files import flac_is_joined

_LARGEST_FRAMES = 2**48
_NAMES = {"OGG": "Ogg Vorbis", "WAVEX": "WAV", "RF64": "WAV", "MPEG": "MP3", "MP3": "MP3"}


class SndfileDecoder:
    """Reads with libsndfile: WAV, AIFF, FLAC, Ogg Vorbis, Opus and many more."""

    def __init__(self, open_file: Open) -> None:
        self._source = open_file()
        try:
            is_part = isinstance(self._source, Part)
            file = soundfile.SoundFile(self._source if is_part else self._source.fileno(), closefd=False)
        except BaseException:
            self._source.close()
            raise
        self._file = file
        name = "Opus" if file.subtype == "OPUS" else _NAMES.get(file.format, file.format)
        frames = file.frames if 0 < file.frames < _LARGEST_FRAMES else None
        is_float = file.subtype in ("FLOAT", "DOUBLE")
        self.header = Header(file.samplerate, file.channels, frames, name, is_float=is_float)
        self._is_plain = is_float or file.subtype.startswith("PCM")  # FLAC is of these
        self.damaged = False
        self._lossy = file.subtype in ("VORBIS", "OPUS") or file.subtype.startswith("MPEG")

    def blocks(self) -> Iterator[Block]:
        """See `Decoder`."""
        if not self._file.frames:
            raise NoSoundError("no frames in it")
        if self.header.frames is None:
            # soundfile seeks after every read, which libsndfile cannot do in a file that does not tell its length
            raise UndecodableError("length unknown")
        while len(block := self._file.read(BLOCK_FRAMES, dtype="float32", always_2d=True)):
            yield tame(block) if self._lossy else block
        if self.header.format == "FLAC" and self._flac_goes_on(self.header.frames):
            raise MoreThereError

    def _flac_goes_on(self, frames: int) -> bool:
        is_part = isinstance(self._source, Part)
        at = self._source.tell() if is_part else os.lseek(self._source.fileno(), 0, os.SEEK_CUR)
        return flac_goes_on(self._source, frames) or flac_is_joined(self._source, at)

    def seek(self, frame: int) -> bool:
        """See `Decoder`."""
        if not self._is_plain or self.header.frames is None:
            return False
        self._file.seek(frame)
        return True

    def close(self) -> None:
        """See `Decoder`."""
        with contextlib.suppress(Exception):
            self._file.close()
        self._source.close()
