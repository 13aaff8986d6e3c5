"""Writing files so that they are never half-written, and reading what strangers made without trusting it.

For every part of the house; only the standard library is needed.
"""

from __future__ import annotations

import errno
import json
import os
import re
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Literal

LARGEST_JSON = 8 * 2**20
"""Bytes; none of the small files that the program keeps its facts in is ever larger."""
_DAY = 24 * 3600.0
_PART = re.compile(r"\..+\.[0-9a-f]+\.part")
"""What `replacing` calls a file until it is whole."""
_NO_FLUSHING = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}
"""What systems say that cannot flush a folder, some network disks among them."""
_NEVER_HOLLOW = 16 * 2**20
"""Bytes; what is smaller does no harm whatever it holds."""
_LEAST_THERE = 0.1
"""Share of a large file that has to be on the disk."""


@contextmanager
def replacing(path: Path, *, make_parent: bool = True) -> Iterator[Path]:
    """Gives a fresh path in the folder of `path` to write to; it takes the place of `path` once all went well.

    On an exception the fresh file is removed and `path` is left as it was. Nobody can guess the fresh name, so that no
    link lies in wait there; where `path` is a link, it is the link that is replaced. When this returns, the file and
    its name are on the disk. Who may read it is as for any new file of this user, whatever the library that writes it
    thinks of that. The folder of `path` is made where it is missing, unless `make_parent` is False; the one around that
    must be there.
    """
    if make_parent:
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


def write_whole(path: Path, content: bytes | str, *, make_parent: bool = True) -> None:
    """Writes a file by `replacing`: it is never half-written. Text is written as UTF-8 with "\\n" between its lines.

    Raises:
        OSError: it cannot be written; what was there before still is.
    """
    with replacing(path, make_parent=make_parent) as fresh:
        fresh.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


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


def is_part(name: str) -> bool:
    """Whether `replacing` gives such names; others have files that end in .part, too."""
    return _PART.fullmatch(name) is not None


def clear_parts(folder: Path, *, least_age: float = _DAY) -> None:
    """Removes the files in `folder` that `replacing` left there when the program was killed.

    Args:
        folder: where to look, and no deeper; it need not be there.
        least_age: in seconds. What is younger may still be written by another program; 0 where none can be.
    """
    remove_parts(folder.glob(".*.part"), least_age=least_age)


def remove_parts(paths: Iterable[Path], *, least_age: float = 0.0) -> None:
    """Removes those of the files that `replacing` left when the program was killed; nothing is said where that fails.

    Args:
        least_age: as for `clear_parts`.
    """
    with suppress(OSError):
        for left in paths:
            if is_part(left.name) and time.time() - left.stat(follow_symlinks=False).st_mtime >= least_age:
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


class NotRegularError(OSError):
    """What is there is no regular file, but a folder, a pipe or a device."""


def open_regular(path: Path, mode: Literal["rb", "r+b"] = "rb", *, flags: int = 0) -> IO[bytes]:
    """Opens a file that somebody else may have made: a pipe is not waited for, a device not read without end.

    It is looked at after it was opened, so that nothing can be put in its place in between.

    Args:
        path: the file.
        mode: "r+b" also writes to it, and never follows a link.
        flags: more of those that `os.open` takes.

    Raises:
        NotRegularError: it is no regular file.
        OSError: it is not there, or may not be opened.
    """
    flags |= getattr(os, "O_NONBLOCK", 0) | (getattr(os, "O_NOFOLLOW", 0) if mode == "r+b" else 0)
    return open(path, mode, opener=lambda name, more: _open_regular(name, flags | more))


def _open_regular(name: str, flags: int) -> int:
    """A descriptor of a regular file."""
    handle = os.open(name, flags, 0o666)
    found = os.fstat(handle).st_mode
    if stat.S_ISREG(found):
        return handle
    os.close(handle)
    if stat.S_ISDIR(found):
        raise NotRegularError(errno.EISDIR, os.strerror(errno.EISDIR), name)
    raise NotRegularError(0, "it is no file, but a pipe or a device")


def read_whole(path: Path, most: int) -> bytes:
    """All bytes of a file that is never larger than `most` bytes.

    Raises:
        OSError: it cannot be read.
        ValueError: it is larger, or no regular file.
    """
    try:
        with open_regular(path) as file:
            raw = file.read(most + 1)
    except NotRegularError as fault:
        raise ValueError(f"{path} is not a file") from fault
    if len(raw) > most:
        raise ValueError(f"{path} is too large")
    return raw


def is_there(path: Path) -> bool:
    """Whether there is a file of a name that somebody else has chosen; what is too long for a name is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def refuse_hollow(file: IO[bytes]) -> None:
    """Raises ValueError for a large open file that is nearly all holes: little on the disk, a giant in memory."""
    size = os.fstat(file.fileno()).st_size
    if size < _NEVER_HOLLOW or not hasattr(os, "SEEK_DATA"):
        return
    if _bytes_there(file.fileno(), enough=size * _LEAST_THERE) < size * _LEAST_THERE:
        raise ValueError(f"{file.name} is hollow")


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
    raw = read_whole(path, LARGEST_JSON)
    try:
        return json.loads(raw)
    except RecursionError:
        raise ValueError(f"{path} is too deep") from None
