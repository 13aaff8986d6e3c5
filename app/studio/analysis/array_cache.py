"""Arrays in the cache: small files that are read whole, and not at all where anything in them is damaged.

No archive is opened, so that a file takes no more memory than it takes on the disk.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from resources.files import make_folder, read_whole, write_whole

_MAGIC = b"deepcuts arrays 1\n"
_LARGEST = 32 * 2**20
"""Bytes; what an hour of a song or a clip needs is far less."""


class _Kept(msgspec.Struct, array_like=True):
    kind: Literal["<f2", "<f4", "<f8"]
    shape: Annotated[tuple[Annotated[int, Meta(ge=0, le=_LARGEST)], ...], Meta(max_length=3)]
    data: bytes


def keep_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Writes floating-point arrays of at most three dimensions; a cache that cannot be written to is no fault."""
    kept = {
        name: _Kept(array.dtype.newbyteorder("<").str, array.shape, array.tobytes())  # type: ignore[arg-type]
        for name, array in arrays.items()
    }
    body = msgspec.msgpack.encode(kept)
    with suppress(OSError):
        make_folder(path.parent.parent)
        write_whole(path, _MAGIC + zlib.crc32(body).to_bytes(4, "little") + body)


def kept_arrays(path: Path, *names: str) -> dict[str, NDArray[Any]] | None:
    """What `keep_arrays` wrote, read-only; None where there is nothing, not all of these names, or any damage."""
    start = len(_MAGIC) + 4
    try:
        raw = read_whole(path, _LARGEST)
        if raw[: len(_MAGIC)] != _MAGIC:
            return None
        if zlib.crc32(raw[start:]) != int.from_bytes(raw[len(_MAGIC) : start], "little"):
            return None
        kept = msgspec.msgpack.decode(raw[start:], type=dict[str, _Kept])
    except (OSError, ValueError, msgspec.MsgspecError, RecursionError):
        return None
    if not kept.keys() >= set(names):
        return None
    if any(len(one.data) != math.prod(one.shape) * np.dtype(one.kind).itemsize for one in kept.values()):
        return None
    return {name: np.frombuffer(kept[name].data, kept[name].kind).reshape(kept[name].shape) for name in names}
