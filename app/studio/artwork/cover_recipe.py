"""How a cover is made: what it is made of and with which settings, kept in a .json beside its picture."""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from PIL import Image

from app.document.model import Cover, Project
from app.document.store import ProjectFolder
from app.studio.artwork.lettering import names_of
from app.studio.artwork.painting import old_cover
from app.studio.artwork.settings import LEAST_PIECES, MOST_PIECES, CoverSettings, settings_near
from artwork.covers import make_cover
from artwork.errors import PictureError
from artwork.picture_transform import near, random_transform, transform_from, transformed
from artwork.pictures import LARGEST_FILE, open_picture
from artwork.rendering import Rendering
from artwork.type_cover import type_cover
from resources.files import is_there, read_json

Recipe = dict[str, Any]

_LARGEST_SOURCE = 3000
_OLD_WEIGHT = 0.5
"""Of recipes from before it could be chosen."""


def new_recipe(project: Project, place: ProjectFolder, settings: CoverSettings, seed: int) -> Recipe:
    """What to make, with the pictures that there are.

    An album without a cover has one made of its photographs alone; one without either has it set in type.

    Raises:
        PictureError: where the pictures cannot be used.
    """
    cover = old_cover(project, place.path)
    photographs = [Path(path) for path in project.album.photographs]
    method = settings.method
    if method not in ("self", "photos", "type"):
        raise PictureError(f"There is no way of making covers called “{method}”.", "Use self, photos or type.")
    if method == "photos" and not photographs:
        raise PictureError("There are no photographs.", "Drop some onto the album, or make the cover of itself.")
    if method == "type" or (cover is None and not photographs):
        return {"method": "type", "seed": seed, **names_of(project), "from": []}
    if method == "self" and cover is not None:
        transform = random_transform(open_picture(cover, _LARGEST_SOURCE), seed)
        return {**_recipe("self", seed, [_source(place, cover)], settings), "take": transform.kept()}
    count = max(1, settings.photographs)
    drawn = random.Random(seed).sample(photographs, len(photographs))
    readable = (_source(place, path) for path in drawn if _usable(path))
    some = list(islice(readable, count + (cover is None)))  # an album may have hundreds; each takes its time to open
    if not some:
        raise PictureError("None of the photographs can be read.", "Add others to the album.")
    content = _source(place, cover) if cover is not None else some[0]
    styles = some if cover is not None else (some[1:] or some)
    return _recipe("photos", seed, [content, *styles], settings)


def _recipe(method: str, seed: int, sources: Sequence[dict[str, Any]], settings: CoverSettings) -> Recipe:
    kept = {name: value for name, value in asdict(settings).items() if name not in ("method", "photographs")}
    return {"method": method, "seed": seed, "from": list(sources), **kept}


def plain_recipe(place: ProjectFolder, path: Path) -> Recipe:
    """That of a picture that is used as it is."""
    return {"method": "plain", "seed": 0, "from": [_source(place, path)]}


def like(recipe: Recipe, settings: CoverSettings, seed: int) -> Recipe:
    """The same pictures with a new seed and settings a little off."""
    if recipe["method"] == "type":
        return {**recipe, "seed": seed}
    draw = random.Random(seed)
    fresh = _recipe(recipe["method"], seed, recipe["from"], settings_near(settings, draw))
    return {**fresh, "take": near(transform_from(recipe["take"]), draw).kept()} if "take" in recipe else fresh


def follow(place: ProjectFolder, recipe: Recipe, rendering: Rendering) -> Image.Image:
    """The picture of a recipe.

    Raises:
        PictureError: where its pictures cannot be used.
        KeyError, TypeError, ValueError: for what is no recipe of ours.
        CancelledError: soon after the rendering is cancelled.
    """
    if recipe["method"] == "type":
        return type_cover(recipe["title"], recipe["artist"], rendering.size, recipe["seed"])
    content, *styles = [open_picture(place.path / source["path"], _LARGEST_SOURCE) for source in recipe["from"]]
    pieces = float(recipe["pieces"])
    if "take" in recipe:
        transform = transform_from(recipe["take"])
        content = transformed(content, transform)
        pieces = min(max(pieces * transform.pieces, LEAST_PIECES), MOST_PIECES)
    settings = CoverSettings(
        method=recipe["method"], pieces=pieces, strength=recipe["strength"],
        mode=recipe["mode"], weight=recipe.get("weight", _OLD_WEIGHT),
        network=rendering.network is not None,
    )  # fmt: skip
    return make_cover(content, styles, settings, recipe["seed"], rendering)


def read_recipe(file: Path) -> Recipe | None:
    """That of the candidate whose picture is `file`, where there is one."""
    try:
        recipe = read_json(file.with_suffix(".json"))
    except (OSError, ValueError):
        return None
    return recipe if isinstance(recipe, dict) and "method" in recipe else None


def is_as_it_was(place: ProjectFolder, recipe: Recipe) -> bool:
    """Whether all pictures that the recipe names are there, and have not changed."""
    try:
        return all(_source(place, place.path / source["path"]) == source for source in recipe["from"])
    except (PictureError, KeyError, TypeError):
        return False


def full_file(candidate: Path, size: int) -> Path:
    """Where a candidate that took long to make anew at `size` pixels is kept beside its picture."""
    return candidate.with_name(f"{candidate.stem}-{size}.png")


def is_kept_at(folder: Path, cover: Cover, size: int) -> bool:
    """Whether a candidate has been made anew at `size` pixels already; see `full_file`."""
    return is_there(full_file(folder / cover.file, size))


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
