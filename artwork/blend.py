"""Laying pictures over each other, as the layers of an image editor do (W3C Compositing and Blending Level 1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.float32]
"""Values 0..1, height x width x 3."""


def multiply(ground: Pixels, layer: Pixels) -> Pixels:
    """The product: darkens, and white leaves the ground as it is."""
    return ground * layer


def screen(ground: Pixels, layer: Pixels) -> Pixels:
    """The product of the negatives: lightens, and black leaves the ground as it is."""
    return ground + layer - ground * layer


def overlay(ground: Pixels, layer: Pixels) -> Pixels:
    """Multiplies where the ground is dark and screens where it is light."""
    return np.where(ground <= 0.5, multiply(2 * ground, layer), screen(2 * ground - 1, layer)).astype(np.float32)


def soft_light(ground: Pixels, layer: Pixels) -> Pixels:
    """As overlay, but gentler; darkens under a layer below 0.5 and lightens above it."""
    lifted = np.where(ground <= 0.25, ((16 * ground - 12) * ground + 4) * ground, np.sqrt(ground))
    darker = ground - (1 - 2 * layer) * ground * (1 - ground)
    lighter = ground + (2 * layer - 1) * (lifted - ground)
    return np.where(layer <= 0.5, darker, lighter).astype(np.float32)


BLENDS: Mapping[str, Callable[[Pixels, Pixels], Pixels]] = {
    "overlay": overlay,
    "soft light": soft_light,
    "screen": screen,
    "multiply": multiply,
}


def blend(ground: Pixels, layer: Pixels, mode: str, weight: float = 1.0) -> Pixels:
    """`layer` laid over `ground` by the blend called `mode`, faded to `weight` (0..1).

    Raises:
        KeyError: for a mode that is not in `BLENDS`.
    """
    return ground + np.float32(weight) * (BLENDS[mode](ground, layer) - ground)
