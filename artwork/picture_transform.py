"""Views of one picture that differ from each other: part, side, turn and colours of it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps
from scipy import ndimage

_LEAST_SIDE, _MOST_SIDE = 200, 3000
_PLAN_SIDE = 96
"""Pixels on which the liveliest part is looked for."""
_TRIES = 16
_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)


@dataclass(frozen=True)
class PictureTransform:
    """Which part of a picture is taken, and how that is turned and coloured.

    Args:
        zoom: the part that is seen is one over this of the largest square in it.
        x, y: where that part lies, 0 (left, top) to 1.
        turn: degrees by which it is turned.
        hue: turns by which all colours go round the circle of colours, 0..1.
        negative: light and dark change places.
        tones: two colours (0..255 each) that stand for its dark and its light; () leaves its own.
        pieces: how many times finer the pieces of a collage are than was asked for.
    """

    zoom: float = 1.0
    x: float = 0.5
    y: float = 0.5
    mirrored: bool = False
    turn: float = 0.0
    hue: float = 0.0
    negative: bool = False
    tones: tuple[tuple[int, int, int], ...] = ()
    pieces: float = 1.0

    def kept(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def transform_from(kept: Mapping[str, Any]) -> PictureTransform:
    """The transform that `PictureTransform.kept` has given, as read from a file.

    Raises:
        TypeError, ValueError: for what is no transform.
    """
    values = {**kept, "tones": tuple((int(r), int(g), int(b)) for r, g, b in kept.get("tones", ()))}
    transform = PictureTransform(**values)
    if not (
        1 <= transform.zoom <= 8 and 0 <= transform.x <= 1 and 0 <= transform.y <= 1 and 0.1 <= transform.pieces <= 10
    ):
        raise ValueError("no picture is looked at like this")
    return transform


def random_transform(picture: Image.Image, seed: int) -> PictureTransform:
    """One of six kinds, which take turns, so that of six seeds in a row no two are alike; the first is the whole."""
    draw = random.Random(seed)
    kind = seed % 6
    if kind == 0:
        return PictureTransform()
    if kind == 1:
        zoom = draw.uniform(1.5, 1.8)
        x, y = _lively(picture, zoom, draw)
        return PictureTransform(zoom=zoom, x=x, y=y, pieces=draw.uniform(0.6, 0.8))
    if kind == 2:
        return PictureTransform(
            mirrored=True, hue=draw.uniform(0.3, 0.7), tones=_tones(picture, draw), pieces=draw.uniform(0.9, 1.2)
        )
    if kind == 3:
        zoom = draw.uniform(2.0, 2.6)
        x, y = _lively(picture, zoom, draw)
        return PictureTransform(zoom=zoom, x=x, y=y, mirrored=draw.random() < 0.5, pieces=draw.uniform(0.9, 1.3))
    if kind == 4:
        turn = draw.choice((-1, 1)) * draw.choice((draw.uniform(12, 20), 90.0))
        return PictureTransform(zoom=draw.uniform(1.1, 1.3), turn=turn, pieces=draw.uniform(1.2, 1.6))
    return PictureTransform(
        negative=True, hue=draw.uniform(0.4, 0.6), zoom=draw.uniform(1.0, 1.15), pieces=draw.uniform(0.5, 0.7)
    )


def near(transform: PictureTransform, draw: random.Random) -> PictureTransform:
    """One a little off this."""

    def off(value: float, by: float) -> float:
        return min(max(value + draw.gauss(0, by), 0.0), 1.0)

    zoom = min(max(transform.zoom * (1 + draw.gauss(0, 0.06)), 1.0), 8.0)
    changed = {**transform.kept(), "zoom": zoom, "x": off(transform.x, 0.06), "y": off(transform.y, 0.06)}
    return transform_from({**changed, "hue": (transform.hue + draw.gauss(0, 0.03)) % 1.0 if transform.hue else 0.0})


def transformed(picture: Image.Image, transform: PictureTransform) -> Image.Image:
    """The picture so looked at: square, at the pixels it has, 200 to 3000 a side."""
    rgb = picture.convert("RGB")
    if transform.mirrored:
        rgb = ImageOps.mirror(rgb)
    whole = min(rgb.size)
    side = whole / transform.zoom
    left = transform.x * (rgb.width - side)
    top = transform.y * (rgb.height - side)
    wanted = min(max(round(side), _LEAST_SIDE), _MOST_SIDE)
    if transform.turn % 360:
        rgb = rgb.rotate(
            transform.turn, Image.Resampling.BICUBIC, center=(left + side / 2, top + side / 2), fillcolor=_mean(rgb)
        )
        side, left, top = _inside(rgb.size, (left, top, side), transform.turn)
    seen = rgb.resize((wanted, wanted), Image.Resampling.LANCZOS, box=(left, top, left + side, top + side))
    return _coloured(seen, transform)


def _inside(size: tuple[int, int], part: tuple[float, float, float], turn: float) -> tuple[float, float, float]:
    """Side, left and top of the part that has no corner of the turned picture in it."""
    left, top, side = part
    angle = np.radians(turn % 90)
    room = min(left, top, size[0] - left - side, size[1] - top - side) * 2 + side
    fits = min(side, room / (np.cos(angle) + np.sin(angle)))
    return float(fits), float(left + (side - fits) / 2), float(top + (side - fits) / 2)


def _coloured(picture: Image.Image, transform: PictureTransform) -> Image.Image:
    if transform.tones:
        dark, light = (np.array(tone, dtype=np.float32) for tone in transform.tones)
        grey = np.asarray(ImageOps.autocontrast(picture.convert("L"), cutoff=1), dtype=np.float32)[..., None] / 255
        picture = Image.fromarray((dark + grey * (light - dark) + 0.5).astype(np.uint8))
    if transform.negative:
        picture = ImageOps.invert(picture)
    if transform.hue:
        hue, saturation, value = picture.convert("HSV").split()
        hue = hue.point([(level + round(256 * transform.hue)) % 256 for level in range(256)])
        picture = Image.merge("HSV", (hue, saturation, value)).convert("RGB")
    return picture


def _mean(picture: Image.Image) -> tuple[int, int, int]:
    red, green, blue = np.asarray(picture.resize((1, 1), Image.Resampling.BOX))[0, 0]
    return int(red), int(green), int(blue)


def _tones(picture: Image.Image, draw: random.Random) -> tuple[tuple[int, int, int], ...]:
    """Two colours for a picture that has next to none, whose hues could be turned without a difference."""
    saturation = np.asarray(picture.convert("RGB").resize((32, 32)).convert("HSV"))[..., 1].mean()
    if saturation > 40:
        return ()
    red, green, blue = (draw.randrange(20, 70) for _ in range(3))
    light = [draw.randrange(150, 256), draw.randrange(90, 200), draw.randrange(40, 130)]
    draw.shuffle(light)
    return (red, green, blue), (light[0], light[1], light[2])


def _lively(picture: Image.Image, zoom: float, draw: random.Random) -> tuple[float, float]:
    """Of some parts drawn by lot the one with the most to see in it: where it lies, as `x` and `y` of a transform."""
    small = picture.convert("RGB").resize((_PLAN_SIDE, _PLAN_SIDE), Image.Resampling.BOX)
    grey: NDArray[np.float32] = np.asarray(small, dtype=np.float32) @ _LUMA
    detail = ndimage.gaussian_gradient_magnitude(grey, 1.0)
    side = round(_PLAN_SIDE / zoom)
    places = [(draw.random(), draw.random()) for _ in range(_TRIES)]

    def seen(place: tuple[float, float]) -> float:
        left, top = (round(share * (_PLAN_SIDE - side)) for share in place)
        return float(detail[top : top + side, left : left + side].mean())

    return max(places, key=seen)
