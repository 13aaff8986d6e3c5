"""Chunks of WAV files beside the sound: RIFF INFO, and what loops say of their tempo.

A RIFF file is chunks of a name of four letters, a length of four bytes, little-endian, and that many bytes, each padded
to an even length (Microsoft and IBM, Multimedia Programming Interface and Data Specifications 1.0, 1991).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

_MOST_BYTES = 2**32 - 1
_STRETCHES, _ONE_SHOT = 0x04, 0x01
_NO_ROOT = 0x8000
_LARGEST_LIST = 2**20


def info_chunk(facts: Mapping[str, str]) -> bytes:
    """A LIST of INFO by the names of its chunks, as {"INAM": "Title"}, in UTF-8; what is "" is left out."""
    parts = (_chunk(name, text.encode("utf-8") + b"\0") for name, text in facts.items() if text)
    return _chunk("LIST", b"INFO" + b"".join(parts))


def acid_chunk(bpm: float, beats: int) -> bytes:
    """What Acid and those after it read of a loop (no published standard; as Ableton, Reaper and FL Studio write it):
    flags, root note, a constant, 0, beats, the meter's denominator and numerator, and the tempo.

    Args:
        bpm: beats a minute.
        beats: how many there are in the file; 0 for sound that is no loop, which is then not stretched.
    """
    flags = _STRETCHES if beats else _ONE_SHOT
    return _chunk("acid", struct.pack("<IHHfIHHf", flags, 60, _NO_ROOT, 0.0, beats, 4, 4, bpm))


def append_chunks(path: Path, chunks: Iterable[bytes]) -> None:
    """Adds chunks behind all others of a WAV file.

    Raises:
        ValueError: it is no WAV file, or would be larger than one can be.
        OSError: it cannot be written.
    """
    added = b"".join(chunks)
    with path.open("r+b") as file:
        head = file.read(12)
        if len(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"WAVE":
            raise ValueError(f"{path} is no WAV file")
        end = file.seek(0, os.SEEK_END)
        pad = b"\0" * (end % 2)
        size = end + len(pad) + len(added) - 8
        if size > _MOST_BYTES:
            raise ValueError(f"{path} is too large")
        file.write(pad + added)
        file.seek(4)
        file.write(struct.pack("<I", size))


def chunks_of(file: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    """Name and beginning (at most a megabyte) of each chunk of an open WAV file.

    Raises:
        ValueError: it is no WAV file.
    """
    head = file.read(12)
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        raise ValueError("no WAV file")
    place = 12
    while len(raw := file.read(8)) == 8:
        name, size = raw[:4].decode("latin-1"), struct.unpack("<I", raw[4:])[0]
        yield name, file.read(min(size, _LARGEST_LIST))
        place += 8 + size + size % 2
        file.seek(place)


def info_of(path: Path) -> dict[str, str]:
    """What RIFF INFO says, by the names of its chunks; {} where there is none."""
    found: dict[str, str] = {}
    with path.open("rb") as file:
        for name, data in chunks_of(file):
            if name == "LIST" and data[:4] == b"INFO":
                found.update(_texts(data[4:]))
    return found


def _texts(data: bytes) -> Iterator[tuple[str, str]]:
    while len(data) >= 8:
        name, size = data[:4].decode("latin-1"), struct.unpack("<I", data[4:8])[0]
        yield name, data[8 : 8 + size].split(b"\0")[0].decode("utf-8", "replace")
        data = data[8 + size + size % 2 :]


def _chunk(name: str, data: bytes) -> bytes:
    return name.encode("ascii") + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
