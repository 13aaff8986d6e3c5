"""Where a release is written before it takes its name: a hidden folder that no crash can pass off as an album."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.document.files import flush_folder

_PREFIX = ".deepcuts-unfinished-"
_HELD = ".held"


@contextmanager
def unfinished_release(out: Path) -> Iterator[Path]:
    """A fresh hidden folder in `out`, gone at the end unless it was renamed; clears away what dead exports left.

    The writer is known to be alive by a lock that the system takes from it when it dies, however it dies. The lock's
    file lies beside the folder, so that the folder can be renamed while it is held.
    """
    clear_unfinished(out)
    handle, name = tempfile.mkstemp(prefix=_PREFIX, suffix=_HELD, dir=out)
    held = Path(name)
    place = held.with_name(held.name.removesuffix(_HELD))
    try:
        with os.fdopen(handle, "wb") as lock:
            _lock(lock)
            try:
                place.mkdir()
                yield place
            finally:
                shutil.rmtree(place, ignore_errors=True)
    finally:
        held.unlink(missing_ok=True)


def clear_unfinished(out: Path) -> None:
    """Removes what exports into `out` left when they were killed."""
    for held in out.glob(_PREFIX + "*" + _HELD):
        if _is_dead(held):
            shutil.rmtree(held.with_name(held.name.removesuffix(_HELD)), ignore_errors=True)
            held.unlink(missing_ok=True)


def _is_dead(held: Path) -> bool:
    try:
        with held.open("r+b") as lock:
            _lock(lock)
    except OSError:
        return False
    return True


def _lock(file: IO[bytes]) -> None:
    """Raises OSError where another process holds the file."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


def flush_files(place: Path) -> None:
    """Makes sure that everything in the folder is on the disk."""
    for path in place.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    flush_folder(place)
