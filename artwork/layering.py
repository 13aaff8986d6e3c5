"""Pictures laid over each other."""

from __future__ import annotations

import numpy as np
from PIL import Image

from artwork.blend import Pixels, blend


def laid_over(ground: Image.Image, layer: Image.Image, mode: str, weight: float) -> Image.Image:
    """In strips, so that a large cover does not need many times its size in memory."""
    strips = []
    for top in range(0, ground.height, 500):
        box = (0, top, ground.width, min(top + 500, ground.height))
        mixed = blend(_pixels(ground.crop(box)), _pixels(layer.crop(box)), mode, weight)
        strips.append((np.clip(mixed, 0, 1) * 255 + 0.5).astype(np.uint8))
    return Image.fromarray(np.concatenate(strips))


def _pixels(picture: Image.Image) -> Pixels:
    return np.asarray(picture, dtype=np.float32) / np.float32(255)


def settled(picture: Image.Image, content: Image.Image) -> Image.Image:
    """The blends pile up darkness or light: each colour is bent back to the mean it has in the content."""
    wanted = _pixels(content.resize((256, 256), Image.Resampling.BOX)).reshape(-1, 3).mean(axis=0)
    found = _pixels(picture.resize((256, 256), Image.Resampling.BOX)).reshape(-1, 3)
    levels = np.linspace(0, 1, 256)
    curves = []
    for channel in range(3):
        gamma = 1.0
        for _ in range(6):
            mean = float((found[:, channel] ** gamma).mean())
            gamma *= np.log(np.clip(wanted[channel], 0.01, 0.99)) / np.log(np.clip(mean, 0.01, 0.99))
            gamma = float(np.clip(gamma, 0.4, 2.5))
        curves.append(levels**gamma)
    return picture.point([round(255 * float(level)) for level in np.concatenate(curves)])
