"""What a transfer of style strives for, and how far a picture is from it (Gatys, Ecker and Bethge 2015).

The losses are those of the paper, each divided by the size of what it compares with, so that layers, networks and
pictures of all sizes weigh alike. A large picture is looked at in tiles: the Gram matrices are summed over all tiles
first, then the gradient is found tile by tile, which gives the same as the whole at a fraction of the memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from artwork.vgg import Features, gram

CONTENT = "conv4_2"
STYLE = ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")
MARGIN = 96
"""Pixels around a tile, a multiple of 16; no response of the layers above sees further."""
_BLOCK = {name: int(name[4]) - 1 for name in (CONTENT, *STYLE)}


@dataclass(frozen=True)
class Weights:
    """What counts how much: the content, all layers of the style together, and the total variation."""

    content: float
    style: float = 1.0
    variation: float = 0.02


@dataclass(frozen=True)
class Tile:
    """A part of a picture (its own pixels), and the larger part that has to be looked at for it. In pixels."""

    top: int
    left: int
    bottom: int
    right: int
    height: int
    width: int

    def seen(self, picture: Tensor) -> Tensor:
        """With its margin, cut out of a picture [1, 3, height, width]."""
        return picture[..., self._from(self.top) : self._to(self.bottom, self.height), self._from(self.left) :][
            ..., : self._to(self.right, self.width) - self._from(self.left)
        ]

    def own(self, responses: Tensor, block: int) -> Tensor:
        """Its own places among the responses to what is seen."""
        top, left = self.top - self._from(self.top) >> block, self.left - self._from(self.left) >> block
        high, wide = (self.bottom >> block) - (self.top >> block), (self.right >> block) - (self.left >> block)
        return responses[..., top : top + high, left : left + wide]

    def _from(self, edge: int) -> int:
        return max(0, edge - MARGIN)

    def _to(self, edge: int, end: int) -> int:
        return min(end, edge + MARGIN)


def tiles(height: int, width: int, side: int) -> Iterator[Tile]:
    """The tiles of a picture of about `side` (a multiple of 16) either way; none is too small to be seen at all."""
    for top, bottom in _parts(height, side):
        for left, right in _parts(width, side):
            yield Tile(top, left, bottom, right, height, width)


def _parts(length: int, side: int) -> Iterator[tuple[int, int]]:
    starts = range(0, max(1, length - 15), side)
    return zip(starts, (*starts[1:], length), strict=True)


class Aim:
    """Content and style to strive for.

    Args:
        content: 1 x 3 x height x width, 0..1; pictures that are judged have this shape.
        style: 1 x 3 x any height x any width.
        tile: side of the tiles in pixels, a multiple of 16.
        between: called often; what it raises stops the work.
    """

    def __init__(
        self,
        features: Features,
        content: Tensor,
        style: Tensor,
        weights: Weights,
        tile: int,
        between: Callable[[], None] = lambda: None,
    ) -> None:
        self._features = features
        self._weights = weights
        self._between = between
        self._tiles = list(tiles(content.shape[2], content.shape[3], tile))
        with torch.no_grad():
            self._style = {name: gram(seen) for name, seen in features(style, STYLE, between).items()}
            wanted = [features(part.seen(content), (CONTENT,), between)[CONTENT] for part in self._tiles]
            own = zip(self._tiles, wanted, strict=True)
            self._content = [part.own(seen, _BLOCK[CONTENT]).clone() for part, seen in own]
        self._energy = sum(float(seen.square().sum()) for seen in self._content) + 1e-12

    def judge(self, picture: Tensor) -> tuple[float, Tensor]:
        """The loss of a picture and its gradient, of the picture's shape."""
        variation, gradient = _variation(picture, self._weights.variation)
        loss = self._whole(picture, gradient) if len(self._tiles) == 1 else self._by_tiles(picture, gradient)
        return variation + loss, gradient

    def _whole(self, picture: Tensor, gradient: Tensor) -> float:
        leaf = picture.detach().requires_grad_()
        seen = self._features(leaf, (*STYLE, CONTENT), self._between)
        loss = self._style_loss({name: gram(seen[name]) for name in STYLE})
        loss = loss + self._content_loss(seen[CONTENT], 0)
        gradient += torch.autograd.grad(loss, leaf)[0]
        return loss.item()

    def _by_tiles(self, picture: Tensor, gradient: Tensor) -> float:
        grams = self._grams(picture)
        loss = self._style_loss(grams)
        pull = dict(zip(grams, torch.autograd.grad(loss, list(grams.values())), strict=True))
        total = loss.item()
        for number, part in enumerate(self._tiles):
            leaf = part.seen(picture).detach().clone().requires_grad_()
            seen = self._features(leaf, (*STYLE, CONTENT), self._between)
            content = self._content_loss(part.own(seen[CONTENT], _BLOCK[CONTENT]), number)
            # the chain rule through the Gram matrices of the whole picture, of which this tile is a part
            through = content
            for name in STYLE:
                flat = part.own(seen[name], _BLOCK[name]).flatten(2)[0]
                through = through + ((pull[name] @ flat) * flat).sum() / self._places(name)
            part.seen(gradient).add_(torch.autograd.grad(through, leaf)[0])
            total += content.item()
        return total

    def _grams(self, picture: Tensor) -> dict[str, Tensor]:
        """Those of the whole picture, summed over its tiles; leaves that a gradient can be asked of."""
        sums: dict[str, Tensor] = {}
        with torch.no_grad():
            for part in self._tiles:
                seen = self._features(part.seen(picture), STYLE, self._between)
                for name in STYLE:
                    own = part.own(seen[name], _BLOCK[name])
                    mean = gram(own) * (own.shape[2] * own.shape[3] / self._places(name))
                    sums[name] = sums[name] + mean if name in sums else mean
        return {name: total.requires_grad_() for name, total in sums.items()}

    def _places(self, name: str) -> int:
        last = self._tiles[-1]
        return (last.height >> _BLOCK[name]) * (last.width >> _BLOCK[name])

    def _style_loss(self, grams: Mapping[str, Tensor]) -> Tensor:
        return self._weights.style * style_loss(grams, self._style)

    def _content_loss(self, responses: Tensor, number: int) -> Tensor:
        """Of one tile: the parts of all tiles add up to that of the picture (equation 1)."""
        return self._weights.content * (responses - self._content[number]).square().sum() / self._energy


def style_loss(grams: Mapping[str, Tensor], wanted: Mapping[str, Tensor]) -> Tensor:
    """The mean over the layers of |G - A|² / |A|² (equations 4 and 5, with equal weights)."""
    parts = [(grams[name] - wanted[name]).square().sum() / wanted[name].square().sum() for name in STYLE]
    return torch.stack(parts).mean()


def _variation(picture: Tensor, weight: float) -> tuple[float, Tensor]:
    """Mean squared difference of neighbours, times `weight`, and its gradient (total variation, Mahendran 2014)."""
    leaf = picture.detach().requires_grad_()
    across = (leaf[..., 1:] - leaf[..., :-1]).square().mean()
    down = (leaf[..., 1:, :] - leaf[..., :-1, :]).square().mean()
    loss = weight * (across + down)
    return loss.item(), torch.autograd.grad(loss, leaf)[0]
