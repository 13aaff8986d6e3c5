"""Writing files so that they are never half-written, and reading what strangers made without trusting it.

For every part of the house; only the standard library is needed.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

LARGEST_JSON = 8 * 2**20
"""Bytes; none of the small files that the program keeps its facts in is ever larger."""
_OLD_SECONDS = 24 * 3600
_NO_FLUSHING = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}
"""What systems say that cannot flush a folder, some network disks among them."""
_NEVER_HOLLOW = 16 * 2**20
"""Bytes; what is smaller does no harm whatever it holds."""
_LEAST_THERE = 0.1
"""Share of a large file that has to be on the disk."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Gives a fresh path in the folder of `path` to write to; it takes the place of `path` once all went well.

    On an exception the fresh file is removed and `path` is left as it was. Nobody can guess the fresh name, so that no
    link lies in wait there; where `path` is a link, it is the link that is replaced. When this returns, the file and
    its name are on the disk. Who may read it is as for any new file of this user, whatever the library that writes it
    thinks of that. The folder of `path` is made where it is missing; the one around that must be there.
    """
    make_folder(path.parent)
    fresh = path.with_name(f".{path.name[:50]}.{secrets.token_hex(8)}.part")
    try:
        fresh.touch(exist_ok=False)
        mode = fresh.stat().st_mode
        fresh.unlink()
        yield fresh
        fresh.chmod(mode)
        flush_file(fresh)
        fresh.replace(path)
        flush_folder(path.parent)
    finally:
        with suppress(OSError):
            fresh.unlink()


def make_folder(path: Path) -> None:
    """Makes the folder where it is missing, in one that must be there; it is on the disk when this returns.

    What is written into a project makes no more than this, so that a project that was moved or removed while it was
    open is not begun anew where it was.
    """
    if not path.is_dir():
        path.mkdir(exist_ok=True)
        flush_folder(path.parent)


def make_folders(path: Path) -> None:
    """As `make_folder`, and all those above it."""
    for folder in reversed((path, *path.parents)):
        make_folder(folder)


def flush_file(path: Path) -> None:
    """Puts what is in a file on the disk, also where this user may only read it (Windows flushes for writers only)."""
    with path.open("rb+" if sys.platform == "win32" else "rb") as file:
        os.fsync(file.fileno())


def flush_folder(path: Path) -> None:
    """Puts the names in a folder on the disk: without it, a power cut takes a file that was just renamed back."""
    if sys.platform == "win32":  # opens no folders, and keeps names in a journal
        return
    try:
        handle = os.open(path, os.O_RDONLY)
    except PermissionError:  # one may write there, and not look
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FLUSHING:
            raise
    finally:
        os.close(handle)


def clear_parts(folder: Path) -> None:
    """Removes what those who were killed while they wrote have left; what is younger may still be written.

    For folders of which no one knows who else writes there.
    """
    with suppress(OSError):
        for left in folder.glob(".*.part"):
            if time.time() - left.stat(follow_symlinks=False).st_mtime > _OLD_SECONDS:
                left.unlink(missing_ok=True)


@contextmanager
def appending(path: Path) -> Iterator[IO[str]]:
    """Opens a text file to add to its end, made where there is none; all is on the disk at the end.

    It is never another file that is written to: a link is not followed, and a file that has a second name elsewhere
    is copied first.

    Raises:
        OSError: where it cannot be written to, or is a link.
    """
    is_new = not path.exists()
    if not is_new and path.stat(follow_symlinks=False).st_nlink > 1:
        with replacing(path) as fresh:
            shutil.copyfile(path, fresh, follow_symlinks=False)
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags, 0o666), "a", encoding="utf-8") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        flush_folder(path.parent)


def open_regular(path: Path) -> IO[bytes]:
    """Opens a file for reading that somebody else has made: a pipe is not waited for, a device not read without end.

    Raises:
        OSError: where it is not there, may not be opened, or is no file.
    """
    file = open(path, "rb", opener=lambda name, flags: os.open(name, flags | getattr(os, "O_NONBLOCK", 0)))  # noqa: SIM115
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(0, "it is no file, but a pipe or a device")
    return file


def is_there(path: Path) -> bool:
    """Whether there is a file of a name that somebody else has chosen; what is too long for a name is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def refuse_special(path: Path) -> None:
    """Raises ValueError for what is there but is no file: a pipe would be waited for, a device read without end."""
    if path.exists() and not path.is_file():
        raise ValueError(f"{path} is not a file")


def refuse_hollow(path: Path) -> None:
    """Raises ValueError for a large file that is nearly all holes: little on the disk, a giant in memory."""
    size = path.stat().st_size
    if size < _NEVER_HOLLOW or not hasattr(os, "SEEK_DATA"):
        return
    with path.open("rb") as file:
        if _bytes_there(file.fileno(), enough=size * _LEAST_THERE) < size * _LEAST_THERE:
            raise ValueError(f"{path} is hollow")


def _bytes_there(file: int, enough: float) -> float:
    """How many bytes of a file are on the disk, counted until they are enough; infinity where no one knows."""
    there = place = 0
    while there < enough:
        try:
            begin = os.lseek(file, place, os.SEEK_DATA)
            place = os.lseek(file, begin, os.SEEK_HOLE)
        except OSError as error:
            return there if error.errno == errno.ENXIO else float("inf")  # there is no more; or no such question here
        there += place - begin
    return there


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
