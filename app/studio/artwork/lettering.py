"""The names of album and artist on the cover; the picture under them is never changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from app.document.lettering import TypeLine
from app.document.model import Cover, Project
from app.studio.artwork.painting import old_cover
from artwork.faces import HEAVY, LIGHT, Faces
from artwork.output import plain_cover
from artwork.pictures import open_picture
from artwork.type_cover import type_cover
from artwork.typesetting import LEAST_CONTRAST, Colour, Placed, Words, colours_of, printable, set_words


def names_of(project: Project) -> dict[str, str]:
    """The words that are set: those of the release, else those of the album."""
    return {
        "title": project.release.title or project.album.title or project.name,
        "artist": project.release.artist or project.album.artist,
    }


def chosen_cover(project: Project) -> Cover | None:
    """The candidate that the release bears; None where none is chosen."""
    return next((cover for cover in project.covers if cover.id == project.release.cover), None)


def bears_names(project: Project, cover: Cover | None) -> bool:
    """Whether a candidate, or what the release bears without one, is set in type already."""
    return cover.method == "type" if cover else not project.album.cover


def letter(project: Project, picture: Image.Image, faces: Faces) -> tuple[Image.Image, Mapping[str, Placed]]:
    """The picture with the names on it as the document wants them, and where each of them ("title", "artist") is."""
    lettering = project.release.lettering
    if not lettering.on:
        return picture, {}
    lines: dict[str, TypeLine] = {"title": lettering.title, "artist": lettering.artist}
    words = {
        name: words_of(lines[name], text, heavy=name == "title")
        for name, text in names_of(project).items()
        if lines[name].on and printable(text)
    }
    made, placed = set_words(picture, list(words.values()), faces)
    return made, dict(zip(words, placed, strict=True))


def boxed_letters(project: Project, faces: Faces) -> str:
    """The letters of the names on the cover that no installed face has, and that are shown as boxes; "" for none."""
    lettering = project.release.lettering
    names = names_of(project)
    if bears_names(project, chosen_cover(project)):
        return faces.missing(HEAVY, printable(names["title"])) + faces.missing(LIGHT, printable(names["artist"]))
    if not lettering.on:
        return ""
    boxed = ""
    for line, text, ours in ((lettering.title, names["title"], HEAVY), (lettering.artist, names["artist"], LIGHT)):
        boxed += faces.missing(ours, printable(text.upper() if line.capitals else text), line.face) if line.on else ""
    return boxed


def words_of(line: TypeLine, text: str, *, heavy: bool, colour: str = "") -> Words:
    """A name as its line says; in another `colour` ("#rrggbb") where one is given."""
    return Words(text, line.x, line.y, line.size, _colour(colour or line.colour), line.face, heavy, line.capitals)


def _colour(text: str) -> Colour:
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red, green, blue


def bare_cover(
    project: Project, folder: Path, cover: Cover | None, side: int, faces: Faces | None = None
) -> Image.Image:
    """A candidate as it is, at `side` pixels, without the names set on it.

    Without one: the album's own cover, or one set in type where it has none. What is set in type is always set anew,
    so that it bears the names as they are now and not those of the day it was made.

    Raises:
        PictureError: where it cannot be read.
    """
    if bears_names(project, cover):
        names = names_of(project)
        return type_cover(names["title"], names["artist"], side, cover.seed if cover else 0, faces)
    file = folder / cover.file if cover else old_cover(project, folder) or folder
    return plain_cover(open_picture(file, 2 * side), side)


def colours_for(picture: Image.Image) -> tuple[str, ...]:
    """White, black, and colours that the picture itself is made of, as "#rrggbb"."""
    own = (f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in colours_of(picture))
    return tuple(dict.fromkeys(("#ffffff", "#000000", *own)))


__all__ = [
    "LEAST_CONTRAST",
    "Faces",
    "Placed",
    "bare_cover",
    "bears_names",
    "boxed_letters",
    "chosen_cover",
    "colours_for",
    "letter",
    "names_of",
    "words_of",
]
