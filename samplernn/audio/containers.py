"""What decoders do not tell of the files that they read: links of an Ogg file, lengths that the header gets wrong."""

from __future__ import annotations

import io
import itertools
import os
from typing import IO

_OGG_HEADER = 27
_OGG_BEGINS = 2
_OGG_ENDS = 4
_OGG_SEARCH = 65_536
_MOST_LINKS = 10_000

_FLAC_TAIL = 2**18
"""Bytes at the end of a FLAC file in which its last frame begins, with tags behind it."""
_FLAC_SIZES = {
    1: 192,
    **{code: 576 << (code - 2) for code in range(2, 6)},
    **{code: 1 << code for code in range(8, 16)},
}

_MP3_FIRST_FRAME = 2048


class Part(io.RawIOBase):
    """Some of a file, as a file of its own; what it is cut from is closed with it."""

    def __init__(self, file: IO[bytes], start: int, end: int) -> None:
        super().__init__()
        self._file, self._start, self._end = file, start, end
        self._at = 0

    def readable(self) -> bool:
        """Always true, see `io.IOBase`."""
        return True

    def seekable(self) -> bool:
        """Always true, see `io.IOBase`."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Counts from the beginning of the part, in bytes; gives the new position."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._end - self._start}[whence]
        self._at = max(base + offset, 0)
        return self._at

    def tell(self) -> int:
        """The position in bytes from the beginning of the part."""
        return self._at

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Reads up to the end of the part; gives how many bytes there were."""
        view = memoryview(buffer).cast("B")
        self._file.seek(self._start + self._at)
        data = self._file.read(max(min(len(view), self._end - self._start - self._at), 0))
        view[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        """Closes the whole file, too."""
        self._file.close()
        super().close()


def ogg_links(file: IO[bytes]) -> list[tuple[int, int]]:
    """Where each link of a chained Ogg file (RFC 3533, 4) begins and ends, in bytes; one for most, none for others."""
    size = file.seek(0, os.SEEK_END)
    starts: list[int] = []
    at, has_begun = 0, False
    while at + _OGG_HEADER <= size and len(starts) < _MOST_LINKS:
        file.seek(at)
        head = file.read(_OGG_HEADER)
        if not head.startswith(b"OggS\x00"):
            if at == 0:
                return []
            found = file.read(_OGG_SEARCH)
            place = (head + found).find(b"OggS", 1)
            at += place if place > 0 else max(len(head + found) - 3, 1)
            continue
        begins = bool(head[5] & _OGG_BEGINS) and head[18:22] == bytes(4)
        if begins and (has_begun or not starts):
            starts.append(at)
        has_begun = not begins
        at += _OGG_HEADER + head[26] + sum(file.read(head[26]))
    return list(itertools.pairwise([*starts, size]))


def ogg_lacks_end(file: IO[bytes]) -> bool:
    """Whether an Ogg file lacks the mark that RFC 3533 puts on its last page."""
    file.seek(0)
    if file.read(4) != b"OggS":
        return False
    file.seek(max(0, file.seek(0, os.SEEK_END) - _OGG_SEARCH - 282))
    tail = file.read()
    page = tail.rfind(b"OggS")
    return page >= 0 and len(tail) > page + 5 and not tail[page + 5] & _OGG_ENDS


def flac_goes_on(file: IO[bytes], frames: int) -> bool:
    """Whether a FLAC file holds sound beyond the `frames` that its header speaks of (RFC 9639, 9.1)."""
    file.seek(0)
    head = file.read(42)
    if not head.startswith(b"fLaC"):
        return False
    usual_size = int.from_bytes(head[8:10], "big")
    file.seek(max(0, file.seek(0, os.SEEK_END) - _FLAC_TAIL))
    tail = file.read()
    place = len(tail)
    while (place := tail.rfind(b"\xff", 0, place)) >= 0:
        first = _flac_first_sample(tail[place : place + 16], usual_size)
        if first is not None:
            return first >= frames
    return False


def _flac_first_sample(frame: bytes, usual_size: int) -> int | None:
    """Which sample a FLAC frame begins with; None for what is no such frame."""
    if len(frame) < 16 or frame[1] & 0xFE != 0xF8:
        return None
    size, rate, channels, depth = frame[2] >> 4, frame[2] & 15, frame[3] >> 4, frame[3] >> 1 & 7
    if not size or rate == 15 or channels > 10 or depth == 3 or frame[3] & 1:
        return None
    ones = 8 - (frame[4] ^ 0xFF).bit_length()
    if ones in (1, 8):
        return None
    number = frame[4] & (0x7F >> ones)
    follow = frame[5 : 5 + max(ones - 1, 0)]
    for byte in follow:
        if byte & 0xC0 != 0x80:
            return None
        number = number << 6 | byte & 0x3F
    end = 5 + len(follow) + {6: 1, 7: 2}.get(size, 0) + {12: 1, 13: 2, 14: 2}.get(rate, 0)
    if _crc8(frame[:end]) != frame[end]:
        return None
    return number if frame[1] & 1 else number * (usual_size or _FLAC_SIZES.get(size, 4096))


def _crc8(data: bytes) -> int:
    """With the polynomial x^8 + x^2 + x + 1."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x07) & 0xFF if crc & 0x80 else crc << 1
    return crc


def mp3_counts_frames(file: IO[bytes]) -> bool:
    """Whether an MP3 file says how many frames it has, in a Xing, Info or VBRI header; else its length is guessed."""
    file.seek(0)
    head = file.read(10)
    start = 0
    if head.startswith(b"ID3"):
        start = 10 + sum((byte & 0x7F) << 7 * place for place, byte in enumerate(reversed(head[6:10])))
    file.seek(start)
    first = file.read(_MP3_FIRST_FRAME)
    for name in (b"Xing", b"Info"):
        place = first.find(name)
        if place >= 0 and len(first) > place + 7:
            return bool(first[place + 7] & 1)
    return b"VBRI" in first
