"""The index of a dataset, dataset.json: where each track lies in the sound file, and what the dataset was made from."""

from __future__ import annotations

from pathlib import Path

import msgspec

from resources.files import read_whole, write_whole
from samplernn.data.report import DatasetReport

INDEX = "dataset.json"
VERSION = 1
_LARGEST_INDEX = 64 * 2**20
"""Bytes; a larger file is damaged."""


class DatasetIndex(msgspec.Struct, frozen=True, kw_only=True):
    """What dataset.json holds."""

    version: int
    key: str
    """Changes whenever a track, or how it is prepared, changes."""
    sound: str
    """Name of the file with the samples."""
    samples: int
    gain: float
    """What the recordings were multiplied by."""
    spans: tuple[tuple[int, int], ...]
    """First sample of each track and the one after its last."""
    report: DatasetReport
    prints: tuple[str, ...] = ()
    """A fingerprint of the content of each track; older datasets know only where the tracks lay."""
    remove_silence: bool = True


def read_index(folder: Path) -> DatasetIndex:
    """The index of the dataset in `folder`.

    Raises:
        OSError: it cannot be read.
        ValueError, RecursionError, msgspec.MsgspecError: it is damaged.
    """
    index = msgspec.json.decode(read_whole(folder / INDEX, _LARGEST_INDEX), type=DatasetIndex)
    if index.version != VERSION or Path(index.sound).name != index.sound:
        raise ValueError("the index of another version, or with a path for a name")
    return index


def write_index(folder: Path, index: DatasetIndex) -> None:
    """Replaces the index of the dataset in `folder`; raises OSError where that cannot be."""
    write_whole(folder / INDEX, msgspec.json.encode(index))
