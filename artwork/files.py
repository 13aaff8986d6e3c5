"""Writing files so that they are never half-written.

The functions of that are word for word the same in app.document, artwork, samplernn and titles, which must not know
each other; a test holds them to it.
"""

from __future__ import annotations

import errno
import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_OLD_SECONDS = 24 * 3600
_NO_FLUSHING = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}
"""What systems say that cannot flush a folder, some network disks among them."""


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
        with fresh.open("rb+") as file:
            os.fsync(file.fileno())
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
