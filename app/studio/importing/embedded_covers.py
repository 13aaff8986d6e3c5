"""The pictures inside a sound file that may be the cover of its album."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from samplernn.audio.reading import DecoderTags

_LARGEST = 64 * 2**20
_MOST, _MOST_BYTES = 8, 128 * 2**20
"""Pictures that are kept of one file."""
_FRONT = 3
_ICONS = (1, 2)
"""Kinds of picture as ID3, FLAC and ASF number them."""


def embedded_pictures(file: Any, tags: Any) -> tuple[bytes, ...]:
    """The pictures in what mutagen read, front covers first; icons are left out.

    They are as found: not yet known to be pictures.
    """
    found = [
        *((picture.type, picture.data) for picture in getattr(file, "pictures", ())),
        *_of_id3(tags),
        *_of_comments(tags),
        *_of_asf(tags),
        *_of_ape(tags),
        *((_FRONT, bytes(data)) for data in _all(tags, "covr")),
    ]
    return _best(found)


def pictures_by_decoder(said: DecoderTags) -> tuple[bytes, ...]:
    """The pictures that the decoder finds: Matroska's attachments, and those of formats that mutagen passes over."""
    found: list[tuple[int, bytes]] = []
    for picture in said.pictures:
        if picture.is_attached:
            number = _FRONT if picture.about.startswith("cover") else 0
        else:
            number = _ICONS[0] if "icon" in picture.about else _FRONT if "front" in picture.about else 0
        found.append((number, picture.data))
    return _best(found)


def _best(found: Iterable[tuple[int, bytes]]) -> tuple[bytes, ...]:
    fit = [(kind, data) for kind, data in found if kind not in _ICONS and 0 < len(data) <= _LARGEST]
    fit.sort(key=lambda picture: picture[0] != _FRONT)
    pictures = list(dict.fromkeys(data for _, data in fit))[:_MOST]
    while sum(map(len, pictures)) > _MOST_BYTES:
        pictures.pop()
    return tuple(pictures)


def _of_id3(tags: Any) -> list[tuple[int, bytes]]:
    pictures = tags.getall("APIC") if hasattr(tags, "getall") else []
    return [(int(picture.type), picture.data) for picture in pictures]


def _of_comments(tags: Any) -> list[tuple[int, bytes]]:
    """Of Vorbis comments: pictures as FLAC has them, and the older ones that are nothing but coded bytes."""
    from mutagen.flac import Picture

    found = []
    for coded in _all(tags, "metadata_block_picture"):
        with suppress(Exception):  # one damaged picture is no reason to lose the others
            picture = Picture(base64.b64decode(coded))
            found.append((int(picture.type), picture.data))
    for coded in _all(tags, "coverart"):
        with suppress(binascii.Error, ValueError, TypeError):
            found.append((_FRONT, base64.b64decode(coded)))
    return found


def _of_asf(tags: Any) -> list[tuple[int, bytes]]:
    """WM/Picture: a byte for the kind, four for the length, two texts in UTF-16 that end in zeros, the picture."""
    found = []
    for attribute in _all(tags, "WM/Picture"):
        raw = bytes(getattr(attribute, "value", b""))
        at = 5
        for _ in range(2):
            while at + 1 < len(raw) and raw[at : at + 2] != b"\0\0":
                at += 2
            at += 2
        if len(raw) > at:
            found.append((raw[0], raw[at : at + int.from_bytes(raw[1:5], "little")]))
    return found


def _of_ape(tags: Any) -> list[tuple[int, bytes]]:
    found = []
    for key, kind in (("Cover Art (Front)", _FRONT), ("Cover Art (Other)", 0), ("Cover Art (Back)", 4)):
        for item in _all(tags, key):
            raw = item if isinstance(item, bytes) else getattr(item, "value", b"")
            if isinstance(raw, bytes):
                found.append((kind, raw.partition(b"\0")[2]))
    return found


def _all(tags: Any, key: str) -> list[Any]:
    if hasattr(tags, "getall"):
        return []
    try:
        value = tags[key]
    except (KeyError, ValueError, TypeError):
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
