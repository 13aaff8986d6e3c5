"""What a program that was killed left half-written in a project."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from app.document.unfinished import HELD, clear_unfinished, is_unfinished
from resources.files import is_part, remove_parts

_ROOMS = {"album", "artwork", "cache", "clips", "dataset", "releases", "runs", "taken-out"}
_SCRATCH = ".scratch-"
"""How the folders are called that a dataset is prepared in."""


def is_leftover(path: Path) -> bool:
    """Whether a file in a project is half of something: written under a name that it did not keep."""
    hidden = (name for name in path.parts if name.startswith("."))
    return any(
        is_part(name) or is_unfinished(name) or name.startswith(_SCRATCH) or name.endswith(HELD) for name in hidden
    )


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
    remove_parts(path for path in files if _is_ours(path.relative_to(folder).parts))


def _is_ours(inside: tuple[str, ...]) -> bool:
    """Whether a file that lies in the project under these names is in a folder of ours, and in no export."""
    return (len(inside) == 1 or inside[0] in _ROOMS) and not any(map(is_unfinished, inside))
