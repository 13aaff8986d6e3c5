"""Covers for a project: candidates while it is worked on, one large picture when it is released."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from PIL import Image

from app.document.errors import UserError
from app.document.model import Cover, Project
from app.document.numbering import number_of
from app.document.store import ProjectFolder
from app.document.tree import find
from app.studio.artwork.cover_recipe import (
    Recipe,
    follow,
    full_file,
    is_as_it_was,
    like,
    new_recipe,
    plain_recipe,
    read_recipe,
)
from app.studio.artwork.lettering import LEAST_CONTRAST, bare_cover, bears_names, boxed_letters, chosen_cover, letter
from app.studio.artwork.painting import paint_old_cover
from app.studio.artwork.settings import RELEASE_SIDE, CoverSettings, settings_of
from app.studio.artwork.style_network import load_network
from artwork.errors import PictureError
from artwork.faces import Faces
from artwork.output import plain_cover, save_cover
from artwork.pictures import open_picture
from artwork.rendering import DEFAULT_RENDERING, Rendering
from resources.files import is_there, make_folder, write_whole
from resources.progress import Report, no_report

__all__ = [
    "RELEASE_SIDE",
    "Rendering",
    "final_cover",
    "make_covers",
    "make_more_like",
    "use_picture",
]

RELEASE_RENDERING = Rendering(RELEASE_SIDE)

Made: TypeAlias = Callable[[Cover], object]


def no_one_waits(cover: Cover) -> None:
    """For callers that take the covers when all are done."""


def ignore_problem(words: str) -> None:
    """For callers that do not want to know."""


def make_covers(
    project: Project,
    folder: Path,
    settings: CoverSettings,
    seeds: Sequence[int],
    rendering: Rendering = DEFAULT_RENDERING,
    made: Made = no_one_waits,
) -> tuple[Cover, ...]:
    """Makes candidates in the project's artwork folder, one of each seed.

    An album without a cover gets them from its photographs alone; one without either gets them set in type.

    Args:
        rendering: its network is loaded here, where the settings want it.
        made: is given each candidate as soon as its file is whole; after a cancel these are what there is.

    Raises:
        PictureError: where the pictures, or the network, cannot be used.
        CancelledError: soon after the rendering is cancelled.
    """
    place = ProjectFolder(folder)
    paint_old_cover(project, folder, rendering.report, rendering.cancelled, keep=True)
    recipes = (new_recipe(project, place, settings, seed) for seed in seeds)
    return _make_all(project, place, recipes, len(seeds), rendering, made)


def make_more_like(
    project: Project,
    folder: Path,
    id: str,
    seeds: Sequence[int],
    rendering: Rendering = DEFAULT_RENDERING,
    made: Made = no_one_waits,
) -> tuple[Cover, ...]:
    """Candidates of the same pictures as the one called `id`, with new seeds and settings a little off its own.

    Otherwise as `make_covers`.
    """
    place = ProjectFolder(folder)
    cover = find(project.covers, id)
    settings = settings_of(cover)
    recipe = read_recipe(folder / cover.file)
    paint_old_cover(project, folder, rendering.report, rendering.cancelled, keep=True)
    if recipe is None or recipe["method"] in ("plain", "type") or not is_as_it_was(place, recipe):
        recipe = new_recipe(project, place, settings, seeds[0])
    elif recipe["method"] == "self":  # of the old cover as it is now, which may have been painted since
        recipe = {**recipe, "from": new_recipe(project, place, settings, seeds[0])["from"]}
    recipes = (like(recipe, settings, seed) for seed in seeds)
    return _make_all(project, place, recipes, len(seeds), rendering, made)


def _make_all(
    project: Project, place: ProjectFolder, recipes: Iterable[Recipe], count: int, rendering: Rendering, made: Made
) -> tuple[Cover, ...]:
    covers: list[Cover] = []
    network = rendering.network
    for number, recipe in enumerate(recipes):
        if recipe.get("network") and network is None:
            rendering.report(0.0, "Loading the network")
            network = load_network()
        part = replace(rendering, report=_part(rendering.report, number, count))
        picture = follow(place, recipe, replace(part, network=network if recipe.get("network") else None))
        covers.append(_keep(project, place, picture, recipe))
        made(covers[-1])
    rendering.report(1.0, "Done")
    return tuple(covers)


def use_picture(project: Project, folder: Path, path: Path) -> Cover:
    """A candidate that is the picture as it is, cut square.

    Raises:
        PictureError: where it cannot be used.
    """
    picture = open_picture(path, 2 * RELEASE_SIDE)
    square = plain_cover(picture, min(RELEASE_SIDE, *picture.size))
    place = ProjectFolder(folder)
    return _keep(project, place, square, plain_recipe(place, path))


def final_cover(
    project: Project,
    folder: Path,
    out_path: Path,
    rendering: Rendering = RELEASE_RENDERING,
    problem: Callable[[str], object] = ignore_problem,
) -> Path:
    """Writes the chosen cover at full size, with the names on it where the document wants them.

    It is made anew from its sources, so that it is sharp at any size; by the network only once. Where the sources are
    gone or have changed, or the network is not here, the candidate itself is enlarged, and `problem` gets a sentence
    that says so. With none chosen, the album's own cover is used as it is, and without one a cover set in type.

    Raises:
        PictureError: where no picture can be read or written.
        CancelledError: soon after the rendering is cancelled.
    """
    cover = chosen_cover(project)
    size, report, cancelled = rendering.size, rendering.report, rendering.cancelled
    with suppress(PictureError):  # then it is taken as it is
        paint_old_cover(project, folder, no_report, cancelled)
    picture = _at_full_size(project, cover, ProjectFolder(folder), rendering, problem)
    report(0.97, "Writing the cover")
    if cancelled():
        raise CancelledError
    square = picture if picture.size == (size, size) else plain_cover(picture, size)
    faces = Faces()
    if not bears_names(project, cover):
        square, placed = letter(project, square, faces)
        for name, each in placed.items():
            if each.contrast < LEAST_CONTRAST:
                problem(f"The {name} is hard to read on the cover: contrast {each.contrast:.1f} to 1.")
    if boxed := boxed_letters(project, faces):
        problem(f"No installed type face has “{boxed}”: the cover shows boxes for that. Install a face that has it.")
    save_cover(square, out_path, size)
    report(1.0, "Cover written")
    return out_path


def _at_full_size(
    project: Project,
    cover: Cover | None,
    place: ProjectFolder,
    rendering: Rendering,
    problem: Callable[[str], object],
) -> Image.Image:
    size = rendering.size
    if cover is None or bears_names(project, cover):
        return bare_cover(project, place.path, cover, size)
    file = place.path / cover.file
    recipe = read_recipe(file)
    if cover.method != "plain" and recipe is not None and is_as_it_was(place, recipe):
        try:
            if recipe.get("network"):
                return _by_network(place, file, recipe, rendering)
            return follow(place, recipe, replace(rendering, report=_within(rendering.report, "Cover")))
        except (PictureError, KeyError, TypeError, ValueError):
            pass  # the sidecar is not one of ours, or the network is gone: the candidate is still there
    candidate = open_picture(file)
    if min(candidate.size) < size:
        problem(
            f"The cover could not be made anew at {size} × {size}, as what it was made of has changed or is gone: "
            f"the one of {candidate.width} × {candidate.height} was enlarged."
        )
    return candidate


def _by_network(place: ProjectFolder, file: Path, recipe: Recipe, rendering: Rendering) -> Image.Image:
    """Made anew once and kept beside the candidate: without a graphics card that takes half an hour."""
    kept = full_file(file, rendering.size)
    if is_there(kept):
        return open_picture(kept)
    rendering.report(0.0, "Loading the network")
    told = _within(rendering.report, "Cover by the network")
    picture = follow(place, recipe, replace(rendering, network=load_network(), report=told))
    with suppress(PictureError):  # without room it has to be made anew next time
        save_cover(picture, kept, size=None)
    return picture


def _within(report: Report, words: str) -> Report:
    return lambda done, text: report(0.95 * done, f"{words}: {text.lower()}")


def _part(report: Report, number: int, count: int) -> Report:
    return lambda done, text: report((number + done) / count, f"Cover {number + 1} of {count}: {text.lower()}")


def _keep(project: Project, place: ProjectFolder, picture: Image.Image, recipe: Recipe) -> Cover:
    """Writes the picture and, beside it, how it was made."""
    try:
        id = _claimed_id(project, place.artwork)
        file = place.artwork / f"{id}.jpg"
        write_whole(file.with_suffix(".json"), json.dumps({**recipe, "id": id}, ensure_ascii=False, indent=1))
    except OSError as error:
        raise UserError.from_os_error("The cover cannot be kept", error) from error
    save_cover(picture, file, size=None)
    settings = {name: recipe[name] for name in ("pieces", "strength", "mode", "weight", "network") if name in recipe}
    return Cover(
        id=id, file=file.relative_to(place.path).as_posix(), method=recipe["method"], seed=recipe["seed"], **settings
    )


def _claimed_id(project: Project, artwork: Path) -> str:
    """The next after all that the project has or ever had, so that undo finds its own files.

    Its .json is made at once: of two jobs that keep covers at the same time, each gets an id of its own.
    """
    make_folder(artwork)
    names = [cover.id for cover in project.covers] + [path.stem for path in artwork.glob("a*")]
    last = max((number_of(name) for name in names if name[:1] == "a"), default=0)
    for number in itertools.count(last + 1):
        with suppress(FileExistsError):
            (artwork / f"a{number:04d}.json").open("x").close()
            break
    return f"a{number:04d}"
