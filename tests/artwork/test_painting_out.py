"""What is painted out is gone, and what fills it belongs to what stands around it."""

from __future__ import annotations

import itertools
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from artwork.errors import PictureError
from artwork.painting_out import Box, hole_of, paint_out
from artwork.pictures import open_picture

BOX: Box = (0.3, 0.2, 0.4, 0.15)


def striped(size: int = 160) -> Image.Image:
    """Slanted stripes with some noise in them."""
    down, across = np.mgrid[:size, :size]
    bright = 128 + 80 * np.sin((across + 0.5 * down) * 2 * np.pi * 8 / size)
    noise = np.random.default_rng(1).normal(0, 6, (size, size))
    return Image.fromarray(np.clip(np.stack([bright + noise, bright, 255 - bright], -1), 0, 255).astype(np.uint8))


def lettered(picture: Image.Image) -> Image.Image:
    made = picture.copy()
    width, height = made.size
    left, top, wide, high = BOX
    box = ((left + 0.03) * width, (top + 0.03) * height, (left + wide - 0.03) * width, (top + high - 0.03) * height)
    ImageDraw.Draw(made).rectangle(box, fill=(255, 0, 0))
    return made


def off(one: Image.Image, other: Image.Image, where: np.ndarray) -> float:
    return float(np.abs(np.asarray(one, dtype=float) - np.asarray(other, dtype=float))[where].mean())


def test_a_pattern_goes_on_where_something_is_painted_out() -> None:
    clean = striped()
    made = paint_out(lettered(clean), [BOX])
    hole = hole_of((160, 160), [BOX])
    flat = Image.new("RGB", clean.size, tuple(int(level) for level in np.asarray(clean).mean(axis=(0, 1))))
    assert off(made, clean, hole) < 0.4 * off(flat, clean, hole)
    far = ~hole_of((160, 160), [(BOX[0] - 0.05, BOX[1] - 0.05, BOX[2] + 0.1, BOX[3] + 0.1)])
    assert off(made, clean, far) == 0


def test_nothing_marked_changes_nothing_and_the_same_is_the_same() -> None:
    picture = lettered(striped(100))
    assert np.array_equal(np.asarray(paint_out(picture, [])), np.asarray(picture))
    one, other = (np.asarray(paint_out(picture, [BOX])) for _ in range(2))
    assert np.array_equal(one, other)


@pytest.mark.parametrize("size", [(8, 8), (40, 300), (1, 1), (700, 90)])
@pytest.mark.parametrize("box", [BOX, (0.0, 0.0, 1.0, 0.3), (0.9, 0.9, 0.2, 0.2)])
def test_any_shape_is_filled_or_refused_in_words(size: tuple[int, int], box: Box) -> None:
    picture = striped().resize(size)
    with suppress(PictureError):  # next to nothing is left of the smallest
        assert paint_out(picture, [box]).size == size
    assert paint_out(picture, []).size == size


def test_too_much_is_refused() -> None:
    with pytest.raises(PictureError, match="Too little"):
        paint_out(striped(), [(0.0, 0.0, 1.0, 0.9)])


def test_it_tells_how_far_it_is_and_can_be_stopped() -> None:
    told: list[float] = []
    paint_out(striped(100), [BOX], report=lambda done, _: told.append(done))
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)
    calls = itertools.count()
    with pytest.raises(CancelledError):
        paint_out(striped(100), [BOX], cancelled=lambda: next(calls) > 2)


def test_a_large_picture_is_filled_with_its_own_grain(shared: Path) -> None:
    """What is copied is as sharp as what stands around it, not enlarged from where it was thought about."""
    picture = open_picture(shared / "pictures" / "style_starry_night.jpg", 3000).resize((3000, 3000))
    box: Box = (0.4, 0.3, 0.3, 0.1)
    made = np.asarray(paint_out(picture, [box]).convert("L"), dtype=float)
    hole = made[920:1180, 1220:2080]
    around = made[1250:1510, 1220:2080]
    grain = [float(np.abs(np.diff(part, axis=1)).mean()) for part in (hole, around)]
    assert grain[0] > 0.5 * grain[1]
