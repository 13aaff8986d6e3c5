"""Covers: a picture of 1000 pixels made of itself, and how soon there is something to see."""

from __future__ import annotations

import time
from collections.abc import Iterator

from PIL.Image import Image

from app.studio.demo import draw_cover
from artwork.covers import make_cover
from tests.bench.measuring import Figure


def measure() -> Iterator[tuple[str, Figure]]:
    old = draw_cover()
    shown: list[float] = []

    def preview(picture: Image) -> None:
        shown.append(time.perf_counter())

    began = time.perf_counter()
    make_cover(old, size=1000, seed=1, preview=preview)
    yield "artwork.1000.seconds", Figure(time.perf_counter() - began, "s")
    yield "artwork.first_preview.seconds", Figure(shown[0] - began, "s")
