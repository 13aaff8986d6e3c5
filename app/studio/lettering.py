"""The names of album and artist on the cover; the picture under them is never changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from app.document.lettering import TypeLine
from app.document.model import Cover, Project
from artwork.faces import Faces
from artwork.lettering import type_cover
from artwork.output import plain_cover
from artwork.pictures import open_picture
from artwork.typesetting import Colour, Placed, Words, colours_of, set_words


def names_of(project: Project) -> dict[str, str]:
    """The words that are set: those of the release, else those of the album."""
    return {
        "title": project.release.title or project.album.title or project.name,
        "artist": project.release.artist or project.album.artist,
    }


def chosen_cover(project: Project) -> Cover | None:
    return next((cover for cover in project.covers if cover.id == project.release.cover), None)


def bears_names(project: Project) -> bool:
    """Whether the cover that the release will bear is set in type already."""
    chosen = chosen_cover(project)
    return chosen.method == "type" if chosen else not project.album.cover


def letter(project: Project, picture: Image.Image, faces: Faces) -> tuple[Image.Image, Mapping[str, Placed]]:
    """The picture with the names on it, and where they are, as the document wants it.

    A cover that is set in type bears them already and is left alone.
    """
    lettering = project.release.lettering
    if not lettering.on or bears_names(project):
        return picture, {}
    names = names_of(project)
    lines = {name: getattr(lettering, name) for name in names}
    words = {name: _words(lines[name], text, name == "title") for name, text in names.items() if lines[name].on}
    shown = {name: some for name, some in words.items() if some.text.strip()}
    made, placed = set_words(picture, list(shown.values()), faces)
    return made, dict(zip(shown, placed, strict=False))


def _words(line: TypeLine, text: str, heavy: bool) -> Words:
    return Words(text, line.x, line.y, line.size, _colour(line.colour), line.face, heavy, line.capitals)


def _colour(text: str) -> Colour:
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red, green, blue


def bare_cover(project: Project, folder: Path, side: int) -> Image.Image:
    """The cover that the release will bear, without the names set on it, at `side` pixels: as the candidate is.

    The album's own cover where none has been chosen, and one set in type where it has none.

    Raises:
        PictureError: where it cannot be read.
    """
    chosen = chosen_cover(project)
    file = chosen.file if chosen else project.album.cover
    if not file:
        names = names_of(project)
        return type_cover(names["title"], names["artist"], side)
    return plain_cover(open_picture(folder / file, 2 * side), side)


def colours_for(picture: Image.Image) -> tuple[str, ...]:
    """White, black, and colours that the picture itself is made of, as "#rrggbb"."""
    own = (f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in colours_of(picture))
    return tuple(dict.fromkeys(("#ffffff", "#000000", *own)))
