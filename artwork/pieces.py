"""Choosing the pieces of a collage: which bit of the shrunken style goes where, from large to small.

A transfer of style by patches that needs no learnt weights, after Hertzmann's painterly rendering (1998: layers
from coarse to fine, each only where the last is not yet good enough) with patches of the style for brush strokes
(image quilting, Efros and Freeman 2001: nearest patch under a penalty for using the same one again).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from scipy import ndimage

from artwork.collage import Collage, Corner, Piece
from artwork.flow import currents
from resources.progress import Cancelled, stop_if

Array = NDArray[np.float32]

PLAN_SIDE = 400
"""Pixels of the small picture on which the plan is tried out; the plan does not depend on the final size."""
_FIELD_SIDE = 200
"""Pixels; enough for what varies slowly: the currents, and where small pieces are needed."""
_GRID = 6
_CANDIDATES = 9000
_CELL = 0.1
"""Sides of the style; cuts this near to each other are as good as the same."""
_LARGEST_SHIFT = 0.4
"""More would push a piece into pure white, black or garish colour."""


@dataclass(frozen=True)
class Layer:
    """One size of pieces.

    `size` is the root of a piece's area in sides of the shrunken style of the first layer, `shrink` how much
    smaller the style is again than there, `share` the part of the cover that is given pieces of this size.
    """

    size: float
    shrink: float
    share: float
    spacing: float


LAYERS = (
    Layer(0.78, 1.0, 1.0, 0.5),
    Layer(0.52, 1.0, 0.78, 0.68),
    Layer(0.34, 1.15, 0.58, 0.7),
    Layer(0.22, 1.4, 0.42, 0.7),
    Layer(0.14, 1.8, 0.29, 0.7),
    Layer(0.09, 2.4, 0.15, 0.7),
)


@dataclass(frozen=True)
class CollageStyle:
    """How a collage is to look.

    Args:
        pieces: the styles are scaled to one over this of the cover.
        strength: 0 follows the content closely, 1 lets the pieces be themselves.
        tint: how far a piece takes on the colour of its place, 0 not at all, 1 wholly.
        lively: how much pieces with much in them are favoured over plain ones.
        mending: how much small pieces go where the picture is off, rather than where the content has detail.
        contrast: standard deviation (of 0..1) inside a piece; those with more are softened to it,
        following: plus so much of the contrast that the content has at the place: where it is calm, pieces are calm.
    """

    pieces: float
    strength: float
    tint: float
    lively: float = 0.35
    mending: float = 0.8
    contrast: float = 0.25
    following: float = 0.0
    layers: Sequence[Layer] = LAYERS


@dataclass(frozen=True)
class _Cuts:
    """Pieces that may be cut out of the styles: for each its style, middle, turn, and how it looks."""

    style: NDArray[np.int64]
    u: NDArray[np.float64]
    v: NDArray[np.float64]
    angle: NDArray[np.float64]
    mean: Array
    texture: Array
    contrast: Array
    """Standard deviation inside each, with detail that `texture` is too coarse to hold."""


def ground_for(content: Image.Image, side: int) -> Image.Image:
    """What lies under the pieces: the cover, blurred and darkened."""
    small = content.resize((PLAN_SIDE, PLAN_SIDE), Image.Resampling.LANCZOS)
    soft = small.filter(ImageFilter.GaussianBlur(0.03 * PLAN_SIDE)).point(lambda level: 0.8 * level)
    return soft.resize((side, side), Image.Resampling.BICUBIC)


def plan_pieces(
    content: Image.Image,
    styles: Sequence[Image.Image],
    look: CollageStyle,
    *,
    random: np.random.Generator,
    cancelled: Cancelled,
    drawn: Callable[[Image.Image, float], None],
) -> list[Piece]:
    """The pieces in the order in which they are pasted.

    Args:
        content: square; what the cover is to show.
        styles: what the pieces are cut from, any shape.
        drawn: is shown the small trial picture and how far the plan is, 0..1, about twice per layer.

    Raises:
        CancelledError: as soon as `cancelled()`.
    """
    collage = Collage(ground_for(content, PLAN_SIDE), styles)
    small = _pixels(content, _FIELD_SIDE)
    angles = currents(small, random)
    aspect = random.uniform(1.3, 2.3)
    planned: list[Piece] = []
    for number, layer in enumerate(look.layers):
        drawn(collage.picture, number / len(look.layers))
        size = layer.size / look.pieces
        length, width = size * math.sqrt(aspect), size / math.sqrt(aspect)
        scale = 1 / (look.pieces * layer.shrink)
        places = _places(size * layer.spacing, random)
        share = layer.share if layer.share == 1 else min(1.0, layer.share * (1.5 - 0.7 * look.strength))
        if share < 1:
            sofar = _pixels(collage.picture, _FIELD_SIDE)
            places = _neediest(places, share, size, small, sofar, look.mending)
        if not len(places):
            continue
        cuts = _cuts(styles, length / scale, width / scale, random)
        at = np.clip((places * _FIELD_SIDE).astype(np.int64), 0, _FIELD_SIDE - 1)
        turns = angles[at[:, 1], at[:, 0]] + random.normal(0, 0.12, len(places))
        around = _sampled(_pixels(content, _mip(length)), places[:, 0], places[:, 1], turns, (length, width))
        stretch = random.uniform(0.85, 1.2, (len(places), 2))
        jitter = random.uniform(-0.09, 0.09, (len(places), 4, 2))
        for index, (cut, gain, shift) in enumerate(_matches(around, cuts, look)):
            stop_if(cancelled)
            if index == len(places) // 2:
                drawn(collage.picture, (number + 0.5) / len(look.layers))
            piece = Piece(
                x=float(places[index, 0]),
                y=float(places[index, 1]),
                angle=float(turns[index]),
                corners=_outline(length * stretch[index, 0], width * stretch[index, 1], jitter[index]),
                style=int(cuts.style[cut]),
                scale=scale,
                u=float(cuts.u[cut]),
                v=float(cuts.v[cut]),
                style_angle=float(cuts.angle[cut]),
                gain=gain,
                shift=shift,
            )
            planned.append(piece)
            collage.paste(piece)
    drawn(collage.picture, 1.0)
    return planned


def _outline(length: float, width: float, jitter: NDArray[np.float64]) -> tuple[Corner, ...]:
    corners = ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))
    return tuple(
        (float(length * (x + dx)), float(width * (y + dy))) for (x, y), (dx, dy) in zip(corners, jitter, strict=True)
    )


def _pixels(image: Image.Image, side: int) -> Array:
    """The whole picture at side x side, 0..1."""
    return np.asarray(image.resize((side, side), Image.Resampling.BOX), dtype=np.float32) / np.float32(255)


def _mip(length: float) -> int:
    """Side at which one sample of the grid over `length` sides is about one pixel."""
    return max(_GRID, min(PLAN_SIDE, round(1.2 * _GRID / length)))


def _places(step: float, random: np.random.Generator) -> NDArray[np.float64]:
    """A jittered grid over the cover in random order: n x 2, in sides."""
    across = (np.arange(math.ceil(1 / step) + 2) - 0.5) * step
    grid = np.stack(np.meshgrid(across, across), axis=-1).reshape(-1, 2)
    grid = grid + random.uniform(-0.5, 0.5, grid.shape) * step
    kept = grid[(grid.min(axis=1) > -0.02) & (grid.max(axis=1) < 1.02)]
    return random.permutation(kept)


def _neediest(
    places: NDArray[np.float64], share: float, size: float, content: Array, sofar: Array, mending: float
) -> NDArray[np.float64]:
    """The `share` of the places where smaller pieces help most: where there is detail, or the picture is off."""
    reach = max(0.8, 0.25 * size * _FIELD_SIDE)
    off = np.abs(ndimage.gaussian_filter(sofar - content, (1.5 * reach, 1.5 * reach, 0))).mean(axis=2)
    fine, coarse = (ndimage.gaussian_filter(content, (k * reach, k * reach, 0)) for k in (0.5, 2.5))
    detail = np.sqrt(ndimage.gaussian_filter(((fine - coarse) ** 2).mean(axis=2), 2 * reach))
    at = np.clip((places * _FIELD_SIDE).astype(np.int64), 0, _FIELD_SIDE - 1)
    need = (1.3 * detail + mending * off)[at[:, 1], at[:, 0]]
    chosen = need >= np.quantile(need, 1 - share)
    neediest: NDArray[np.float64] = places[chosen & (need > 0.02)]
    return neediest


def _sampled(
    image: Array,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    turn: NDArray[np.float64],
    extent: tuple[float, float],
    sides: tuple[float, float] = (1.0, 1.0),
) -> Array:
    """The picture under a small grid laid at each place: n x GRID² x 3. `sides` is what width and height measure."""
    steps = (np.arange(_GRID) + 0.5) / _GRID - 0.5
    along, across = (part.ravel() for part in np.meshgrid(steps * extent[0], steps * extent[1]))
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    column = (x[:, None] + along * cos - across * sin) / sides[0] * image.shape[1]
    row = (y[:, None] + along * sin + across * cos) / sides[1] * image.shape[0]
    sampled: Array = image[
        np.clip(row.astype(np.int64), 0, image.shape[0] - 1),
        np.clip(column.astype(np.int64), 0, image.shape[1] - 1),
    ]
    return sampled


def _cuts(styles: Sequence[Image.Image], length: float, width: float, random: np.random.Generator) -> _Cuts:
    """Random pieces that lie (nearly) inside their style, at any turn."""
    parts: list[tuple[NDArray[np.float64], Array, Array, Array]] = []
    for number, style in enumerate(styles):
        count = _CANDIDATES // len(styles)
        root = math.sqrt(style.width * style.height)
        sides = (style.width / root, style.height / root)
        turn = random.uniform(0, 2 * np.pi, count)
        reach_x = 0.42 * (np.abs(length * np.cos(turn)) + np.abs(width * np.sin(turn)))
        reach_y = 0.42 * (np.abs(length * np.sin(turn)) + np.abs(width * np.cos(turn)))
        u = reach_x + random.uniform(0, 1, count) * (sides[0] - 2 * reach_x)
        v = reach_y + random.uniform(0, 1, count) * (sides[1] - 2 * reach_y)
        inside = (2 * reach_x <= sides[0]) & (2 * reach_y <= sides[1])
        if not inside.any():
            inside[:] = True
        place = np.stack([np.full(count, float(number)), u, v, turn], axis=1)[inside]
        looks, squares = (
            _sampled(mip, place[:, 1], place[:, 2], place[:, 3], (length, width), sides)
            for mip in _with_squares(style, _mip(length))
        )
        mean = looks.mean(axis=1)
        spread = np.sqrt(np.maximum(squares.mean(axis=1) - mean**2, 0).mean(axis=1))
        parts.append((place, mean, looks - mean[:, None], spread.astype(np.float32)))
    places, means, textures, contrasts = (np.concatenate(part) for part in zip(*parts, strict=True))
    style_numbers = places[:, 0].astype(np.int64)
    return _Cuts(style_numbers, places[:, 1], places[:, 2], places[:, 3], means, textures, contrasts)


def _with_squares(style: Image.Image, side: int) -> tuple[Array, Array]:
    """The style at side x side, and the means of its squares there, which know of the detail that is lost."""
    fine = side * max(1, _FIELD_SIDE // side)
    blocks = _pixels(style, fine).reshape(side, fine // side, side, fine // side, 3)
    return blocks.mean(axis=(1, 3)), (blocks**2).mean(axis=(1, 3))


def _matches(around: Array, cuts: _Cuts, look: CollageStyle) -> Iterator[tuple[int, float, tuple[float, float, float]]]:
    """For each place the best piece, its gain, and the shift of its colour.

    Near is what has the same light and shade inside the piece (its mean set aside) and, the less the strength, the
    same mean colour; lively pieces are favoured, and those near one that has just been used are put off.
    """
    strength = look.strength
    mean_weight = np.float32(2.0 * (1 - 0.6 * strength) * _GRID)
    mean = around.mean(axis=1)
    texture = around - mean[:, None]
    allowed = look.contrast + look.following * texture.std(axis=(1, 2))
    wanted = np.concatenate([texture.reshape(len(around), -1), mean * mean_weight], axis=1)
    offered = np.concatenate([cuts.texture.reshape(len(cuts.u), -1), cuts.mean * mean_weight], axis=1)
    contrast = np.maximum(cuts.texture.std(axis=(1, 2)), 1e-3)
    cost = (offered**2).sum(axis=1) - np.float32(look.lively * strength * _GRID**2) * contrast
    cells, neighbours = _cells(cuts)
    for start in range(0, len(wanted), 256):
        distances = -2 * wanted[start : start + 256] @ offered.T
        for row, distance in enumerate(distances, start):
            cut = int(np.argmin(distance + cost))
            cost[neighbours[cells[cut]]] += np.float32(0.1 + 0.6 * strength)
            gain = min(1.0, float(allowed[row] / max(cuts.contrast[cut], 1e-3)))
            towards = look.tint * mean[row] + (1 - look.tint) * cuts.mean[cut]
            shift = np.clip(towards - gain * cuts.mean[cut], -_LARGEST_SHIFT, _LARGEST_SHIFT)
            red, green, blue = (float(value) for value in shift)
            yield cut, gain, (red, green, blue)


def _cells(cuts: _Cuts) -> tuple[NDArray[np.int64], list[NDArray[np.int64]]]:
    """The cell of its style in which each cut lies, and for each cell the cuts in it."""
    across = np.floor(cuts.u / _CELL).astype(np.int64)
    down = np.floor(cuts.v / _CELL).astype(np.int64)
    names = (cuts.style * 1000 + down - down.min()) * 1000 + across - across.min()
    _, cells = np.unique(names, return_inverse=True)
    order = np.argsort(cells, kind="stable")
    return cells, np.split(order, np.cumsum(np.bincount(cells))[:-1])
