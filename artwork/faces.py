"""Finding a type face: one that is installed and has the letters, else Pillow's own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import ImageFont

Face = ImageFont.FreeTypeFont | ImageFont.ImageFont

HEAVY = ("InterDisplay-Bold", "Inter-Bold", "HelveticaNeue-Bold", "arialbd", "Arial Bold", "segoeuib")
LIGHT = ("InterDisplay-Medium", "Inter-Medium", "Inter-Regular", "HelveticaNeue", "arial", "Arial", "segoeui")
_WIDE_COVERAGE = ("NotoSans-Bold", "NotoSansCJK-Bold", "DejaVuSans-Bold", "LiberationSans-Bold", "FreeSansBold")


def find_face(names: Sequence[str], text: str, size: int) -> Face:
    """The first installed face of `names` (file names without their ending) that can set `text`.

    Where none can, faces with many scripts are tried, then Pillow's own face is used.
    """
    installed = {path.stem.lower(): path for path in _installed()}
    for name in (*names, *_WIDE_COVERAGE):
        path = installed.get(name.lower())
        if path is None:
            continue
        try:
            face = ImageFont.truetype(path, size)
        except OSError:
            continue
        if _has_letters(face, text):
            return face
    return ImageFont.load_default(size)


def _installed() -> Iterator[Path]:
    for folder in _folders():
        for base, _, files in os.walk(folder):
            yield from (Path(base, name) for name in files if name.lower().endswith((".ttf", ".otf", ".ttc")))


def _folders() -> tuple[Path, ...]:
    home = Path.home()
    if sys.platform == "win32":
        return (Path(os.environ.get("WINDIR", "C:/Windows"), "Fonts"),)
    if sys.platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts")
    return (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local/share/fonts")


def _has_letters(face: ImageFont.FreeTypeFont, text: str) -> bool:
    missing = bytes(face.getmask("\U0010fffd"))
    return all(bytes(face.getmask(letter)) != missing for letter in set(text) if not letter.isspace())
