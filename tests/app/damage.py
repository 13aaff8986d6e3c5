"""Ways in which a file comes to harm."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

_ODD: tuple[Any, ...] = (
    None, True, 0, -1, 2**70, 10**400, 1e308, float("nan"), float("inf"), "", "x" * 5000, "\ud800", "a\0b", "/" * 5000,
    [], {}, [[]], [None] * 1000, {"a": {"b": 1}},
)  # fmt: skip


def damaged(whole: bytes, seed: int) -> bytes:
    """The file, cut off, overwritten, mixed up, emptied, replaced, or with odd values in it, as the seed says."""
    draw = random.Random(seed)
    ways: list[Callable[[bytes, random.Random], bytes]] = [
        _cut,
        _flipped,
        _flipped,
        _filled,
        _mixed,
        _nested,
        _odd,
        _odd,
    ]
    return draw.choice(ways)(whole, draw)


def _cut(whole: bytes, draw: random.Random) -> bytes:
    return whole[: draw.randrange(len(whole) or 1)]


def _flipped(whole: bytes, draw: random.Random) -> bytes:
    raw = bytearray(whole)
    for _ in range(draw.randrange(1, 9)):
        if raw:
            raw[draw.randrange(min(len(raw), draw.choice((64, 1024, len(raw)))))] = draw.randrange(256)
    return bytes(raw)


def _filled(whole: bytes, draw: random.Random) -> bytes:
    """As a disk leaves it after a power cut, or as another program writes over it."""
    begin = draw.randrange(len(whole) or 1)
    rest = bytes(len(whole) - begin) if draw.random() < 0.5 else draw.randbytes(len(whole) - begin)
    return whole[:begin] + rest


def _mixed(whole: bytes, draw: random.Random) -> bytes:
    place = draw.randrange(len(whole) or 1)
    return whole[:place] + draw.randbytes(draw.randrange(1, 40)) + whole[place:]


def _nested(whole: bytes, draw: random.Random) -> bytes:
    return draw.choice((b"[", b'{"a":', b"(", b"\x93NUMPY\x01\x00v\x00" + b"(" * 110 + b"\n")) * draw.randrange(
        1, 50_000
    )


def _odd(whole: bytes, draw: random.Random) -> bytes:
    """JSON with one value that is another; what is no JSON is cut off."""
    try:
        value = json.loads(whole.splitlines()[0] if whole.count(b"\n{") else whole)
    except ValueError:
        return _cut(whole, draw)
    place = value
    while isinstance(place, dict | list) and place:
        key = draw.choice(list(place)) if isinstance(place, dict) else draw.randrange(len(place))
        inner = place[key]
        if not isinstance(inner, dict | list) or draw.random() < 0.4:
            place[key] = draw.choice(_ODD)
            break
        place = inner
    return json.dumps(value).encode()
