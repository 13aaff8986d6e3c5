"""How many scans a JPEG file has: each goes over the whole picture once more, however few bytes it takes itself."""

from __future__ import annotations

import re
from typing import IO

MOST_SCANS = 100
"""Encoders make about ten, the keenest some sixty."""
_MARKER = re.compile(rb"\xff([^\x00\xff])")
_SCAN, _END = 0xDA, 0xD9
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


def scans_of(file: IO[bytes]) -> int:
    """The scans of the first picture in a file, from its beginning; the file is left where it was.

    Segments are stepped over, as a thumbnail or a profile inside one may look like anything; between the bytes of a
    scan no other marker can stand.
    """
    before = file.tell()
    file.seek(0)
    data = file.read()
    file.seek(before)
    scans, place = 0, 0
    while found := _MARKER.search(data, place):
        marker, place = found[1][0], found.end()
        if marker == _END:
            break
        scans += marker == _SCAN
        if marker not in _WITHOUT_LENGTH:
            place += int.from_bytes(data[place : place + 2], "big")
    return scans
