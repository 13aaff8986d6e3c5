"""Transfer of style by the 19-layer network: Gatys, Ecker and Bethge, "A Neural Algorithm of Artistic Style" (2015).

The picture is found by L-BFGS, coarse to fine: a small one first, each larger one from the last, so that what is large
is settled where it is cheap, and a few steps are enough where it is not.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from PIL import Image
from torch import Tensor

from artwork.aim import Aim, Weights
from artwork.cover_settings import CoverSettings
from artwork.errors import PictureError
from artwork.preview import Preview
from artwork.rendering import Rendering
from artwork.vgg import Features
from resources.progress import Report, stop_if

_SMALLEST = 64
_LEVELS = (250, 500, 1000, 2000, 4000)
_TILE = 1024
_LARGEST_STYLE = 768
"""Pixels; more of a style says nothing new about its statistics."""
_LEAST_STYLE = 224
_BLEED = 16
"""Pixels around the picture that are painted and cut off."""
_PREVIEW_EVERY = 0.8
_NOISE = 0.12
"""Standard deviation (of 0..1) of what tells one seed from another at the start."""
_STEPS = 50
"""At 1000 pixels."""
_MEMORY, _LARGE_MEMORY, _LARGE = 10, 5, 2000
"""Steps that L-BFGS remembers, and how many of a picture that is larger than so many pixels."""


def transfer(
    features: Features,
    content: Image.Image,
    style: Image.Image,
    settings: CoverSettings,
    seed: int,
    rendering: Rendering,
) -> Image.Image:
    """The content in the style.

    Args:
        features: on the device that is to do the work.
        content: square.
        style: any shape; scaled so that its side (the root of its area) is one over the pieces of the settings of the
            picture's.
        settings: `pieces` and `strength` count here.
        seed: the same seed gives the same picture on the same device.

    Raises:
        CancelledError: as soon as the rendering is cancelled, which is asked before every layer of the network.
        PictureError: where the device has not enough memory.
    """
    size = rendering.size

    def between() -> None:
        stop_if(rendering.cancelled)

    try:
        with torch.backends.cudnn.flags(enabled=True, deterministic=True, benchmark=False, allow_tf32=False):
            return (
                _Transfer(features, content, style, settings.pieces, _weights(settings.strength), between)
                .run(max(size, _SMALLEST), seed, rendering)
                .resize((size, size), Image.Resampling.LANCZOS)
            )
    except torch.OutOfMemoryError:
        raise PictureError("The graphics card has not enough memory for this.", "Close other programs.") from None


def _weights(strength: float) -> Weights:
    return Weights(content=10 ** (-2 * strength))


class _Transfer:
    """One picture on its way."""

    def __init__(
        self,
        features: Features,
        content: Image.Image,
        style: Image.Image,
        pieces: float,
        weights: Weights,
        between: Callable[[], None],
    ) -> None:
        self._features, self._weights, self._between = features, weights, between
        self._content, self._style, self._pieces = content, style, pieces
        self._device = features.get_buffer("mean").device
        self._shown = 0.0

    def run(self, size: int, seed: int, rendering: Rendering) -> Image.Image:
        """The picture of `size` pixels a side, the rendering's own size set aside."""
        steps, report, preview = rendering.steps, rendering.report, rendering.preview
        sides = levels(size)
        counts = [max(2, round(steps * steps_at(side))) for side in sides]
        costs = [count * side**2 for count, side in zip(counts, sides, strict=True)]
        picture = self._begin(sides[0], seed)
        done = 0.0
        for side, count, cost in zip(sides, counts, costs, strict=True):
            after = self._telling(report, preview, f"at {side} pixels", done / sum(costs), cost / count / sum(costs))
            if picture.shape[2] != side:
                picture = self._tensor(_image(picture), side)
            picture = self._descend(picture, side, count, after)
            done += cost
        report(1.0, "Done")
        return _image(picture)

    def _telling(
        self, report: Report, preview: Preview | None, where: str, done: float, each: float
    ) -> Callable[[int, Tensor], None]:
        def after(step: int, picture: Tensor) -> None:
            report(done + step * each, f"Step {step} {where}")
            if preview is not None and time.monotonic() - self._shown >= _PREVIEW_EVERY:
                preview(_image(picture))
                self._shown = time.monotonic()

        return after

    def _descend(self, picture: Tensor, side: int, count: int, after: Callable[[int, Tensor], None]) -> Tensor:
        """The picture after so many steps at this size; `after` is told each, and the picture that it tried."""
        style = self._tensor(shrunken(self._style, side / self._pieces))
        content = _with_bleed(self._tensor(self._content, side))
        aim = Aim(self._features, content, style, self._weights, _TILE, self._between)
        picture = _with_bleed(picture).requires_grad_()
        tried = 0

        def closure() -> float:
            nonlocal tried
            loss, picture.grad = aim.judge(picture.detach())
            tried = min(tried + 1, count)
            after(tried, _without_bleed(picture.detach()))
            return loss

        search: Any = torch.optim.LBFGS(
            [picture],
            max_iter=count,
            max_eval=count,
            history_size=_LARGE_MEMORY if side > _LARGE else _MEMORY,
            tolerance_grad=0,
            tolerance_change=0,
            line_search_fn="strong_wolfe",
        )
        search.step(closure)
        return _without_bleed(picture.detach()).clamp(0, 1)

    def _begin(self, side: int, seed: int) -> Tensor:
        """The content with coarse and fine noise on it."""
        content = self._tensor(self._content, side)
        random = np.random.default_rng(seed)
        noise = torch.zeros_like(content)
        for grain in (1, 4, 16):
            small = random.standard_normal((math.ceil(side / grain), math.ceil(side / grain), 3)).astype(np.float32)
            grown = np.repeat(np.repeat(small, grain, axis=0), grain, axis=1)[:side, :side]
            noise += torch.from_numpy(grown).permute(2, 0, 1)[None].to(self._device) / math.sqrt(3)
        return (content + _NOISE * noise).clamp(0, 1)

    def _tensor(self, image: Image.Image, side: int | None = None) -> Tensor:
        if side is not None and image.size != (side, side):
            image = image.resize((side, side), Image.Resampling.LANCZOS)
        pixels = np.array(image.convert("RGB"), dtype=np.float32) / 255
        return torch.from_numpy(pixels).permute(2, 0, 1)[None].contiguous().to(self._device)


def _with_bleed(picture: Tensor) -> Tensor:
    """Mirrored a little over its edges, where the network sees nothing and would paint a frame."""
    return functional.pad(picture, (_BLEED,) * 4, mode="reflect")


def _without_bleed(picture: Tensor) -> Tensor:
    return picture[..., _BLEED:-_BLEED, _BLEED:-_BLEED]


def levels(size: int) -> list[int]:
    """Sides of the pictures on the way to `size`.

    They are the same whatever it is, so that a cover that is made anew larger is the same picture with more detail.
    """
    return [side for side in _LEVELS if side < 0.75 * size] + [size]


def steps_at(side: int) -> int:
    """Many where they are cheap and decide the whole; from 1000 pixels on every level costs the same."""
    smaller = 1000 / side
    return max(4, round(_STEPS * min(4, smaller, smaller**2)))


def shrunken(style: Image.Image, side: float) -> Image.Image:
    """The style at a side (the root of its area) in pixels, mirrored on where it is too small to be seen deeply."""
    side = min(max(side, 8), _LARGEST_STYLE)
    factor = side / math.sqrt(style.width * style.height)
    size = (max(2, round(style.width * factor)), max(2, round(style.height * factor)))
    pixels = np.asarray(style.convert("RGB").resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0))
    missing = [max(0, _LEAST_STYLE - length) for length in pixels.shape[:2]]
    return Image.fromarray(np.pad(pixels, ((0, missing[0]), (0, missing[1]), (0, 0)), mode="symmetric"))


def _image(picture: Tensor) -> Image.Image:
    pixels = (picture[0].permute(1, 2, 0).clamp(0, 1) * 255 + 0.5).to(torch.uint8).cpu().numpy()
    return Image.fromarray(np.ascontiguousarray(pixels))
