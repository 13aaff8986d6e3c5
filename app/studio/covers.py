"""Covers for a project: candidates while it is worked on, one large picture when it is released."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

from PIL import Image

from app.document.errors import UserError
from app.document.model import Cover, Project
from app.document.store import ProjectFolder
from artwork.covers import make_cover, plain_cover, save_cover, type_cover
from artwork.errors import PictureError
from artwork.pictures import LARGEST_FILE, open_picture
from samplernn.files import read_json, replacing
from samplernn.progress import Cancelled, Report, never, no_report

Preview = Callable[[Image.Image], None]
Recipe = dict[str, Any]
"""How a candidate was made: what its .json beside it says."""

CANDIDATE_SIDE = 1000
RELEASE_SIDE = 3000
_MOST_PHOTOGRAPHS = 4
"""Laid over each other at once; with more, each candidate draws its own few."""


def make_covers(
    project: Project,
    folder: Path,
    *,
    count: int = 6,
    method: str = "self",
    pieces: float = 6.0,
    strength: float = 0.7,
    seed: int = 0,
    mode: str = "overlay",
    size: int = CANDIDATE_SIDE,
    report: Report = no_report,
    cancelled: Cancelled = never,
    preview: Preview | None = None,
    made: Callable[[Cover], None] | None = None,
) -> tuple[Cover, ...]:
    """Makes `count` candidates in the project's artwork folder, with the seeds `seed`, `seed` + 1 and so on.

    An album without a cover gets them from its photographs alone; one without either gets them set in type.

    Args:
        method: "self", "photos" or "type".
        mode: the blend that photographs are laid over each other by.
        preview: is shown the picture that is being made, about every second.
        made: is given each candidate as soon as its file is whole; after a cancel these are what there is.

    Raises:
        PictureError: where the pictures cannot be used.
        CancelledError: soon after `cancelled()`.
    """
    place = ProjectFolder(folder)
    covers: list[Cover] = []
    for number in range(count):
        recipe = _recipe(project, place, method, seed + number)
        recipe |= {"pieces": pieces, "strength": strength, "mode": mode}
        picture = _make(place, recipe, size, _part(report, number, count), cancelled, preview)
        cover = _keep(project, place, picture, recipe)
        covers.append(cover)
        if made is not None:
            made(cover)
    report(1.0, "Done")
    return tuple(covers)


def use_picture(project: Project, folder: Path, path: Path) -> Cover:
    """A candidate that is the picture as it is, cut square.

    Raises:
        PictureError: where it cannot be used.
    """
    picture = open_picture(path, 2 * RELEASE_SIDE)
    square = plain_cover(picture, min(RELEASE_SIDE, *picture.size))
    return _keep(
        project,
        ProjectFolder(folder),
        square,
        {"method": "plain", "seed": 0, "from": [_source(ProjectFolder(folder), path)]},
    )


def final_cover(
    project: Project,
    folder: Path,
    out_path: Path,
    *,
    size: int = RELEASE_SIDE,
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> Path:
    """Writes the chosen cover at full size: made anew from its sources, so that it is sharp at any size.

    Where the sources are gone or have changed the candidate itself is enlarged. With none chosen, the album's own
    cover is used as it is, and without one a cover set in type.

    Raises:
        PictureError: where no picture can be read or written.
        CancelledError: soon after `cancelled()`.
    """
    picture = _chosen(project, ProjectFolder(folder), size, report, cancelled)
    report(0.97, "Writing the cover")
    if cancelled():
        raise CancelledError
    save_cover(picture, out_path, size)
    report(1.0, "Cover written")
    return out_path


def _chosen(project: Project, place: ProjectFolder, size: int, report: Report, cancelled: Cancelled) -> Image.Image:
    cover = next((cover for cover in project.covers if cover.id == project.release.cover), None)
    if cover is None:
        if project.album.cover:
            return open_picture(place.path / project.album.cover, 2 * RELEASE_SIDE)
        return _make(place, _recipe(project, place, "type", 0), size, report, cancelled, None)
    file = place.path / cover.file
    recipe = _read_recipe(file)
    if cover.method != "plain" and recipe is not None and _unchanged(place, recipe):
        try:
            return _make(place, recipe, size, lambda done, text: report(0.95 * done, text), cancelled, None)
        except (PictureError, KeyError, TypeError, ValueError):
            pass  # the sidecar is not one of ours: the candidate is still there
    return open_picture(file)


def _recipe(project: Project, place: ProjectFolder, method: str, seed: int) -> Recipe:
    """What to make, with the pictures that there are."""
    cover = place.path / project.album.cover if project.album.cover else None
    photographs = [Path(path) for path in project.album.photographs]
    draw = random.Random(seed)
    if method == "photos" and not photographs:
        raise PictureError("There are no photographs.", "Drop some onto the album, or make the cover of itself.")
    if method == "type" or (cover is None and not photographs):
        title = project.release.title or project.album.title or project.name
        artist = project.release.artist or project.album.artist
        return {"method": "type", "seed": seed, "title": title, "artist": artist, "from": []}
    if method == "self" and cover is not None:
        return {"method": "self", "seed": seed, "from": [_source(place, cover)]}
    if method not in ("self", "photos"):
        raise PictureError(f"There is no way of making covers called “{method}”.", "Use self, photos or type.")
    some = [_source(place, path) for path in draw.sample(photographs, len(photographs)) if _usable(path)]
    if not some:
        raise PictureError("None of the photographs can be read.", "Add others to the album.")
    content = _source(place, cover) if cover is not None else some[0]
    styles = some[:_MOST_PHOTOGRAPHS] if cover is not None else (some[1 : _MOST_PHOTOGRAPHS + 1] or some)
    return {"method": "photos", "seed": seed, "from": [content, *styles]}


def _usable(path: Path) -> bool:
    try:
        open_picture(path, 64)
    except PictureError:
        return False
    return True


def _source(place: ProjectFolder, path: Path) -> dict[str, Any]:
    """What names a picture that a cover is made from; one of the project moves with it."""
    name = path.relative_to(place.path).as_posix() if path.is_relative_to(place.path) else str(path)
    try:
        if not path.is_file() or path.stat().st_size > LARGEST_FILE:
            raise OSError
        return {"path": name, "crc": zlib.crc32(path.read_bytes())}
    except OSError:
        raise PictureError(f"“{path.name}” cannot be read.", "Choose another picture.") from None


def _unchanged(place: ProjectFolder, recipe: Recipe) -> bool:
    try:
        return all(_source(place, place.path / source["path"]) == source for source in recipe["from"])
    except (PictureError, KeyError, TypeError):
        return False


def _make(
    place: ProjectFolder, recipe: Recipe, size: int, report: Report, cancelled: Cancelled, preview: Preview | None
) -> Image.Image:
    if recipe["method"] == "type":
        return type_cover(recipe["title"], recipe["artist"], size, recipe["seed"])
    content, *styles = [open_picture(place.path / source["path"], RELEASE_SIDE) for source in recipe["from"]]
    return make_cover(
        content,
        styles,
        method=recipe["method"],
        size=size,
        pieces=recipe["pieces"],
        strength=recipe["strength"],
        seed=recipe["seed"],
        mode=recipe["mode"],
        report=report,
        cancelled=cancelled,
        preview=preview,
    )


def _part(report: Report, number: int, count: int) -> Report:
    return lambda done, text: report((number + done) / count, f"Cover {number + 1} of {count}: {text.lower()}")


def _keep(project: Project, place: ProjectFolder, picture: Image.Image, recipe: Recipe) -> Cover:
    """Writes the picture and, beside it, how it was made."""
    id = _free_id(project, place.artwork)
    file = place.artwork / f"{id}.jpg"
    try:
        with replacing(file.with_suffix(".json")) as fresh:
            fresh.write_text(json.dumps({"id": id, **recipe}, ensure_ascii=False, indent=1), encoding="utf-8")
    except OSError as error:
        raise UserError(f"The cover cannot be kept: {error.strerror}.", "Free some space.") from error
    save_cover(picture, file, size=None)
    return Cover(
        id=id,
        file=file.relative_to(place.path).as_posix(),
        method=recipe["method"],
        seed=recipe["seed"],
        pieces=recipe.get("pieces", 6.0),
        strength=recipe.get("strength", 0.7),
    )


def _free_id(project: Project, artwork: Path) -> str:
    """The next after all that the project has or ever had, so that undo finds its own files."""
    names: Sequence[str] = [cover.id for cover in project.covers] + [path.stem for path in artwork.glob("a*.jpg")]
    numbers = [int(name[1:]) for name in names if name[:1] == "a" and name[1:].isdecimal()]
    return f"a{max(numbers, default=0) + 1:04d}"


def _read_recipe(file: Path) -> Recipe | None:
    try:
        recipe = read_json(file.with_suffix(".json"))
    except (OSError, ValueError):
        return None
    return recipe if isinstance(recipe, dict) else None
