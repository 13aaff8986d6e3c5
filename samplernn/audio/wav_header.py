"""WAV files whose header tells of another length than they have: recorders lose power, files are cut off on the way."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from typing import IO

from samplernn.audio.containers import Part

_CHUNK = struct.Struct("<4sI")
_UNKNOWN = 0x7FFF_0000
"""Whoever writes into a pipe does not know the length, and writes a number from here on."""
_LEAST_SECONDS, _LEAST_SHARE = 0.5, 0.02
"""Less than this is not missed."""


@dataclass(frozen=True)
class WavDataChunk:
    """Where the sound of a WAV file is, in bytes.

    Attributes:
        size_offset: where its size stands.
        declared: that size.
        available: how much of it there is, to the end of the file.
        rate: bytes of a second.
        ends_properly: whether what follows it is another chunk, or nothing.
    """

    size_offset: int
    declared: int
    available: int
    rate: int
    ends_properly: bool

    @property
    def is_truncated(self) -> bool:
        """Whether much of the sound that the header tells of is missing."""
        missing = self.declared - self.available
        return self.declared < _UNKNOWN and missing > max(_LEAST_SECONDS * self.rate, _LEAST_SHARE * self.declared)

    @property
    def is_longer_than_declared(self) -> bool:
        """Whether there is more sound than the header tells of."""
        more = self.available - self.declared
        return not self.ends_properly and more > 0 and (self.declared == 0 or more > _LEAST_SHARE * self.declared)


def find_wav_data(file: IO[bytes]) -> WavDataChunk | None:
    """None for what is no WAV file, or one in which no sound is found."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(12)
    if not head.startswith(b"RIFF") or head[8:] != b"WAVE":
        return None
    at, rate = 12, 0
    while (chunk := _chunk_at(file, at)) is not None:
        name, length = chunk
        if name == b"fmt ":
            about = file.read(16)
            rate = int.from_bytes(about[8:12], "little")
        if name == b"data":
            start = at + _CHUNK.size
            end = start + length + length % 2
            ends_properly = end >= size or _is_chunk(_chunk_at(file, end), size - end)
            return WavDataChunk(at + 4, length, size - start, rate, ends_properly)
        at += _CHUNK.size + length + length % 2
    return None


def _chunk_at(file: IO[bytes], at: int) -> tuple[bytes, int] | None:
    file.seek(at)
    head = file.read(_CHUNK.size)
    return _CHUNK.unpack(head) if len(head) == _CHUNK.size else None


def _is_chunk(chunk: tuple[bytes, int] | None, left: int) -> bool:
    return chunk is None or (all(32 <= byte < 127 for byte in chunk[0]) and chunk[1] <= left)


class RepairedWav(Part):
    """A WAV file whose header tells of all the sound that there is."""

    def __init__(self, file: IO[bytes], data: WavDataChunk) -> None:
        super().__init__(file, 0, file.seek(0, os.SEEK_END))
        self._size_offset, self._size = data.size_offset, min(data.available, _UNKNOWN - 1).to_bytes(4, "little")

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """As `Part`, with the true size in the place of the header\'s."""
        start = self.tell()
        count = super().readinto(buffer)
        view = memoryview(buffer).cast("B")
        for place, byte in enumerate(self._size, self._size_offset):
            if start <= place < start + count:
                view[place - start] = byte
        return count
