"""Ways to damage a file: what disks, downloads and strangers do to bytes, and hostile values in JSON."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

_HOSTILE: tuple[Any, ...] = (
    None, True, -1, 0, 1, 2**31, 2**62, 2**64, -(2**63), 10**400,
    0.5, -5, 1e5, 7000.0, 1e308, float("inf"), float("nan"),
    "", "x", "\ud800", "a\nb", "a\u2028b", "../../outside", "/etc/passwd", "C:\\x", "x" * 100_000,
    [], {}, [[]], [None] * 1000, {"a": {"b": {}}},
)  # fmt: skip


def damaged(data: bytes, dice: random.Random) -> bytes:
    """The bytes with one to four things done to them."""
    for _ in range(dice.randint(1, 4)):
        data = dice.choice(_WAYS)(data, dice)
    return data


def damaged_json(data: bytes, dice: random.Random) -> bytes:
    """JSON with hostile values put in, or its bytes damaged."""
    if dice.random() < 0.2:
        return damaged(data, dice)
    value = json.loads(data)
    for _ in range(dice.randint(1, 3)):
        value = _spoilt(value, dice)
    text = json.dumps(value)
    if dice.random() < 0.05:
        text = '{"a":' * 5000 + text + "}" * 5000
    return text.encode()


def _spoilt(value: Any, dice: random.Random) -> Any:
    if isinstance(value, dict) and value and dice.random() < 0.9:
        key = dice.choice(list(value))
        if dice.random() < 0.1:
            return {name: item for name, item in value.items() if name != key}
        return {**value, key: _spoilt(value[key], dice)}
    if isinstance(value, list) and value and dice.random() < 0.9:
        at = dice.randrange(len(value))
        if dice.random() < 0.1:
            return [*value, value[at]]
        return [*value[:at], _spoilt(value[at], dice), *value[at + 1 :]]
    return dice.choice(_HOSTILE)


def _flip(data: bytes, dice: random.Random) -> bytes:
    if not data:
        return data
    changed = bytearray(data)
    reach = len(changed) if dice.random() < 0.5 else min(len(changed), 256)
    for _ in range(dice.randint(1, 20)):
        changed[dice.randrange(reach)] ^= 1 << dice.randrange(8)
    return bytes(changed)


def _cut(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randint(0, len(data))]


def _behead(data: bytes, dice: random.Random) -> bytes:
    return data[dice.randint(0, min(len(data), 4096)) :]


def _zero(data: bytes, dice: random.Random) -> bytes:
    start = dice.randint(0, len(data))
    length = min(dice.randint(1, 4096), len(data) - start)
    return data[:start] + bytes(length) + data[start + length :]


def _insert(data: bytes, dice: random.Random) -> bytes:
    at = dice.randint(0, len(data))
    return data[:at] + dice.randbytes(dice.randint(1, 4096)) + data[at:]


def _repeat(data: bytes, dice: random.Random) -> bytes:
    start = dice.randint(0, len(data))
    return data[:start] + data[start : start + dice.randint(1, 4096)] * 2 + data[start:]


def _giant(data: bytes, dice: random.Random) -> bytes:
    """Four bytes near the beginning, where sizes stand, become the largest there is."""
    at = dice.randint(0, min(len(data), 512))
    return data[:at] + dice.choice([b"\xff" * 4, b"\x7f" + b"\xff" * 3, b"\xff" * 3 + b"\x7f"]) + data[at + 4 :]


_WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (_flip, _cut, _behead, _zero, _insert, _repeat, _giant)
