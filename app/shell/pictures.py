"""Making a cover without a project."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.document.errors import UserError
from app.shell.running import complain
from artwork.cover_settings import DEFAULT_SETTINGS, CoverSettings
from resources.files import make_folders
from resources.progress import Cancelled, Report
from resources.refusals import not_found

if TYPE_CHECKING:
    from PIL.Image import Image

    from artwork.vgg import Features

_LARGEST_SIDE = 3000


@dataclass(frozen=True, kw_only=True)
class PictureOptions:
    """What is wanted of a cover; how it is made is in its settings."""

    out: Path
    image: Path | None = None
    """The old cover; without it the photographs are used alone, and without those the names are set in type."""
    photos: Path | None = None
    method: str | None = None
    """None for photos where there are some, else self."""
    settings: CoverSettings = DEFAULT_SETTINGS
    """Their method is put in place here."""
    network_file: Path | None = None
    """A copy of the published network, to be kept and used."""
    title: str = ""
    artist: str = ""
    size: int = 3000
    seed: int = 0


def make_picture(options: PictureOptions, report: Report, cancelled: Cancelled) -> None:
    """Writes a cover.

    Raises:
        PictureError, UserError: where a picture cannot be read, or there is nothing to make one of.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    from artwork.output import save_cover

    if options.out.suffix.lower() not in (".jpg", ".jpeg", ".png"):
        raise UserError(f"“{options.out.name}” is not the name of a picture.", "Let it end in .jpg or .png.")
    if options.image is None and options.photos is None:
        picture = _set_in_type(options)
    else:
        picture = _with_names(_made_of_pictures(options, report, cancelled), options)
    with suppress(OSError):  # whoever writes the file says what is wrong
        make_folders(options.out.parent)
    save_cover(picture, options.out, options.size)


def _made_of_pictures(options: PictureOptions, report: Report, cancelled: Cancelled) -> Image:
    from artwork.covers import make_cover
    from artwork.pictures import open_picture
    from artwork.rendering import Rendering

    method = options.method or ("photos" if options.photos is not None else "self")
    if method == "photos" and options.photos is None:
        raise UserError("There are no photographs.", "Name a folder of them with --photos.")
    content = open_picture(options.image, max_side=_LARGEST_SIDE) if options.image is not None else None
    styles: list[Image] = []
    if options.photos is not None and (method == "photos" or content is None):
        styles = _photographs(options.photos, options.seed, options.settings.photographs + (content is None))
    if content is None:
        content, *others = styles
        styles = others or styles
        method = "photos"
    rendering = Rendering(options.size, _network(options, report, cancelled), report=report, cancelled=cancelled)
    return make_cover(content, styles, replace(options.settings, method=method), options.seed, rendering)


def _network(options: PictureOptions, report: Report, cancelled: Cancelled) -> Features | None:
    """The network where it is wanted; it is never fetched from here."""
    from app.studio.artwork.style_network import VGG19, is_network_here, load_network, take_network

    if options.network_file is not None:
        take_network(options.network_file, report, cancelled)
    elif not options.settings.network:
        return None
    elif not is_network_here():
        raise UserError(
            "The network of the paper is not on this computer.",
            f"Get it in the window, under Artwork; or download {VGG19.url} and name the file with --network-file.",
        )
    return load_network()


def _set_in_type(options: PictureOptions) -> Image:
    from artwork.type_cover import type_cover

    if not (options.title or options.artist):
        raise UserError(
            "There is nothing to make a cover of.", "Name the old cover, --photos, or a --title to be set in type."
        )
    return type_cover(options.title, options.artist, options.size, options.seed)


def _with_names(picture: Image, options: PictureOptions) -> Image:
    """The names on the picture at their usual places, each in white or black, whichever reads better there."""
    from app.document.lettering import Lettering
    from app.studio.artwork.lettering import LEAST_CONTRAST, words_of
    from artwork.faces import Faces
    from artwork.typesetting import set_words

    faces = Faces()
    for name, line in (("title", Lettering().title), ("artist", Lettering().artist)):
        text = getattr(options, name)
        if not text.strip():
            continue
        tried = [
            set_words(picture, [words_of(line, text, heavy=name == "title", colour=colour)], faces)
            for colour in ("#ffffff", "#000000")
        ]
        picture, placed = max(tried, key=lambda made: made[1][0].contrast if made[1] else 0.0)
        if placed and placed[0].contrast < LEAST_CONTRAST:
            complain(f"“{text}” is hard to read on this picture: contrast {placed[0].contrast:.1f} to 1.")
    return picture


def _photographs(folder: Path, seed: int, most: int) -> list[Image]:
    """Some of the pictures in the folder, drawn by the seed; those that cannot be read are told and passed over."""
    from artwork.errors import PictureError
    from artwork.pictures import open_picture

    if not folder.exists():
        raise UserError(*not_found(folder.name))
    if not folder.is_dir():
        raise UserError(f"“{folder}” is not a folder.", "Name a folder of photographs.")
    paths = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    random.Random(seed).shuffle(paths)
    found: list[Image] = []
    for path in paths:
        if len(found) == most:
            break
        try:
            found.append(open_picture(path, max_side=_LARGEST_SIDE))
        except PictureError as error:
            complain(str(error))
    if not found:
        raise UserError(f"There are no pictures in “{folder}”.", "Name a folder of photographs.")
    return found
