"""Cutting pieces out of shrunken pictures and pasting them down."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Corner = tuple[float, float]
_SHADOW = 82
"""How dark a shadow is, of 255."""


@dataclass(frozen=True)
class Piece:
    """One cut-out: where it is pasted and where in which style it is cut.

    Lengths on the cover are in sides of the cover, so that one plan can be drawn at any size.
    """

    x: float
    y: float
    angle: float
    """How far the piece is turned on the cover, in radians."""
    corners: tuple[Corner, ...]
    """Its outline around its own middle, before turning."""
    style: int
    scale: float
    """Side of the shrunken style on the cover; the side of a style that is not square is the root of its area."""
    u: float
    v: float
    """Middle of the piece in the style, in sides of the style."""
    style_angle: float
    gain: float
    shift: tuple[float, float, float]
    """Red, green and blue (0..1) are multiplied by `gain`, then this is added: towards the colour of the place."""


class Collage:
    """A picture that pieces are pasted on, one after another."""

    def __init__(self, ground: Image.Image, styles: Sequence[Image.Image]) -> None:
        self.picture = ground.copy()
        self._styles = styles
        self._shrunken: dict[tuple[int, int], tuple[Image.Image, int]] = {}

    def paste(self, piece: Piece) -> None:
        """Draws the piece with soft edges and the shadow it throws."""
        side = self.picture.width
        cos, sin = math.cos(piece.angle), math.sin(piece.angle)
        outline = [
            (side * (piece.x + a * cos - b * sin), side * (piece.y + a * sin + b * cos)) for a, b in piece.corners
        ]
        depth = max(1.0, 0.003 * side)
        left = max(0, math.floor(min(x for x, _ in outline) - 2 * depth))
        top = max(0, math.floor(min(y for _, y in outline) - 2 * depth))
        right = min(side, math.ceil(max(x for x, _ in outline) + 3 * depth))
        bottom = min(side, math.ceil(max(y for _, y in outline) + 3 * depth))
        if right <= left or bottom <= top:
            return
        box = (left, top, right, bottom)
        mask = _mask(outline, box)
        self._shade(mask, box, depth)
        self.picture.paste(self._cut(piece, box), box, mask)

    def _shade(self, mask: Image.Image, box: tuple[int, int, int, int], depth: float) -> None:
        offset = round(0.6 * depth)
        shadow = Image.new("L", mask.size)
        shadow.paste(_SHADOW, (offset, offset), mask)
        shadow = shadow.filter(ImageFilter.BoxBlur(0.8 * depth))
        self.picture.paste(0, box, shadow)

    def _cut(self, piece: Piece, box: tuple[int, int, int, int]) -> Image.Image:
        """The pixels of the style under `box`, turned and tinted."""
        side = self.picture.width
        style_side = max(4, round(side * piece.scale))
        style, margin = self._shrink(piece.style, style_side)
        turn = piece.style_angle - piece.angle
        cos, sin = math.cos(turn), math.sin(turn)
        dx, dy = box[0] - piece.x * side, box[1] - piece.y * side
        cut = style.transform(
            (box[2] - box[0], box[3] - box[1]),
            Image.Transform.AFFINE,
            (
                *(cos, -sin, cos * dx - sin * dy + piece.u * style_side + margin),
                *(sin, cos, sin * dx + cos * dy + piece.v * style_side + margin),
            ),
            Image.Resampling.BICUBIC,
        )
        red, green, blue = (255 * shift for shift in piece.shift)
        gain = piece.gain
        return cut.convert("RGB", (gain, 0, 0, red, 0, gain, 0, green, 0, 0, gain, blue))

    def _shrink(self, index: int, side: int) -> tuple[Image.Image, int]:
        """The style at `side`, mirrored all around so that a piece may reach over its edge, and that margin."""
        if (index, side) not in self._shrunken:
            style = self._styles[index]
            factor = side / math.sqrt(style.width * style.height)
            size = (max(2, round(style.width * factor)), max(2, round(style.height * factor)))
            pixels = np.asarray(style.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0))
            margin = side // 2
            padded = np.pad(pixels, ((margin, margin), (margin, margin), (0, 0)), mode="symmetric")
            self._shrunken[index, side] = Image.fromarray(padded), margin
        return self._shrunken[index, side]


def _mask(outline: Sequence[Corner], box: tuple[int, int, int, int]) -> Image.Image:
    fine = 3
    size = (fine * (box[2] - box[0]), fine * (box[3] - box[1]))
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).polygon([(fine * (x - box[0]), fine * (y - box[1])) for x, y in outline], fill=255)
    return mask.reduce(fine)
