"""What may lie in a project's folder: files and folders, so that nothing written or removed in it lies elsewhere."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from app.document.errors import UserError

_CLEAN_COPY = "Take it out of the folder, or ask the project's maker for a clean copy."


def check_folder(folder: Path) -> list[Path]:
    """Looks through the whole project before anything in it is opened; where there is no folder, all is well.

    A project that was made elsewhere may hold a link, through which we would write or remove what does not belong to
    it, or a pipe or a device, which would be waited for without end. The folder itself may be a link: whoever opens
    it chose it.

    Returns:
        The files in it, at any depth.

    Raises:
        UserError: something in it is neither a file nor a folder, or cannot be looked into.
    """
    files = []
    for path, entry in _entries(folder):
        kind = _kind(entry)
        if kind:
            raise UserError(f"“{shown(path.relative_to(folder))}” in the project is {kind}.", _CLEAN_COPY)
        if not _is_folder(entry):
            files.append(path)
    return files


def files_in(folder: Path) -> Iterator[Path]:
    """Every ordinary file under a folder; no link is followed.

    Raises:
        UserError: where a folder cannot be looked into.
    """
    return (path for path, entry in _entries(folder) if not _kind(entry) and not _is_folder(entry))


def shown(path: Path) -> str:
    """A path as it can be printed, whatever its bytes are."""
    return str(path).encode("utf-8", "replace").decode("utf-8")


def _entries(folder: Path) -> Iterator[tuple[Path, os.DirEntry[str]]]:
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(place) as entries:
                found = list(entries)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise UserError.from_os_error(f"“{shown(place)}” cannot be looked into", error) from None
        for entry in found:
            path = place / entry.name
            if _is_folder(entry):
                waiting.append(path)
            yield path, entry


def _is_folder(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False) and not _is_junction(entry)


def _kind(entry: os.DirEntry[str]) -> str:
    """What it is in words; "" for a file or a folder."""
    if entry.is_symlink() or _is_junction(entry):
        return "a link to another place"
    if entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False):
        return ""
    return "neither a file nor a folder"


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """What Windows has for links between folders; Python takes it for a folder."""
    tag = getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0) if os.name == "nt" else 0
    return tag == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)
