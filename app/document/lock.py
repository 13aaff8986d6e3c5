"""One program at a time has a project open."""

from __future__ import annotations

import copy
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO

from app.document.errors import InUseError, UserError
from app.document.folder_check import check_folder
from app.document.leftovers import clear_leftovers
from app.document.store import ProjectFolder, read_document
from resources.files import NotRegularError, make_folders, open_regular

LOCK_NAME = ".lock"


_CANNOT_BE_WRITTEN = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.ENOENT, errno.ENOTDIR}


class ProjectLock:
    """Holds a project folder from being made until `release`; see `check_folder` for what is looked at first.

    The system keeps the lock, not the file: that of a program that was killed is free at once. Nothing is ever
    written into the file.

    Raises:
        InUseError: where another program, or another window of this one, has the project open.
        UserError: where it holds what a project must not hold.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK_NAME
        self._file: IO[bytes] | None = None
        self._is_over = False
        self._was_there = os.path.isdir(folder)
        self._files = check_folder(folder)
        file = _opened(self._path)
        if file is None:
            # a folder that cannot be written to needs no lock: nothing can be saved there
            return
        if not _take(file):
            file.close()
            raise InUseError(
                f"{_named(folder)} is open in another window already.", "Close it there first, or open another project."
            )
        self._file = file

    def clear_leftovers(self) -> None:
        """Clears away what programs that were killed left half-written: no one else writes there now.

        Only once the document has been read: until then the folder may be anybody's.
        """
        if self._file is not None:
            clear_leftovers(self._path.parent, self._files)

    @property
    def is_in_place(self) -> bool:
        """Whether the folder is as it was when it was taken: neither moved nor removed, or not made yet."""
        if self._file is None:
            return not self._is_over and (self._path.parent.is_dir() or not self._was_there)
        try:
            return os.path.samestat(os.fstat(self._file.fileno()), self._path.stat(follow_symlinks=False))
        except OSError:
            return False

    def handed_over(self, folder: Path) -> ProjectLock:
        """The same hold, of the folder by the name that it has now; this one holds nothing any more."""
        fresh = copy.copy(self)
        fresh._path = folder / LOCK_NAME
        self._file, self._is_over = None, True
        return fresh

    def found_again(self) -> Path | None:
        """Where the folder has gone, if the system tells and it is a folder still."""
        if self._file is None:
            return None
        path = _path_of(self._file)
        return path.parent if path is not None and path.is_file() else None

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


def folder_gone(folder: Path) -> str:
    """What to say of a project whose folder is no longer where it was opened, as a sentence."""
    return f"“{folder.stem}” was moved, renamed or removed while it was open."


@contextmanager
def new_or_held(folder: Path, *, is_fresh: bool = False) -> Iterator[ProjectLock]:
    """Holds a project folder, which is made where there is none; it goes again where no document came of that.

    Args:
        is_fresh: the folder is there, but was made for this, and goes too.

    Raises:
        UserError: as `ProjectLock`.
    """
    was_there = os.path.exists(folder) and not is_fresh
    with suppress(OSError):  # whoever writes the document says what is wrong
        make_folders(folder)
    try:
        with ProjectLock(folder) as lock:
            yield lock
    finally:
        if not was_there and not os.path.exists(ProjectFolder(folder).document):
            shutil.rmtree(folder, ignore_errors=True)


def _named(folder: Path) -> str:
    """A project as its window calls it, and its folder where that is called otherwise."""
    with suppress(UserError):
        name = read_document(folder).name
        if name and name != folder.stem:
            return f"“{name}” (“{folder.name}”)"
    return f"“{folder.stem}”"


def _opened(path: Path) -> IO[bytes] | None:
    """The lock's own file, never what a link leads to; None where none can be made."""
    try:
        return open_regular(path, "r+b", flags=os.O_CREAT)
    except NotRegularError:
        raise UserError(f"“{path}” is not a file.", "Remove it, and open the project again.") from None
    except OSError as error:
        if error.errno in _CANNOT_BE_WRITTEN:
            return None
        todo = "Remove it, and open the project again."
        raise UserError.from_os_error(f"“{path}” cannot be used", error, todo) from None


def _path_of(file: IO[bytes]) -> Path | None:
    """The path by which the system knows an open file now."""
    if sys.platform == "darwin":
        import fcntl

        with suppress(OSError):
            raw: bytes = fcntl.fcntl(file.fileno(), fcntl.F_GETPATH, bytes(1024))
            return Path(os.fsdecode(raw.rstrip(b"\0")))
    elif sys.platform != "win32":
        with suppress(OSError):
            return Path(os.readlink(f"/proc/self/fd/{file.fileno()}"))
    return None


def _take(file: IO[bytes]) -> bool:
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
