"""Files of one format that were put one behind the other with `cat`: where each of them begins.

Decoders stop where the first one ends, by its header. Only headers are read here, and only where one format's own rules
say that the next file has to be: a whole album takes milliseconds.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from typing import IO

from samplernn.audio.containers import ogg_links

_MOST_FILES = 200
_MOST_BLOCKS = 200_000
_TAGS = 2**18
"""Bytes behind a file in which its tags are, and tags before the next one."""
_FLAC_READ_AHEAD = 2**16
_FLAC = (b"fLaC\x00\x00\x00\x22", b"fLaC\x80\x00\x00\x22")
"""A FLAC file begins so (RFC 9639, 6 and 8.1)."""
_TTA_HEADER = 22
_WAVPACK_HEADER = 32
_WAVPACK_INITIAL = 0x08
"""In the second byte of the flags: the first of the blocks that hold the channels of one moment."""


def links_of(file: IO[bytes]) -> list[tuple[int, int]]:
    """Where each of the files joined in one begins and ends, in bytes; one or none for most."""
    file.seek(0)
    head = file.read(12)
    if head.startswith(b"OggS"):
        return ogg_links(file)
    if head.startswith(b"wvpk"):
        return _wavpack_links(file)
    if head[4:8] == b"ftyp":
        return _mp4_links(file)
    size = file.seek(0, os.SEEK_END)
    starts = [0]
    while (end := _end_of(file, starts[-1], head)) is not None and end < size and len(starts) < _MOST_FILES:
        begin = _next(file, end, b"TTA1\x01\x00") if head.startswith(b"TTA1") else end
        if begin is None or _end_of(file, begin, head) is None:
            break
        starts.append(begin)
    return list(itertools.pairwise([*starts, size]))


def flac_is_joined(file: IO[bytes], at: int) -> bool:
    """Whether another FLAC file begins where one was read to its end.

    Args:
        file: the FLAC file.
        at: how far it has been read, in bytes; somewhat further than to the end of its last frame.
    """
    begin = max(at - _FLAC_READ_AHEAD, len(_FLAC[0]))
    file.seek(begin)
    near = file.read(_FLAC_READ_AHEAD + _TAGS)
    return any(magic in near for magic in _FLAC)


def _end_of(file: IO[bytes], at: int, head: bytes) -> int | None:
    """Where a file of the kind that begins with `head` ends, by its own header; None where none begins there."""
    file.seek(at)
    found = file.read(12)
    if len(found) < 12 or found[:4] != head[:4] or head[:4] not in _ENDS:
        return None
    if head[:4] in (b"RIFF", b"FORM") and found[8:] != head[8:]:
        return None
    return _ENDS[head[:4]](file, at, found)


def _riff_end(file: IO[bytes], at: int, found: bytes) -> int:
    size = int.from_bytes(found[4:8], "little")
    return at + 8 + size + size % 2


def _form_end(file: IO[bytes], at: int, found: bytes) -> int:
    size = int.from_bytes(found[4:8], "big")
    return at + 8 + size + size % 2


def _tta_end(file: IO[bytes], at: int, found: bytes) -> int | None:
    """Behind the last of the frames whose sizes follow the header (https://tausoft.org/wiki/True_Audio_Codec_Format)."""
    file.seek(at)
    header = file.read(_TTA_HEADER)
    rate, samples = int.from_bytes(header[10:14], "little"), int.from_bytes(header[14:18], "little")
    if len(header) < _TTA_HEADER or not 0 < rate <= 1_000_000:
        return None
    frames = -(-samples // max(256 * rate // 245, 1))
    if frames > _MOST_BLOCKS:
        return None
    sizes = file.read(4 * frames)
    total = sum(int.from_bytes(sizes[place : place + 4], "little") for place in range(0, len(sizes), 4))
    return at + _TTA_HEADER + len(sizes) + 4 + total


_ENDS: dict[bytes, Callable[[IO[bytes], int, bytes], int | None]] = {
    b"RIFF": _riff_end,
    b"FORM": _form_end,
    b"TTA1": _tta_end,
}


def _next(file: IO[bytes], end: int, magic: bytes) -> int | None:
    """Where the next file begins, behind the tags of the one that ends there."""
    file.seek(end)
    near = file.read(len(magic))
    if near != magic:
        near += file.read(_TAGS)
    place = near.find(magic)
    return end + place if place >= 0 else None


def _mp4_links(file: IO[bytes]) -> list[tuple[int, int]]:
    """An MP4 file is a row of boxes, of which the first alone is called ftyp (ISO/IEC 14496-12, 4.2 and 4.3)."""
    size = file.seek(0, os.SEEK_END)
    starts: list[int] = []
    at = 0
    for _ in range(_MOST_BLOCKS):
        file.seek(at)
        box = file.read(16)
        if len(box) < 8 or len(starts) == _MOST_FILES:
            break
        if box[4:8] == b"ftyp":
            starts.append(at)
        length = int.from_bytes(box[:4], "big")
        if length == 1:
            length = int.from_bytes(box[8:16], "big")
        if length < 8:  # 0: to the end of the file
            break
        at += length
    return list(itertools.pairwise([*starts, size]))


def _wavpack_links(file: IO[bytes]) -> list[tuple[int, int]]:
    """A WavPack file is a row of blocks that count their samples; where they count from 0 again, another one begins
    (https://www.wavpack.com/WavPack5FileFormat.pdf).
    """
    size = file.seek(0, os.SEEK_END)
    starts: list[int] = []
    at = 0
    for _ in range(_MOST_BLOCKS):
        begin = _next(file, at, b"wvpk")
        if begin is None or len(starts) == _MOST_FILES:
            break
        at = begin
        file.seek(at)
        block = file.read(_WAVPACK_HEADER).ljust(_WAVPACK_HEADER, b"\0")
        counts_from_0, has_sound, is_initial = not any(block[16:20]), any(block[20:24]), block[25] & _WAVPACK_INITIAL
        if counts_from_0 and has_sound and is_initial:
            starts.append(at)
        at += 8 + int.from_bytes(block[4:8], "little")
    return list(itertools.pairwise([*starts, size]))
