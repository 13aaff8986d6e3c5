"""Finding a type face: one that is installed or comes with the program and has the letters, else Pillow's own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from PIL import ImageFont

Face = ImageFont.FreeTypeFont | ImageFont.ImageFont

HEAVY = ("InterDisplay-Bold", "Inter-Bold", "HelveticaNeue-Bold", "arialbd", "Arial Bold", "segoeuib")
LIGHT = ("InterDisplay-Medium", "Inter-Medium", "Inter-Regular", "HelveticaNeue", "arial", "Arial", "segoeui")
_WIDE_COVERAGE = ("NotoSans-Bold", "NotoSansCJK-Bold", "DejaVuSans-Bold", "LiberationSans-Bold", "FreeSansBold")
_MOST_IN_A_FILE = 32
_OURS = Path(str(files("resources").joinpath("fonts")))


class Faces:
    """The faces that are installed or come with the program.

    The folders are walked once, when the first face is asked for.

    Args:
        folders: where to look; None for the folders of this system and our own.
    """

    def __init__(self, folders: Sequence[Path] | None = None) -> None:
        self._folders = (_OURS, *_system_folders()) if folders is None else tuple(folders)

    def find(self, names: Sequence[str], text: str, size: int, chosen: str = "") -> Face:
        """A face that can set `text`, at `size` pixels.

        The one `chosen` (one of `names` below) where it is installed and has the letters; else the first such of the
        files called `names` (without their ending); else one with many scripts; else Pillow's own.
        """
        wanted = self._by_name.get(chosen) if chosen else None
        places = (self._by_file.get(name.casefold()) for name in (*names, *_WIDE_COVERAGE))
        for place in (wanted, *((path, 0) for path in places if path)):
            if place is None:
                continue
            try:
                face = ImageFont.truetype(place[0], size, index=place[1])
            except OSError:
                continue
            if _has_letters(face, text):
                return face
        return ImageFont.load_default(size)

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
    for index in range(_MOST_IN_A_FILE if path.suffix.casefold() == ".ttc" else 1):
        try:
            face = ImageFont.truetype(path, 12, index=index)
            family, style = face.getname()
            if family and _has_letters(face, "Aa"):
                yield index, f"{family} {style or 'Regular'}"
        except (OSError, ValueError):
            return


def _walked(folders: Sequence[Path]) -> Iterator[Path]:
    for folder in folders:
        for base, _, names in os.walk(folder):
            yield from (Path(base, name) for name in sorted(names) if name.lower().endswith((".ttf", ".otf", ".ttc")))


def _system_folders() -> tuple[Path, ...]:
    home = Path.home()
    if sys.platform == "win32":
        mine = Path(os.environ.get("LOCALAPPDATA", home / "AppData/Local"), "Microsoft/Windows/Fonts")
        return (Path(os.environ.get("WINDIR", "C:/Windows"), "Fonts"), mine)
    if sys.platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts")
    return (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local/share/fonts", home / ".fonts")


def _has_letters(face: ImageFont.FreeTypeFont, text: str) -> bool:
    missing = bytes(face.getmask("\U0010fffd"))
    return all(bytes(face.getmask(letter)) != missing for letter in set(text) if not letter.isspace())
