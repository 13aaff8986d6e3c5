"""Arrays in the cache: each file ends or begins with a checksum, and where anything in it is damaged it is not there.

Small arrays lie together in a file that is read whole. No archive is opened, so that it takes no more memory than it
takes on the disk. The sound of a clip is mapped instead, from a file of its own that is as numpy writes it.
"""

from __future__ import annotations

import hashlib
import math
import os
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from resources.files import make_folder, read_whole, replacing, write_whole
from samplernn.audio.media_fragment import file_of
from samplernn.audio.reading import not_there
from samplernn.memory_map import open_mapped

_MAGIC = b"deepcuts arrays 1\n"
_CHECKSUM_BYTES = 4
_STATE = "state of the file"
_LARGEST = 32 * 2**20
"""Bytes; what an hour of a song or a clip needs is far less."""


class _Kept(msgspec.Struct, array_like=True):
    kind: Literal["|u1", "<i2", "<f2", "<f4", "<f8"]
    shape: Annotated[tuple[Annotated[int, Meta(ge=0, le=_LARGEST)], ...], Meta(max_length=3)]
    data: bytes


def keep_arrays_of(sound: Path, cache_folder: Path, kind: str, arrays: Mapping[str, NDArray[Any]]) -> None:
    """As `keep_arrays`: what is known of a sound file, instead of what was known of it before.

    Args:
        sound: the file, or a stretch of one (see `samplernn.audio.media_fragment`).
        kind: what is kept, e.g. "peaks": one such set of arrays for each file.

    Raises:
        SoundError: where the file is gone.
    """
    keep_arrays(_place(sound, cache_folder, kind), {_STATE: _state_of(sound), **arrays})


def kept_arrays_of(sound: Path, cache_folder: Path, kind: str, *names: str) -> dict[str, NDArray[Any]] | None:
    """What `keep_arrays_of` kept; None as `kept_arrays` says, and where the file is not as it was then.

    Raises:
        SoundError: where the file is gone.
    """
    state = _state_of(sound)
    kept = kept_arrays(_place(sound, cache_folder, kind), _STATE, *names)
    return kept if kept is not None and np.array_equal(kept[_STATE], state) else None


def keep_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Writes arrays of the types that `_Kept` names, of at most three dimensions.

    A cache that cannot be written to is no fault.
    """
    kept = {
        name: _Kept(array.dtype.newbyteorder("<").str, array.shape, array.tobytes())  # type: ignore[arg-type]
        for name, array in arrays.items()
    }
    body = msgspec.msgpack.encode(kept)
    with suppress(OSError):
        make_folder(path.parent.parent)
        write_whole(path, _MAGIC + _checksum(body) + body)


def kept_arrays(path: Path, *names: str) -> dict[str, NDArray[Any]] | None:
    """What `keep_arrays` wrote, read-only; None where there is nothing, not all of these names, or any damage."""
    start = len(_MAGIC) + _CHECKSUM_BYTES
    try:
        raw = read_whole(path, _LARGEST)
        if raw[: len(_MAGIC)] != _MAGIC:
            return None
        if raw[len(_MAGIC) : start] != _checksum(raw[start:]):
            return None
        kept = msgspec.msgpack.decode(raw[start:], type=dict[str, _Kept])
    except (OSError, ValueError, msgspec.MsgspecError, RecursionError):
        return None
    if not kept.keys() >= set(names):
        return None
    if any(len(one.data) != math.prod(one.shape) * np.dtype(one.kind).itemsize for one in kept.values()):
        return None
    return {name: np.frombuffer(kept[name].data, kept[name].kind).reshape(kept[name].shape) for name in names}


def keep_mapped(path: Path, shape: tuple[int, ...], pieces: Iterable[NDArray[np.float32]]) -> None:
    """Writes a float32 array of this shape, which is given in pieces along its first axis.

    Raises:
        OSError: it cannot be written.
    """
    checksum = 0
    with replacing(path) as fresh, fresh.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": shape})
        for piece in pieces:
            file.write(piece.data)
            checksum = zlib.crc32(piece.data, checksum)
        file.write(checksum.to_bytes(_CHECKSUM_BYTES, "little"))


def kept_mapped(path: Path, shape: tuple[int, ...]) -> NDArray[np.float32] | None:
    """What `keep_mapped` wrote, read-only and mapped; None where there is nothing of this shape, or any damage."""
    try:
        array = open_mapped(path)
        with path.open("rb") as file:
            file.seek(-_CHECKSUM_BYTES, os.SEEK_END)
            checksum = file.read()
    except (OSError, ValueError):
        return None
    return array if array.dtype == np.float32 and array.shape == shape and checksum == _checksum(array.data) else None


def _place(sound: Path, cache_folder: Path, kind: str) -> Path:
    name = hashlib.sha256(str(sound.absolute()).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    return cache_folder / kind / f"{name}.{kind}"


def _state_of(sound: Path) -> NDArray[np.uint8]:
    """[32], another one whenever the file is."""
    try:
        stat = file_of(sound).stat()
    except OSError as error:
        raise not_there(sound, error, was_there=True) from error
    return np.frombuffer(hashlib.sha256(f"{stat.st_size} {stat.st_mtime_ns}".encode()).digest(), np.uint8)


def _checksum(data: bytes | memoryview) -> bytes:
    return zlib.crc32(data).to_bytes(_CHECKSUM_BYTES, "little")
