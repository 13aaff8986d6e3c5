"""Which way the pieces of a collage lie: along the edges of the picture, in smooth currents between them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Angles = NDArray[np.float64]


def currents(content: NDArray[np.float32], random: np.random.Generator) -> Angles:
    """The direction at every pixel, in radians from the x axis.

    The structure tensor of the picture at three scales (Kass and Witkin 1987), each weighted by how far it is
    dominated by one direction, plus a weak smooth random current that rules where the picture is flat.

    Args:
        content: height x width x 3, 0..1; square.
    """
    side = content.shape[0]
    grey = ndimage.gaussian_filter(content.mean(axis=2).astype(np.float64), 1.2)
    dy, dx = np.gradient(grey)
    real, imaginary = np.zeros_like(grey), np.zeros_like(grey)
    for scale in (0.008, 0.03, 0.1):
        difference, cross, energy = (
            ndimage.gaussian_filter(part, scale * side) for part in (dx * dx - dy * dy, 2 * dx * dy, dx * dx + dy * dy)
        )
        weight = 1 / (energy + 0.3 * energy.mean() + 1e-12)
        real += difference * weight
        imaginary += cross * weight
    noise = ndimage.gaussian_filter(random.standard_normal((side, side)), 0.12 * side)
    swirl = 1.2 * noise / noise.std() + random.uniform(0, np.pi)
    real += 0.25 * np.cos(2 * swirl)
    imaginary += 0.25 * np.sin(2 * swirl)
    along: Angles = 0.5 * np.arctan2(imaginary, real) + np.pi / 2
    return along
