"""Making a cover without a project."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

from app.document.errors import UserError
from app.shell.running import complain
from samplernn.progress import Cancelled, Report

if TYPE_CHECKING:
    from PIL.Image import Image

_PHOTOGRAPHS_IN_A_COVER = 3
_LARGEST_SIDE = 3000


def make_picture(
    image: Path, photos: Path | None, method: str, out: Path, size: int, seed: int, report: Report, cancelled: Cancelled
) -> None:
    """Writes a cover of `size` pixels made out of `image` to `out`.

    Raises:
        PictureError, UserError: where a picture cannot be read, or there are none.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    from artwork.covers import make_cover
    from artwork.output import save_cover
    from artwork.pictures import open_picture

    if out.suffix.lower() not in (".jpg", ".jpeg", ".png"):
        raise UserError(f"“{out.name}” is not the name of a picture.", "Let it end in .jpg or .png.")
    content = open_picture(image, max_side=_LARGEST_SIDE)
    styles = _photographs(photos, seed) if photos is not None and method == "photos" else []
    picture = make_cover(content, styles, method=method, size=size, seed=seed, report=report, cancelled=cancelled)
    save_cover(picture, out, size)


def _photographs(folder: Path, seed: int) -> list[Image]:
    """Some of the pictures in the folder, drawn by the seed; those that cannot be read are told and passed over."""
    from artwork.errors import PictureError
    from artwork.pictures import open_picture

    if not folder.is_dir():
        raise UserError(f"“{folder}” is not a folder.", "Name a folder of photographs.")
    paths = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    random.Random(seed).shuffle(paths)
    found: list[Image] = []
    for path in paths:
        if len(found) == _PHOTOGRAPHS_IN_A_COVER:
            break
        try:
            found.append(open_picture(path, max_side=_LARGEST_SIDE))
        except PictureError as error:
            complain(str(error))
    if not found:
        raise UserError(f"There are no pictures in “{folder}”.", "Name a folder of photographs.")
    return found
