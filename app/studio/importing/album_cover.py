"""Choosing the cover of the album among what was dropped, and keeping it in the project."""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.document.errors import UserError
from app.document.store import ProjectFolder
from app.studio.importing.scan import Refused
from artwork.errors import PictureError
from resources.files import write_whole
from resources.progress import Cancelled, never, stop_if

if TYPE_CHECKING:
    from PIL.Image import Image

_LARGEST_SIDE = 3000
_GLANCE_SIDE = 256
_SMALLEST_COVER = 64
"""Pixels; what is smaller inside a sound file is an icon."""
_SQUARISH = 1.25
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Pictures:
    """What the pictures of a drop are for."""

    cover: Image | None
    lossless: bool
    """Whether the cover came as a PNG, and had better stay one."""
    photographs: tuple[Path, ...]


def sort_pictures(
    covers: Sequence[Path],
    others: Sequence[Path],
    embedded: Sequence[Sequence[bytes]],
    refused: list[Refused],
    *,
    with_music: bool,
    cancelled: Cancelled = never,
) -> Pictures:
    """Opens every picture; the largest that may be the cover is the cover.

    Args:
        covers: pictures that are named like a cover.
        others: pictures that are not; a lone square one beside the music is the cover where nothing else is.
        embedded: for each track, the pictures inside it, the likeliest cover first; of all of these only one is taken.
        refused: gets what cannot be opened.
        with_music: whether tracks came with the pictures.
        cancelled: polled before every picture.
    """
    from artwork.pictures import open_picture

    best: Image | None = None
    lossless = False
    with tempfile.TemporaryDirectory() as scratch:
        inside = _embedded(embedded, Path(scratch))
        candidates = [*covers, *inside]
        photographs: list[Path] = []
        for path in [*candidates, *others]:
            stop_if(cancelled)
            maybe_cover = path in candidates or (with_music and not candidates and len(others) == 1)
            try:
                picture = open_picture(path, _LARGEST_SIDE if maybe_cover else _GLANCE_SIDE)
            except PictureError as error:
                if path not in inside:
                    refused.append(Refused(path, str(error)))
                continue
            if path not in candidates and not (maybe_cover and _is_squarish(picture)):
                photographs.append(path)
            elif best is None or picture.width * picture.height > best.width * best.height:
                best, lossless = picture, _is_png(path)
    return Pictures(best, lossless, tuple(photographs))


def read_pictures(
    paths: Sequence[Path], folder: Path, refused: list[Refused], *, as_cover: bool, cancelled: Cancelled = never
) -> tuple[str, tuple[Path, ...]]:
    """The cover, kept in the project and relative to it ("" for none), and the photographs, of pictures whose use is
    known, whatever they are called.

    Args:
        folder: of the project.
        refused: gets what cannot be opened.
        as_cover: the first that can be opened is the cover; else all are photographs.

    Raises:
        UserError: where the cover cannot be kept.
    """
    from artwork.pictures import open_picture

    cover = ""
    photographs: list[Path] = []
    for path in paths:
        stop_if(cancelled)
        wanted = as_cover and not cover
        try:
            picture = open_picture(path, _LARGEST_SIDE if wanted else _GLANCE_SIDE)
        except PictureError as error:
            refused.append(Refused(path, str(error)))
            continue
        if wanted:
            cover = keep_cover(picture, _is_png(path), ProjectFolder(folder))
        else:
            photographs.append(path)
    return cover, tuple(photographs)


def keep_cover(cover: Image, lossless: bool, folder: ProjectFolder) -> str:
    """Writes the cover into the project; its path there, relative to the project.

    The name holds a part of its hash, so that taking back the import brings back the cover from before.

    Raises:
        UserError: where it cannot be written.
    """
    coded = io.BytesIO()
    if lossless:
        cover.save(coded, "PNG")
    else:
        cover.save(coded, "JPEG", quality=95, subsampling=0)
    data = coded.getvalue()
    name = f"cover-{hashlib.sha256(data).hexdigest()[:8]}.{'png' if lossless else 'jpg'}"
    try:
        write_whole(folder.album / name, data)
    except OSError as error:
        raise UserError.from_os_error("The cover could not be kept", error) from error
    return f"{folder.album.name}/{name}"


def _embedded(tracks: Sequence[Sequence[bytes]], scratch: Path) -> list[Path]:
    """The picture that most tracks have as their first, as a file; where that is damaged or an icon, the next."""
    from artwork.pictures import open_picture

    counted = Counter(data for pictures in tracks for data in pictures)
    ranks: dict[bytes, int] = {}
    for pictures in tracks:
        for rank, data in enumerate(pictures):
            ranks[data] = min(rank, ranks.get(data, rank))
    path = scratch / "embedded"
    for data in sorted(counted, key=lambda data: (ranks[data], -counted[data])):
        path.write_bytes(data)
        with suppress(PictureError):
            if min(open_picture(path, _GLANCE_SIDE).size) >= _SMALLEST_COVER:
                return [path]
    return []


def _is_squarish(picture: Image) -> bool:
    return max(picture.size) <= _SQUARISH * min(picture.size)


def _is_png(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_PNG)) == _PNG
