"""What a program that was killed left half-written in a project."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from app.document.unfinished import clear_unfinished, is_unfinished
from resources.files import is_part

_PART = ".part"
_ROOMS = {"album", "artwork", "cache", "clips", "dataset", "releases", "runs"}
_SCRATCH = ".scratch-"
"""How the folders are called that a dataset is prepared in."""


def is_leftover(path: Path) -> bool:
    """Whether a file in a project is half of something: written under a name that it did not keep."""
    hidden = (name for name in path.parts if name.startswith("."))
    return any(name.endswith((_PART, ".held")) or name.startswith(_SCRATCH) or is_unfinished(name) for name in hidden)


def clear_leftovers(folder: Path, files: Iterable[Path]) -> None:
    """Removes them, for whoever holds the project and has read its document; nothing is said where that cannot be.

    What is no project, and what lies in no folder of ours, is never looked at: the files there are somebody's.

    An export may be writing from another program, which needs no lock: what it holds stays, and a cached file that it
    loses is made again.

    Args:
        files: all that lie in it, as they were found when it was looked through.
    """
    with suppress(OSError):
        clear_unfinished(folder / "releases")
        clear_unfinished(folder.parent)  # copies of it
        for scratch in (folder / "dataset").glob(f"{_SCRATCH}*"):
            shutil.rmtree(scratch, ignore_errors=True)
        for path in files:
            inside = path.relative_to(folder).parts
            is_in_room = len(inside) == 1 or inside[0] in _ROOMS
            if is_in_room and is_part(path.name) and not any(map(is_unfinished, inside)):
                path.unlink(missing_ok=True)
