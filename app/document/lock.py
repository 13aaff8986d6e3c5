"""One program at a time has a project open."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO

from app.document.errors import UserError
from app.document.store import ProjectFolder

_NAME = ".lock"


class ProjectLock:
    """Holds a project folder from being made until `release`.

    The system keeps the lock, not the file: that of a program that was killed is free at once. The file says who
    holds it, for whoever wonders.

    Raises:
        UserError: where another program, or another window of this one, has the project open.
    """

    def __init__(self, folder: Path) -> None:
        self._file: IO[str] | None = None
        try:
            file = (folder / _NAME).open("a+", encoding="utf-8")
        except OSError:
            # a folder that cannot be written to needs no lock: nothing can be saved there
            return
        if not _take(file):
            file.close()
            raise UserError(
                f"“{folder.stem}” is open in another window already.", "Close it there first, or open another project."
            )
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file

    def release(self) -> None:
        """Lets others open the project."""
        if self._file is None:
            return
        self._file.close()
        self._file = None

    def __enter__(self) -> ProjectLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


@contextmanager
def new_or_held(folder: Path) -> Iterator[None]:
    """Holds a project folder, which is made where there is none; it goes again where no document came of that.

    Raises:
        UserError: as `ProjectLock`.
    """
    was_there = folder.exists()
    with suppress(OSError):  # whoever writes the document says what is wrong
        folder.mkdir(parents=True, exist_ok=True)
    try:
        with ProjectLock(folder):
            yield
    finally:
        if not was_there and not ProjectFolder(folder).document.exists():
            shutil.rmtree(folder, ignore_errors=True)


def _take(file: IO[str]) -> bool:
    """Locks the open file; False where someone else has. Where there are no locks (some network disks), it is taken."""
    if sys.platform == "win32":
        import msvcrt

        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
