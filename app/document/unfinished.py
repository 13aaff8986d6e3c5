"""Where a folder is written before it takes its name: hidden, so that no crash can pass it off as a whole one."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from app.document.folder_check import files_in
from resources.files import flush_file, flush_folder, open_regular

_PREFIX = ".deepcuts-unfinished-"
HELD = ".held"
"""How the file ends that someone holds while what is named like it is being made: a folder, or a clip."""
_TAKEN = {errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR, errno.EISDIR}


@contextmanager
def unfinished_folder(out: Path) -> Iterator[Path]:
    """A fresh hidden folder in `out`, gone at the end unless it was renamed; clears away what the dead have left.

    The writer is known to be alive by a lock that the system takes from it when it dies, however it dies. The lock's
    file lies beside the folder, so that the folder can be renamed while it is held.
    """
    clear_unfinished(out)
    held, lock = _claim(out)
    place = _folder_of(held)
    try:
        place.mkdir()
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        _let_go(held, lock)


def is_unfinished(name: str) -> bool:
    """Whether a folder of this name is one that is being written, or was."""
    return name.startswith(_PREFIX)


def clear_unfinished(out: Path) -> None:
    """Removes what those who wrote into `out` left when they were killed."""
    for held in out.glob(_PREFIX + "*" + HELD):
        lock = _taken(held)
        if lock is not None:
            shutil.rmtree(_folder_of(held), ignore_errors=True)
            _let_go(held, lock)


def move_to_free(place: Path, free: Callable[[], Path]) -> Path:
    """Renames a folder to the first name that `free` gives, asking again where someone else has just taken it.

    Returns:
        Its new path, which is on the disk.
    """
    while True:
        name = free()
        try:
            # a folder that is empty would be replaced without a word
            if not os.path.lexists(name):
                place.rename(name)
                flush_folder(name.parent)
                return name
        except OSError as error:
            if error.errno not in _TAKEN:
                raise


def flush_files(place: Path) -> None:
    """Makes sure that everything in the folder, at any depth, is on the disk."""
    folders = {place}
    for path in files_in(place):
        folders.update(folder for folder in path.parents if folder.is_relative_to(place))
        flush_file(path)
    for folder in folders:
        flush_folder(folder)


def _claim(out: Path) -> tuple[Path, IO[bytes]]:
    """A file of a name of its own that is locked. Whoever clears away may have taken it before the lock was: again."""
    while True:
        held = out / f"{_PREFIX}{secrets.token_hex(8)}{HELD}"
        held.touch(exist_ok=False)
        lock = _taken(held)
        if lock is not None:
            return held, lock


def _folder_of(held: Path) -> Path:
    return held.with_name(held.name.removesuffix(HELD))


def _taken(held: Path) -> IO[bytes] | None:
    """The open file of that name, locked; None where someone else has it, or it is gone, or is no file of ours."""
    try:
        file = open_regular(held, "r+b")
    except OSError:
        return None
    try:
        _lock(file)
        if os.path.samestat(os.fstat(file.fileno()), held.stat(follow_symlinks=False)):
            return file
    except OSError:
        pass
    file.close()
    return None


def _let_go(held: Path, lock: IO[bytes]) -> None:
    """Removes the file of a lock and unlocks it.

    Windows removes no file that is open. Elsewhere it goes while it is locked: whoever gets the lock then sees that the
    name is no longer that file's.
    """
    if sys.platform == "win32":
        lock.close()
    with suppress(OSError):
        held.unlink()
    lock.close()


def _lock(file: IO[bytes]) -> None:
    """Raises OSError where another process holds the file."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
