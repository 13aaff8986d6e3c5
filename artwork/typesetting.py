"""Setting names in type over a picture, and whether they can be read there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from artwork.faces import HEAVY, LIGHT, Face, Faces

Colour = tuple[int, int, int]

LEAST_CONTRAST = 3.0
"""What WCAG 2.2 (1.4.3) asks of large type."""
_MARGIN = 0.06
"""Sides of the picture that type keeps off its edges."""
LEADING = 1.08
"""From one line to the next, in sizes of the type."""
_SMALLEST = 4


@dataclass(frozen=True)
class Words:
    """Some words on a picture. Lengths are in sides of the picture, so that they can be set at any size.

    `x` and `y` run from 0 (as far left, or up, as the margin allows) to 1 (as far right, or down), so that type never
    leaves the picture. Lines are flush left in the left third, flush right in the right one, else centred.
    """

    text: str
    x: float
    y: float
    size: float
    colour: Colour
    face: str = ""
    """Name of an installed face; "" for ours."""
    heavy: bool = True
    """Which of ours."""
    capitals: bool = False


@dataclass(frozen=True)
class Placed:
    """Where words ended up. Lengths are in sides of the picture."""

    left: float
    top: float
    right: float
    bottom: float
    room: tuple[float, float]
    """How far they are moved when `x`, or `y`, goes from 0 to 1."""
    contrast: float
    """With what is around them, 1 to 21."""
    missing: str = ""
    """Letters that no installed face has, and that are shown as boxes."""


def set_words(picture: Image.Image, words: Sequence[Words], faces: Faces) -> tuple[Image.Image, tuple[Placed, ...]]:
    """A copy of the picture with the words on it, and where each of them is; empty words are left out.

    Words too long for the picture are broken over lines, then set smaller, until they fit.
    """
    made = picture.convert("RGB")
    if made is picture:
        made = picture.copy()
    placed = []
    for some in words:
        text = printable(some.text.upper() if some.capitals else some.text)
        if text:
            placed.append(_set(made, text, some, faces))
    return made, tuple(placed)


def _set(picture: Image.Image, text: str, words: Words, faces: Faces) -> Placed:
    width, height = picture.size
    margin = round(_MARGIN * min(width, height))
    room = (width - 2 * margin, height - 2 * margin)
    names = HEAVY if words.heavy else LIGHT
    face, lines, size = fitted(text, names, faces, room, words.size * min(width, height), words.face)
    block = (max(face.getlength(line) for line in lines), len(lines) * LEADING * size)
    left = margin + words.x * (room[0] - block[0])
    top = margin + words.y * (room[1] - block[1])
    mask = Image.new("L", picture.size)
    draw = ImageDraw.Draw(mask)
    flush = 0.0 if words.x < 1 / 3 else 1.0 if words.x > 2 / 3 else 0.5
    for number, line in enumerate(lines):
        x = left + flush * (block[0] - face.getlength(line))
        draw.text((x, top + number * LEADING * size), line, fill=255, font=face)
    contrast = _contrast(picture, mask, words.colour, size)
    picture.paste(words.colour, mask=mask)
    right, bottom = left + block[0], top + block[1]
    travel = ((room[0] - block[0]) / width, (room[1] - block[1]) / height)
    missing = faces.missing(names, text, words.face)
    return Placed(left / width, top / height, right / width, bottom / height, travel, contrast, missing)


def fitted(
    text: str, names: Sequence[str], faces: Faces, room: tuple[float, float], size: float, chosen: str = ""
) -> tuple[Face, list[str], float]:
    """The face, the lines and the size at which `text` goes into `room` (width, height): `size` or less."""
    while True:
        face = faces.find(names, text, max(_SMALLEST, round(size)), chosen)
        lines = broken(text, face, room[0])
        fits = len(lines) * LEADING * size <= room[1] and all(face.getlength(line) <= room[0] for line in lines)
        if fits or size <= _SMALLEST:
            return face, lines, size
        size *= 0.88


def broken(text: str, face: Face, width: float) -> list[str]:
    """The words of `text` in lines that are no wider than `width`, unless a single word is."""
    lines: list[str] = []
    for word in text.split():
        if lines and face.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines


def printable(text: str) -> str:
    """The text in one line, without what cannot be seen."""
    return " ".join("".join(letter for letter in text if letter.isprintable() or letter.isspace()).split())


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted(float(luminance(np.array([colour]))[0]) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def luminance(pixels: NDArray[np.generic]) -> NDArray[np.float64]:
    """Relative luminance of sRGB pixels [..., 3] of 0..255 (WCAG 2.2)."""
    part = np.asarray(pixels, dtype=np.float64) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    result: NDArray[np.float64] = linear @ np.array([0.2126, 0.7152, 0.0722])
    return result


def _contrast(picture: Image.Image, mask: Image.Image, colour: Colour, size: float) -> float:
    """That of the type with what lies close around its letters: what a fifth of it falls short of."""
    box = mask.getbbox()
    if box is None:
        return 1.0
    reach = max(1, round(0.06 * size))
    box = (
        max(0, box[0] - reach),
        max(0, box[1] - reach),
        min(picture.width, box[2] + reach),
        min(picture.height, box[3] + reach),
    )
    letters = mask.crop(box)
    shrink = max(1, max(letters.size) // 400)  # a rim of some pixels is enough, however large the picture
    letters, ground = letters.reduce(shrink), picture.crop(box).reduce(shrink)
    near = letters.filter(ImageFilter.MaxFilter(2 * max(1, reach // shrink) + 1))
    rim = (np.asarray(near) > 127) & (np.asarray(letters) < 128)
    around = luminance(np.asarray(ground)[rim]) if rim.any() else luminance(np.asarray(ground).reshape(-1, 3))
    mine = float(luminance(np.array([colour]))[0])
    ratios = (np.maximum(around, mine) + 0.05) / (np.minimum(around, mine) + 0.05)
    return float(np.quantile(ratios, 0.2))


def colours_of(picture: Image.Image, count: int = 4) -> tuple[Colour, ...]:
    """Colours of the picture that differ from each other: those that fill much of it, and those that are vivid."""
    small = picture.convert("RGB").resize((96, 96), Image.Resampling.BOX)
    pixels = np.asarray(small.quantize(32, Image.Quantize.MEDIANCUT).convert("RGB")).reshape(-1, 3)
    found, many = np.unique(pixels, axis=0, return_counts=True)
    vivid = 0.25 + np.ptp(found, axis=1) / 255
    best = np.argsort(-np.sqrt(many) * vivid)
    ordered: list[Colour] = [(int(red), int(green), int(blue)) for red, green, blue in found[best]]
    chosen: list[Colour] = []
    for distance in (110, 60, 20):
        for colour in ordered:
            if len(chosen) < count and all(_distance(colour, other) >= distance for other in chosen):
                chosen.append(colour)
    return tuple(chosen)


def _distance(one: Colour, other: Colour) -> int:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))
