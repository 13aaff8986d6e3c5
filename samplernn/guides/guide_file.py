"""The file of a guide, kept beside a clip: what goes on from the clip goes on along the same guide.

The first line is JSON: what is known of the guide, and how many frames there are. Then follow strokes and notes as
16-bit whole numbers, halves of a dB (and of a Hz), each less the one of the frame before, compressed by zlib. Nothing
in it can be run, and no file makes more than `_MOST_SECONDS` of a guide.
"""

from __future__ import annotations

import json
import math
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resources.files import read_whole, write_whole
from samplernn.errors import SoundError
from samplernn.guides import notes, strokes
from samplernn.guides.framing import Floats
from samplernn.guides.guide import Guide

_FORMAT = 1
_STEPS = np.float32(2.0)
"""To a dB and to a Hz."""
_FURTHEST = 2**15 - 1
_MOST_SECONDS = 2 * 3600.0
_LARGEST = 64 * 2**20
"""Bytes: a guide of an hour takes about half of that."""
_LARGEST_HEADER = 1 << 16
_MOST_LETTERS = 2_000
_TEXTS = ("name", "manner")


def write_guide(path: Path, guide: Guide) -> None:
    """Writes what the guide is a stretch of, and where it begins in that.

    Raises:
        OSError: it cannot be written; what was there before still is.
    """
    whole = guide.whole or guide
    header = {
        "guide": _FORMAT,
        "name": guide.name[:_MOST_LETTERS],
        "follow": guide.follow,
        **({} if whole.bpm is None else {"bpm": whole.bpm, "first_bar": whole.first_bar}),
        **({} if guide.has_strokes else {"has_strokes": False}),
        **({"manner": guide.manner[:_MOST_LETTERS]} if guide.manner else {}),
        "begin": guide.begin,
        "per_second": [strokes.PER_SECOND, notes.PER_SECOND],
        "frames": [len(whole.strokes), 0 if whole.notes is None else len(whole.notes)],
    }
    arrays = [whole.strokes, *([] if whole.notes is None else [whole.notes])]
    packed = zlib.compress(b"".join(map(_whole_numbers, arrays)))
    write_whole(path, json.dumps(header, ensure_ascii=True).encode() + b"\n" + packed)


def read_guide(path: Path) -> Guide:
    """The whole guide of a file; `begin` is where the clip beside it begins in that.

    Raises:
        SoundError: there is none, it cannot be read, or it is damaged.
    """
    try:
        raw = read_whole(path, _LARGEST)
    except ValueError:
        raise _damaged(path) from None
    except OSError as error:
        raise SoundError.from_os_error(f"The guide “{path.name}” cannot be read", error) from error
    try:
        return _decoded(raw, path.stem)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError, zlib.error, SoundError):
        raise _damaged(path) from None


def _damaged(path: Path) -> SoundError:
    return SoundError(f"“{path.name}” is no guide, or a damaged one.", "Choose another one.")


def _decoded(raw: bytes, stem: str) -> Guide:
    end = raw.index(b"\n", 0, _LARGEST_HEADER)
    header = json.loads(raw[:end])
    if header["guide"] != _FORMAT or header["per_second"] != [strokes.PER_SECOND, notes.PER_SECOND]:
        raise ValueError("another kind of guide")
    texts = {key: header.get(key, "") for key in _TEXTS}
    if any(type(text) is not str or len(text) > _MOST_LETTERS for text in texts.values()):
        raise ValueError("no words")
    counts = [_count(each, rate) for each, rate in zip(header["frames"], header["per_second"], strict=True)]
    shapes = [(counts[0], strokes.BANDS), (counts[1], notes.SEMITONES, 3)]
    sizes = [2 * math.prod(shape) for shape in shapes]
    unpacking = zlib.decompressobj()
    unpacked = unpacking.decompress(raw[end + 1 :], sum(sizes) + 1)
    if len(unpacked) != sum(sizes):
        raise ValueError("more or less than it says")
    levels = _floats(unpacked[: sizes[0]], shapes[0])
    sung = _floats(unpacked[sizes[0] :], shapes[1]) if counts[1] else None
    guide = Guide(
        levels,
        texts["name"] or stem,
        sung,
        _number(header["follow"], 0.0, 1.0),
        None if header.get("bpm") is None else _number(header["bpm"], 1.0, 1_000.0),
        _number(header.get("first_bar", 0.0), 0.0, _MOST_SECONDS),
        has_strokes=header.get("has_strokes", True) is True,
        manner=texts["manner"],
    )
    return replace(guide, begin=_number(header["begin"], 0.0, _MOST_SECONDS))


def _count(value: Any, per_second: float) -> int:
    if type(value) is not int or not 0 <= value <= _MOST_SECONDS * per_second:
        raise ValueError("no number of frames")
    return value


def _number(value: Any, least: float, most: float) -> float:
    """What is no number is none of these either."""
    if type(value) not in (int, float) or not least <= value <= most:
        raise ValueError("out of range")
    return float(value)


def _whole_numbers(values: Floats) -> bytes:
    steps = np.clip(np.rint(values * _STEPS), -_FURTHEST, _FURTHEST).astype(np.int16)
    moves: NDArray[np.int16] = np.diff(steps, axis=0, prepend=np.zeros_like(steps[:1]))
    return moves.astype("<i2").tobytes()


def _floats(raw: bytes, shape: tuple[int, ...]) -> Floats:
    moves = np.frombuffer(raw, "<i2").reshape(shape)
    values: Floats = np.cumsum(moves, axis=0, dtype=np.int16).astype(np.float32) / _STEPS
    return values
