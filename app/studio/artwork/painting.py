"""The old cover with its old lettering painted out.

A box after the other is marked, and each time there is another picture: those lie in the cache, a few at a time. One
that covers are made of is kept with them, as they name it.
"""

from __future__ import annotations

import shutil
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.document.model import Project
from app.document.store import ProjectFolder
from artwork.errors import PictureError
from artwork.output import save_cover
from artwork.painting_out import Box, paint_out
from artwork.pictures import LARGEST_FILE, open_picture
from resources.files import is_there, read_whole, replacing
from resources.progress import Cancelled, Report, never, no_report

_LARGEST_SIDE, _SEEN_SIDE = 3000, 1400
_MOST_CACHED = 3
"""Pictures of some megabytes each; those of the last boxes, to which an undo goes back."""


def old_cover(project: Project, folder: Path) -> Path | None:
    """The file of the old cover: with the lettering painted out, where that has been done; None without a cover.

    Whether it can be read, whoever opens it will see.
    """
    if not project.album.cover:
        return None
    try:
        painted = _kept_and_cached(project, folder)
    except PictureError:
        painted = None, None
    return next((path for path in painted if path is not None and is_there(path)), folder / project.album.cover)


def paint_old_cover(
    project: Project, folder: Path, report: Report = no_report, cancelled: Cancelled = never, *, keep: bool = False
) -> Path | None:
    """The same, painting first where it has not been done yet.

    Args:
        keep: whether covers are made of it, so that it has to stay.

    Raises:
        PictureError: where the cover cannot be read, or too little of it would be left.
        CancelledError: soon after `cancelled()`.
    """
    kept, cached = _kept_and_cached(project, folder)
    if kept is None or cached is None or is_there(kept):
        return old_cover(project, folder)
    wanted = kept if keep else cached
    if not is_there(cached):
        picture = open_picture(folder / project.album.cover, _LARGEST_SIDE)
        save_cover(paint_out(picture, _boxes(project), report=report, cancelled=cancelled), wanted, size=None)
        _clear_cache(cached)
    elif keep:
        with replacing(kept) as fresh:
            shutil.copyfile(cached, fresh)
    return wanted


def _clear_cache(cached: Path) -> None:
    """Leaves the pictures that were painted last."""
    with suppress(OSError):
        painted = sorted(cached.parent.glob("painted-*.png"), key=lambda path: path.stat().st_mtime_ns)
        for old in painted[:-_MOST_CACHED]:
            old.unlink()


def painted_pixels(
    project: Project, folder: Path, report: Report = no_report, cancelled: Cancelled = never
) -> NDArray[np.uint8]:
    """RGB bytes [height, width, 3] of the old cover, painted, no larger than it is looked at; otherwise the same."""
    file = paint_old_cover(project, folder, report, cancelled)
    if file is None:
        raise PictureError("There is no old cover.", "Drop one onto the album.")
    return np.array(open_picture(file, _SEEN_SIDE))


def _boxes(project: Project) -> list[Box]:
    return [(box.left, box.top, box.width, box.height) for box in project.album.painted_out]


def _kept_and_cached(project: Project, folder: Path) -> tuple[Path, Path] | tuple[None, None]:
    """Where the painted cover may lie, named by what it is made of; None where nothing is painted out."""
    if not project.album.cover or not project.album.painted_out:
        return None, None
    file = folder / project.album.cover
    try:
        made_of = zlib.crc32(repr(_boxes(project)).encode(), zlib.crc32(read_whole(file, LARGEST_FILE)))
    except (OSError, ValueError):
        raise PictureError(f"“{file.name}” cannot be read.", "Choose another cover.") from None
    name = f"painted-{made_of:08x}.png"
    return ProjectFolder(folder).artwork / name, ProjectFolder(folder).cache / name
