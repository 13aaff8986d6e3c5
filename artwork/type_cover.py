"""A cover of nothing but type and lines, for albums that come without a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from artwork.faces import HEAVY, LIGHT, Faces
from artwork.typesetting import LEADING, Colour, fitted, printable


@dataclass(frozen=True)
class Palette:
    """The three colours of a cover set in type."""

    ground: Colour
    line: Colour
    type: Colour


PALETTES = (
    Palette((16, 24, 32), (238, 99, 60), (246, 240, 228)),
    Palette((228, 220, 203), (28, 63, 84), (22, 24, 28)),
    Palette((178, 44, 38), (26, 14, 16), (250, 236, 214)),
    Palette((20, 58, 54), (224, 182, 92), (243, 238, 222)),
    Palette((44, 28, 72), (236, 120, 152), (250, 238, 236)),
    Palette((236, 188, 66), (28, 26, 24), (28, 26, 24)),
    Palette((12, 12, 14), (206, 208, 212), (240, 240, 240)),
    Palette((70, 110, 160), (14, 22, 44), (248, 246, 238)),
)


@dataclass(frozen=True)
class _Box:
    """Where text may stand, in pixels."""

    left: int
    top: int
    width: float
    height: float


def type_cover(title: str, artist: str, size: int = 1000, seed: int = 0, faces: Faces | None = None) -> Image.Image:
    """Title and artist set large over a relief of lines; palette and relief come from the seed.

    Raises nothing for long or empty names: they are set smaller, broken over lines, or left out.
    """
    faces = faces or Faces()
    palette = PALETTES[seed % len(PALETTES)]
    type_layer = Image.new("L", (size, size))
    draw = ImageDraw.Draw(type_layer)
    margin = round(0.075 * size)
    width = size - 2 * margin
    box = _Box(margin, margin, width, 0.11 * size)
    top = _set_lines(draw, printable(artist), LIGHT, faces, box, 0.05 * size)
    box = _Box(margin, top, width, 0.52 * size - top)
    top = _set_lines(draw, printable(title), HEAVY, faces, box, 0.125 * size)
    cover = _relief(palette, size, max(0.47, top / size + 0.08), np.random.default_rng(seed))
    cover.paste(palette.type, mask=type_layer)
    return cover


def _relief(palette: Palette, size: int, horizon: float, random: np.random.Generator) -> Image.Image:
    """Lines one behind another, each hiding what lies behind it, raised by a smooth random mountain."""
    fine = 2
    side = fine * size
    picture = Image.new("RGB", (side, side), palette.ground)
    draw = ImageDraw.Draw(picture)
    rows = int(random.integers(26, 44))
    across = np.linspace(0, 1, 320)
    peaks = random.uniform(0.25, 0.75, 4), random.uniform(0.05, 0.16, 4), random.uniform(0.4, 1.0, 4)
    waves = random.uniform(8, 60, 9), random.uniform(0, 2 * np.pi, 9), random.uniform(0.3, 1.0, 9)
    for row in range(rows):
        depth = row / (rows - 1)
        drift = 0.06 * np.sin(5 * depth + peaks[2])
        hill = sum(
            height * np.exp(-(((across - middle - move) / width) ** 2))
            for middle, width, height, move in zip(*peaks, drift, strict=True)
        )
        ripple = sum(
            high * np.sin(often * across + phase + 9 * depth * high) for often, phase, high in zip(*waves, strict=True)
        )
        raised = hill * (0.55 + 0.45 * np.abs(ripple) / 3) * np.sin(np.pi * (0.15 + 0.85 * depth)) ** 0.7
        y = side * (horizon + (0.93 - horizon) * (depth - 0.18 * raised))
        points = [(float(x), float(at)) for x, at in zip(across * side, y, strict=True)]
        draw.polygon([*points, (side, side), (0, side)], fill=palette.ground)
        draw.line(points, fill=palette.line, width=max(fine, round(0.0028 * side)), joint="curve")
    return picture.reduce(fine)


def _set_lines(
    draw: ImageDraw.ImageDraw,
    text: str,
    names: Sequence[str],
    faces: Faces,
    box: _Box,
    size: float,
) -> int:
    """Sets the text at `size`, or smaller until it goes into the box; gives where the next may begin."""
    if not text:
        return box.top
    face, lines, size = fitted(text, names, faces, (box.width, box.height), size)
    for number, line in enumerate(lines):
        draw.text((box.left, box.top + number * LEADING * size), line, fill=255, font=face)
    return round(box.top + (len(lines) * LEADING + 0.3) * size)
