"""The file in a project's folder that opens it by a double click.

Windows and Linux give no program to a folder, whatever its name. So a small file lies in each project, of a kind that
is ours alone. Nothing in it is ever read: the folder it lies in is the project.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from resources.files import write_whole

HANDLE_SUFFIX = ".deepcuts-project"
HANDLE_NAME = f"Open in Deep Cuts{HANDLE_SUFFIX}"
_WORDS = "Open this file to open the Deep Cuts project in whose folder it lies. It holds nothing else.\n"


def write_handle(folder: Path) -> None:
    """Lays the file into a project where there is none; nothing is said where that cannot be."""
    handle = folder / HANDLE_NAME
    with suppress(OSError):
        if not handle.exists():
            write_whole(handle, _WORDS, make_parent=False)


def project_of(path: Path) -> Path:
    """The project that a path stands for: the folder around such a file, else what it names.

    A link to such a file, as one may lay onto the desktop, stands for the project of that file.
    """
    if path.suffix != HANDLE_SUFFIX:
        return path
    with suppress(OSError, ValueError, RuntimeError):  # a loop of links; a name that no file can have
        if path.is_symlink():
            return path.resolve().parent
    return path.parent
