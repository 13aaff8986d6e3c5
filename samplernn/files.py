"""Writing files so that they are never half-written, and reading small ones back without trusting them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LARGEST_JSON = 8 * 2**20
"""Bytes; none of the small files that the program keeps its facts in is ever larger."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Gives a fresh path in the folder of `path` to write to; it takes the place of `path` once all went well.

    On an exception the fresh file is removed and `path` is left as it was. Who may read it is as for any new file of
    this user, whatever the library that writes it thinks of that.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        fresh.touch()
        mode = fresh.stat().st_mode
        fresh.unlink()
        yield fresh
        fresh.chmod(mode)
        with fresh.open("rb+") as file:
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def refuse_special(path: Path) -> None:
    """Raises ValueError for what is there but is no file: a pipe would be waited for, a device read without end."""
    if path.exists() and not path.is_file():
        raise ValueError(f"{path} is not a file")


def read_json(path: Path) -> Any:
    """What a small JSON file holds.

    Raises:
        OSError: where it cannot be read.
        ValueError: where it is no file or not JSON, or too large or too deep to be one of ours.
    """
    refuse_special(path)
    with path.open("rb") as file:
        raw = file.read(LARGEST_JSON + 1)
    if len(raw) > LARGEST_JSON:
        raise ValueError(f"{path} is too large")
    try:
        return json.loads(raw)
    except RecursionError:
        raise ValueError(f"{path} is too deep") from None
