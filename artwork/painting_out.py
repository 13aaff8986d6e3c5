"""Painting something out of a picture: what was there is filled from what surrounds it.

Completion by patches (Wexler, Shechtman and Irani 2007): from coarse to fine, every patch that touches the hole looks
for the patch of the whole part that is most like it, by PatchMatch (Barnes and others 2009), and all of them vote on
what is to be seen in the hole. The finest level is small; what is found there is copied at the size of the picture,
and brought to the light of what stands around it by a membrane (Pérez, Gangnet and Blake 2003).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from artwork.errors import PictureError
from resources.progress import Cancelled, Report, never, no_report, stop_if

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]
Places = NDArray[np.int64]
Box = tuple[float, float, float, float]
"""Left, top, width and height in shares of the picture."""

_SIDE, _LEAST_SIDE = 400, 40
"""Pixels of the longer side on the finest level that is thought about, and on the coarsest."""
_REACH = 3
"""Patches are so many pixels from their middle to their edge."""
_FADING = 1.15
"""How much less a patch is heard with every pixel that it lies deeper in the hole, where less is known."""
_FIRST_ROUNDS, _ROUNDS, _LAST_ROUNDS = 20, 8, 4
_MOST = 0.6
"""Share of the picture that may be painted out."""
_MOST_OFF = 60.0
"""Levels of light, of 255, by which what is copied is brought nearer to what stands around it."""
_NEIGHBOURS = ((0, 1), (0, -1), (1, 0), (-1, 0))


def paint_out(
    picture: Image.Image,
    boxes: Sequence[Box],
    *,
    seed: int = 0,
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> Image.Image:
    """A copy of the picture in which the boxes are filled from their surroundings; the same for the same seed.

    Raises:
        PictureError: where too little of the picture would be left to fill them from.
        CancelledError: soon after `cancelled()`.
    """
    whole = np.asarray(picture.convert("RGB"))
    hole = hole_of(whole.shape[:2], boxes)
    if not hole.any():
        return picture.convert("RGB")
    if hole.mean() > _MOST:
        raise PictureError("Too little would be left of the picture to paint from.", "Mark less of it.")
    random = np.random.default_rng(seed)
    sizes = _sizes(picture.size)
    level: _Level | None = None
    for number, size in enumerate(sizes):
        report(0.9 * number / len(sizes), "Painting out")
        level = _Level.at(whole, hole, size, level, random)
        if level is None:
            continue  # nothing whole is left of a picture so small
        rounds = _FIRST_ROUNDS if number == 0 else _LAST_ROUNDS if number == len(sizes) - 1 else _ROUNDS
        for _ in range(rounds):
            stop_if(cancelled)
            level.match(random)
            level.vote()
    if level is None:
        raise PictureError("Too little would be left of the picture to paint from.", "Mark less of it.")
    report(0.92, "Painting out")
    made = _copied(whole, hole, level)
    report(1.0, "Painted out")
    return Image.fromarray(made)


def hole_of(shape: tuple[int, ...], boxes: Sequence[Box]) -> Mask:
    """The pixels that any of the boxes touches."""
    height, width = shape
    hole = np.zeros((height, width), dtype=np.bool_)
    for left, top, wide, high in boxes:
        first = (max(0, math.floor(top * height)), max(0, math.floor(left * width)))
        hole[first[0] : math.ceil((top + high) * height), first[1] : math.ceil((left + wide) * width)] = True
    return hole


def _sizes(size: tuple[int, int]) -> list[tuple[int, int]]:
    """Width and height of each level, the coarsest first."""
    largest = min(_SIDE, max(size))
    sides = [largest]
    while sides[-1] / 2 >= _LEAST_SIDE:
        sides.append(sides[-1] // 2)
    shares = (size[0] / max(size), size[1] / max(size))
    return [(max(1, round(side * shares[0])), max(1, round(side * shares[1]))) for side in reversed(sides)]


@dataclass
class _Level:
    """The picture at one size.

    Args:
        pixels: height x width x 3, 0..255; what is seen in the hole changes.
        hole: height x width.
        usable: the middles of patches that are whole.
        places: n x 2, row and column: the middles of the patches that touch the hole.
        found: n x 2: the whole patch that each of them is most like.
        cost: n: mean square difference of the two.
    """

    pixels: Array
    hole: Mask
    usable: Mask
    places: Places
    found: Places
    cost: Array

    @staticmethod
    def at(
        whole: NDArray[np.uint8], hole: Mask, size: tuple[int, int], coarser: _Level | None, random: np.random.Generator
    ) -> _Level | None:
        """The level of a size, with a first idea of the hole; None where it has no whole patch."""
        pixels = np.array(Image.fromarray(whole).resize(size, Image.Resampling.BOX), dtype=np.float32)
        small = Image.fromarray((255 * hole).astype(np.uint8)).resize(size, Image.Resampling.BOX)
        missing = np.asarray(small) > 0
        near = ndimage.binary_dilation(missing, np.ones((2 * _REACH + 1,) * 2))
        usable = ~near
        for edge in (np.s_[:_REACH], np.s_[-_REACH:]):
            usable[edge, :] = False
            usable[:, edge] = False
        if not usable.any():
            return None
        places = np.argwhere(near)
        sources = np.argwhere(usable)
        found = sources[random.integers(len(sources), size=len(places))]
        if coarser is not None:
            ratio = np.array(missing.shape) / np.array(coarser.hole.shape)
            parents = np.minimum((places / ratio).astype(np.int64), np.array(coarser.hole.shape) - 1)
            numbers = np.full(coarser.hole.shape, -1)
            numbers[tuple(coarser.places.T)] = np.arange(len(coarser.places))
            of = numbers[tuple(parents.T)]
            guess = np.rint(places + (coarser.found[of] - coarser.places[of]) * ratio).astype(np.int64)
            guess = np.clip(guess, 0, np.array(missing.shape) - 1)
            good = (of >= 0) & usable[tuple(guess.T)]
            found[good] = guess[good]
        level = _Level(pixels, missing, usable, places, found, np.zeros(len(places), np.float32))
        if coarser is None:
            level._smooth()
        else:
            level.vote()
        return level

    def _smooth(self) -> None:
        """Fills the hole with what is nearest, softly."""
        _, (rows, columns) = ndimage.distance_transform_edt(self.hole, return_indices=True)
        nearest = self.pixels[rows, columns]
        soft = ndimage.gaussian_filter(nearest, (2.0, 2.0, 0))
        self.pixels[self.hole] = soft[self.hole]

    def match(self, random: np.random.Generator) -> None:
        """Looks for better patches: where the neighbours have found some, and around what is found."""
        edge = ((_REACH, _REACH), (_REACH, _REACH), (0, 0))
        padded = np.pad(self.pixels, edge, mode="edge")
        mine = _patches(padded, self.places)
        self.cost = _difference(mine, _patches(padded, self.found))
        numbers = np.full(self.hole.shape, -1)
        numbers[tuple(self.places.T)] = np.arange(len(self.places))
        limits = np.array(self.hole.shape) - 1

        def try_(guess: Places, which: Places) -> None:
            guess = np.clip(guess, 0, limits)
            good = self.usable[tuple(guess.T)]
            guess, which = guess[good], which[good]
            cost = _difference(mine[which], _patches(padded, guess))
            better = cost < self.cost[which]
            self.found[which[better]] = guess[better]
            self.cost[which[better]] = cost[better]

        for step in (8, 2, 1):
            for way in _NEIGHBOURS:
                shift = step * np.array(way)
                beside = np.clip(self.places + shift, 0, limits)
                of = numbers[tuple(beside.T)]
                which = np.flatnonzero(of >= 0)
                try_(self.found[of[which]] - shift, which)
        radius = max(self.hole.shape) / 2
        every = np.arange(len(self.places))
        while radius >= 1:
            try_(self.found + random.integers(-int(radius), int(radius) + 1, self.found.shape), every)
            radius /= 2

    def vote(self) -> None:
        """Every patch that touches the hole says what is to be seen there, the more like it is the louder."""
        height, width = self.hole.shape
        scale = max(float(np.quantile(self.cost, 0.75)), 1.0)
        depth = ndimage.distance_transform_edt(self.hole)[tuple(self.places.T)]
        weights = np.exp(-self.cost / (2 * scale)) * _FADING ** -np.minimum(depth, 60.0)
        total = np.zeros((4, height * width))
        for down in range(-_REACH, _REACH + 1):
            for across in range(-_REACH, _REACH + 1):
                to = self.places + np.array((down, across))
                inside: Mask = ((to >= 0) & (to < (height, width))).all(axis=1)
                inside[inside] = self.hole[tuple(to[inside].T)]
                index = to[inside, 0] * width + to[inside, 1]
                source = self.found[inside] + np.array((down, across))
                loud = weights[inside]
                seen = self.pixels[tuple(source.T)] * loud[:, None]
                for part in range(3):
                    total[part] += np.bincount(index, seen[:, part], height * width)
                total[3] += np.bincount(index, loud, height * width)
        votes = total.T.reshape(height, width, 4)
        some = self.hole & (votes[..., 3] > 0)
        self.pixels[some] = (votes[some][:, :3] / votes[some][:, 3:]).astype(np.float32)


def _patches(padded: Array, places: Places) -> Array:
    """n x (patch² · 3)."""
    steps = np.arange(2 * _REACH + 1)
    rows = places[:, 0, None, None] + steps[:, None]
    columns = places[:, 1, None, None] + steps
    taken: Array = padded[rows, columns].reshape(len(places), 3 * len(steps) ** 2)
    return taken


def _difference(one: Array, other: Array) -> Array:
    result: Array = ((one - other) ** 2).mean(axis=1)
    return result


def _copied(whole: NDArray[np.uint8], hole: Mask, level: _Level) -> NDArray[np.uint8]:
    """The picture with its hole filled from where the level has found it, and soft edges around that."""
    small = np.array(level.hole.shape)
    ratio = np.array(hole.shape) / small
    size = (hole.shape[1], hole.shape[0])
    near = np.zeros(level.hole.shape, dtype=np.float32)
    near[tuple(level.places.T)] = 1.0
    away = ndimage.distance_transform_edt(~level.hole).astype(np.float32)
    share = _enlarged(np.clip(1 - away / _REACH, 0, 1) * near, size)
    share[hole] = 1.0
    at = np.argwhere(share > 0)
    moves = np.zeros((*level.hole.shape, 2), dtype=np.float32)
    moves[tuple(level.places.T)] = (level.found - level.places).astype(np.float32)
    exact = (at + 0.5) / ratio - 0.5
    first = np.floor(exact).astype(np.int64)
    rest = exact - first
    made = np.zeros((len(at), 3), dtype=np.float32)
    total = np.zeros((len(at), 1), dtype=np.float32)
    for down in (0, 1):
        for across in (0, 1):
            corner = np.clip(first + np.array((down, across)), 0, small - 1)
            part = np.abs(1 - down - rest[:, 0]) * np.abs(1 - across - rest[:, 1]) * near[tuple(corner.T)]
            source = np.rint(at + moves[tuple(corner.T)] * ratio).astype(np.int64)
            source = np.clip(source, 0, np.array(hole.shape) - 1)
            part = np.where(hole[tuple(source.T)], 0, part)[:, None].astype(np.float32)
            made += part * whole[tuple(source.T)]
            total += part
    seen = _enlarged(level.pixels, size)[tuple(at.T)]
    known = total[:, 0] > 1e-3
    seen[known] = made[known] / total[known]
    seen += _enlarged(_membrane(level), size)[tuple(at.T)]
    by = share[tuple(at.T)][:, None]
    mixed = by * seen + (1 - by) * whole[tuple(at.T)]
    result = np.array(whole)
    result[tuple(at.T)] = np.clip(mixed + 0.5, 0, 255).astype(np.uint8)
    return result


def _membrane(level: _Level) -> Array:
    """How far what is copied is off at the edge of the hole, stretched smoothly over it: height x width x 3."""
    rows, columns = level.places.T
    off = np.zeros_like(level.pixels)
    off[rows, columns] = level.pixels[rows, columns] - level.pixels[tuple(level.found.T)]
    rim = np.zeros(level.hole.shape, dtype=np.bool_)
    rim[rows, columns] = ~level.hole[rows, columns]
    weight = rim.astype(np.float32)
    stretched, total = np.zeros_like(off), np.zeros(level.hole.shape, dtype=np.float32)
    for spread in (2.0, 4.0, 8.0, 16.0, 32.0, 64.0):
        # near the rim what is near counts, further in all of it
        total += ndimage.gaussian_filter(weight, spread) * spread**-2
        stretched += ndimage.gaussian_filter(off * weight[..., None], (spread, spread, 0)) * spread**-2
    smooth = np.clip(stretched / np.maximum(total, 1e-9)[..., None], -_MOST_OFF, _MOST_OFF)
    return np.where((level.hole | rim)[..., None], smooth, 0).astype(np.float32)


def _enlarged(pixels: Array, size: tuple[int, int]) -> Array:
    """Height x width, or x 3."""
    if pixels.ndim == 3:
        return np.stack([_enlarged(pixels[..., part], size) for part in range(3)], axis=-1)
    return np.array(Image.fromarray(pixels.astype(np.float32)).resize(size, Image.Resampling.BILINEAR))
