"""Pictures drawn by code, with a composition and with texture."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw


def drawn(side: int, seed: int = 0) -> Image.Image:
    """A red disc with a stripe over a textured blue ground that darkens downwards."""
    random = np.random.default_rng(seed)
    down = np.linspace(1, 0.35, side)[:, None, None]
    pixels = np.array([60, 90, 170]) * down + random.normal(0, 14, (side, side, 1))
    picture = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((0.2 * side, 0.25 * side, 0.6 * side, 0.65 * side), fill=(215, 60, 45))
    draw.rectangle((0.25 * side, 0.42 * side, 0.55 * side, 0.47 * side), fill=(20, 15, 20))
    draw.line((0.7 * side, 0, 0.9 * side, side), fill=(240, 230, 190), width=max(1, side // 25))
    return picture


@pytest.fixture(scope="session")
def cover() -> Image.Image:
    return drawn(320)


@pytest.fixture(scope="session")
def photograph() -> Image.Image:
    """Not square, grey-brown, striped."""
    across = np.linspace(0, 40, 300)[None, :, None]
    pixels = np.array([150, 120, 90]) * (0.6 + 0.4 * np.sin(across + np.linspace(0, 9, 200)[:, None, None]))
    return Image.fromarray(pixels.astype(np.uint8))
