"""What a sound file or a checkpoint holds, without loading it."""

from __future__ import annotations

import json
import math
import os
import struct
from pathlib import Path
from typing import Any

from resources.files import open_regular, read_json
from resources.progress import Cancelled, never
from resources.refusals import not_found
from samplernn.audio.reading import open_sound
from samplernn.checkpoint_paths import WEIGHTS_SUFFIX
from samplernn.errors import SoundError

_LARGEST_HEADER = 16 * 2**20
_LENGTH = struct.Struct("<Q")


def describe(path: Path, cancelled: Cancelled = never) -> dict[str, Any]:
    """What is in a sound file or a checkpoint, ready to be printed or written as JSON.

    A sound file is decoded from start to end, so that its length is true: kind "sound", file, format, rate, channels,
    seconds, peak, rms_db (None for silence), notes. Of a checkpoint (.safetensors) only the header is read: kind
    "checkpoint", file, tensors, parameters, megabytes. To both comes whatever plain values the JSON file beside it
    holds: epoch, seed and the like.

    Raises:
        SoundError: where it is neither, or damaged.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    described = _checkpoint(path) if path.suffix == WEIGHTS_SUFFIX else _sound(path, cancelled)
    return {"kind": described.pop("kind"), "file": path.name, **_beside(path), **described}


def _sound(path: Path, cancelled: Cancelled) -> dict[str, Any]:
    with open_sound(path) as stream:
        frames, peak, squares, samples = 0, 0.0, 0.0, 0
        for block in stream.blocks(cancelled):
            frames += len(block)
            samples += block.size
            peak = max(peak, float(abs(block).max()))
            squares += float((block.astype("float64") ** 2).sum())
        info = stream.info
        return {
            "kind": "sound",
            "format": info.format,
            "rate": info.rate,
            "channels": info.channels,
            "seconds": round(frames / info.rate, 3),
            "peak": round(peak, 6),
            "rms_db": round(10 * math.log10(squares / samples), 2) if squares else None,
            "notes": list(stream.notes),
        }


def _checkpoint(path: Path) -> dict[str, Any]:
    tensors = _tensors(path)
    return {
        "kind": "checkpoint",
        "tensors": len(tensors),
        "parameters": sum(math.prod(shape) for shape in tensors.values()),
        "megabytes": round(path.stat().st_size / 1e6, 1),
    }


def _tensors(path: Path) -> dict[str, tuple[int, ...]]:
    """The shapes of all tensors, by name, from the header alone; its layout is that of the safetensors format, 0.4."""
    damaged = SoundError(f"“{path.name}” is not a whole checkpoint.", "Use another checkpoint, or an earlier epoch.")
    try:
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
            start = file.read(_LENGTH.size)
            if len(start) < _LENGTH.size:
                raise damaged
            (length,) = _LENGTH.unpack(start)
            if length > min(_LARGEST_HEADER, size - _LENGTH.size):
                raise damaged
            header = json.loads(file.read(length))
        header.pop("__metadata__", None)
        end = max((int(tensor["data_offsets"][1]) for tensor in header.values()), default=0)
        shapes = {str(name): tuple(int(side) for side in tensor["shape"]) for name, tensor in header.items()}
    except FileNotFoundError:
        raise SoundError(*not_found(path.name)) from None
    except PermissionError as error:
        raise SoundError.from_os_error(f"“{path.name}” cannot be opened", error) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise damaged from error
    if end + length + _LENGTH.size != size or any(side < 0 for shape in shapes.values() for side in shape):
        raise damaged
    return shapes


def _beside(path: Path) -> dict[str, Any]:
    """The plain values of the JSON file of the same name; none where there is no such file or it is damaged."""
    try:
        metadata = read_json(path.with_suffix(".json"))
    except (OSError, ValueError):
        return {}
    if not isinstance(metadata, dict):
        return {}
    return {name: value for name, value in metadata.items() if isinstance(value, str | int | float | None)}
