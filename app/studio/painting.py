"""The old cover with its old lettering painted out."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.document.model import Project
from app.document.store import ProjectFolder
from artwork.errors import PictureError
from artwork.output import save_cover
from artwork.painting_out import Box, paint_out
from artwork.pictures import LARGEST_FILE, open_picture
from samplernn.progress import Cancelled, Report, never, no_report

_LARGEST_SIDE, _SEEN_SIDE = 3000, 1400


def old_cover(project: Project, folder: Path) -> Path | None:
    """The file of the old cover: with the lettering painted out, where that has been done; None without a cover."""
    if not project.album.cover:
        return None
    painted = _painted_file(project, folder)
    return painted if painted is not None and painted.is_file() else folder / project.album.cover


def paint_old_cover(
    project: Project, folder: Path, report: Report = no_report, cancelled: Cancelled = never
) -> Path | None:
    """The same, painting first where it has not been done yet.

    Raises:
        PictureError: where the cover cannot be read, or too little of it would be left.
        CancelledError: soon after `cancelled()`.
    """
    painted = _painted_file(project, folder)
    if painted is not None and not painted.is_file():
        picture = open_picture(folder / project.album.cover, _LARGEST_SIDE)
        made = paint_out(picture, _boxes(project), report=report, cancelled=cancelled)
        save_cover(made, painted, size=None)
    return old_cover(project, folder)


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


def _painted_file(project: Project, folder: Path) -> Path | None:
    """Where the painted cover is kept, named by what it is made of; None where nothing is painted out."""
    if not project.album.cover or not project.album.painted_out:
        return None
    file = folder / project.album.cover
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise OSError
        made_of = zlib.crc32(repr(_boxes(project)).encode(), zlib.crc32(file.read_bytes()))
    except OSError:
        raise PictureError(f"“{file.name}” cannot be read.", "Choose another cover.") from None
    return ProjectFolder(folder).artwork / f"painted-{made_of:08x}.png"
