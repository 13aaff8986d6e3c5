"""Finding a type face: one that is installed or comes with the program and has the letters, else Pillow's own."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from PIL import ImageFont

_Place = tuple[Path, int]
"""A file, and which of the faces in it."""
Face = ImageFont.FreeTypeFont | ImageFont.ImageFont

HEAVY = ("InterDisplay-Bold", "Inter-Bold", "HelveticaNeue-Bold", "arialbd", "Arial Bold", "segoeuib")
LIGHT = ("InterDisplay-Medium", "Inter-Medium", "Inter-Regular", "HelveticaNeue", "arial", "Arial", "segoeui")
_WIDE_COVERAGE = ("NotoSans-Bold", "NotoSansCJK-Bold", "DejaVuSans-Bold", "LiberationSans-Bold", "FreeSansBold")
_NO_LETTERS = re.compile(r"last ?resort|blank|notdef|emoji", re.IGNORECASE)
"""Files of faces that have a box, or nothing, for every letter that there is."""
_MOST_IN_A_FILE = 32
_TRIED = 12
"""Pixels at which letters are looked for."""
_NOWHERE = "\U0010fffd"
"""A letter for private use that no face has."""
_OURS = Path(str(files("resources").joinpath("fonts")))


class Faces:
    """The faces that are installed or come with the program.

    The folders are walked once, when the first face is asked for.

    Args:
        folders: where to look; None for the folders of this system and our own.
    """

    def __init__(self, folders: Sequence[Path] | None = None) -> None:
        self._folders = (_OURS, *_system_folders()) if folders is None else tuple(folders)
        self._places: dict[tuple[tuple[str, ...], frozenset[str], str], _Place | None] = {}

    def find(self, names: Sequence[str], text: str, size: int, chosen: str = "") -> Face:
        """A face that can set `text`, at `size` pixels.

        The one `chosen` (one of `names` below) where it is installed and has the letters; else the first such of the
        files called `names` (without their ending); else one with many scripts; else any that has the letters. Where
        none has all of them, the one that has most.
        """
        place = self._place_for(tuple(names), frozenset(letters_of(text)), chosen)
        if place is not None:
            with suppress(OSError):
                return ImageFont.truetype(place[0], size, index=place[1])
        return ImageFont.load_default(size)

    def missing(self, names: Sequence[str], text: str, chosen: str = "") -> str:
        """The letters of `text` that the face which `find` gives has not, and shows as boxes; "" for none."""
        face = self.find(names, text, _TRIED, chosen)
        return "".join(dict.fromkeys(letter for letter in text if letter in _lacking(face, letters_of(text))))

    def _place_for(self, names: tuple[str, ...], letters: frozenset[str], chosen: str) -> _Place | None:
        key = names, letters, chosen
        if key not in self._places:
            self._places[key] = self._sought(names, letters, chosen)
        return self._places[key]

    def _sought(self, names: tuple[str, ...], letters: frozenset[str], chosen: str) -> _Place | None:
        """The first place of a face that has all of the letters, else of one that has most; None for Pillow's own."""
        fewest, best = len(_lacking(ImageFont.load_default(_TRIED), letters)), None
        for place in self._candidates(names, chosen):
            try:
                lacking = len(_lacking(ImageFont.truetype(place[0], _TRIED, index=place[1]), letters))
            except (OSError, ValueError):
                continue
            if not lacking:
                return place
            if lacking < fewest:
                fewest, best = lacking, place
        return best

    def _candidates(self, names: tuple[str, ...], chosen: str) -> Iterator[_Place]:
        if chosen and chosen in self._by_name:
            yield self._by_name[chosen]
        for name in (*names, *_WIDE_COVERAGE):
            if path := self._by_file.get(name.casefold()):
                yield path, 0
        heavy = any("bold" in name.casefold() for name in names)
        for path in sorted(self._files, key=lambda path: _unlike(path.stem.casefold(), heavy)):
            if not _NO_LETTERS.search(path.stem):
                yield from ((path, index) for index in range(_faces_in(path)))

    @cached_property
    def names(self) -> Sequence[str]:
        """Of all faces that can be used, as people know them, in the order of the alphabet.

        Opens every one of them: that takes some seconds where there are thousands.
        """
        return sorted(self._by_name, key=str.casefold)

    @cached_property
    def _files(self) -> Sequence[Path]:
        return tuple(_walked(self._folders))

    @cached_property
    def _by_file(self) -> Mapping[str, Path]:
        return {path.stem.casefold(): path for path in self._files}

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[Path, int]]:
        return {name: (path, index) for path in self._files for index, name in _named(path)}


def _named(path: Path) -> Iterator[tuple[int, str]]:
    """The faces in a file that hold letters: their places in it and their names."""
    for index in range(_faces_in(path)):
        try:
            face = ImageFont.truetype(path, _TRIED, index=index)
            family, style = face.getname()
            if family and not _lacking(face, frozenset("Aa")):
                yield index, f"{family} {style or 'Regular'}"
        except (OSError, ValueError):
            return


def _walked(folders: Sequence[Path]) -> Iterator[Path]:
    for folder in folders:
        for base, _, names in os.walk(folder):
            yield from (
                Path(base, name) for name in sorted(names) if name.lower().endswith((".ttf", ".otf", ".ttc", ".otc"))
            )


def _system_folders() -> tuple[Path, ...]:
    home = Path.home()
    if sys.platform == "win32":
        mine = Path(os.environ.get("LOCALAPPDATA", home / "AppData/Local"), "Microsoft/Windows/Fonts")
        return (Path(os.environ.get("WINDIR", "C:/Windows"), "Fonts"), mine)
    if sys.platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts")
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"  # with those of Nix and Flatpak
    mine = os.environ.get("XDG_DATA_HOME") or home / ".local/share"
    return (*(Path(place, "fonts") for place in shared.split(":") if place), Path(mine, "fonts"), home / ".fonts")


def letters_of(text: str) -> frozenset[str]:
    """What a face must have to set the text."""
    return frozenset(letter for letter in text if letter.isprintable() and not letter.isspace())


def _lacking(face: Face, letters: frozenset[str]) -> frozenset[str]:
    """Those of the letters that the face shows as it shows what no face has."""
    missing = bytes(face.getmask(_NOWHERE))
    return frozenset(letter for letter in letters if bytes(face.getmask(letter)) == missing)


def _faces_in(path: Path) -> int:
    """How many faces to try; beyond the last there is an error."""
    return _MOST_IN_A_FILE if path.suffix.casefold() in (".ttc", ".otc") else 1


def _unlike(stem: str, heavy: bool) -> tuple[bool, bool, str]:
    """Sorts upright faces of the weight that is wanted before others."""
    slanted = any(word in stem for word in ("italic", "oblique", "mono", "condensed"))
    return slanted, any(word in stem for word in ("bold", "black", "heavy")) != heavy, stem
