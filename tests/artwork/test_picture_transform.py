"""Candidates of one picture differ from each other, and the same seed is the same picture."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from artwork.picture_transform import PictureTransform, near, random_transform, transform_from, transformed
from artwork.pictures import open_picture


def blobs(size: tuple[int, int] = (240, 200), grey: bool = False) -> Image.Image:
    pixels = np.random.default_rng(4).integers(0, 256, (7, 9, 3), dtype=np.uint8)
    picture = Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC)
    return picture.convert("L").convert("RGB") if grey else picture


def distances(picture: Image.Image, seeds: range) -> list[float]:
    """Mean difference of any two takes, 0..255."""
    seen = [
        np.asarray(
            transformed(picture, random_transform(picture, seed)).resize((64, 64), Image.Resampling.BOX), dtype=float
        )
        for seed in seeds
    ]
    return [float(np.abs(one - other).mean()) for one, other in itertools.combinations(seen, 2)]


@pytest.mark.parametrize("grey", [False, True])
@pytest.mark.parametrize("first", [0, 5, 4321])
def test_six_in_a_row_differ_visibly(grey: bool, first: int) -> None:
    assert min(distances(blobs(grey=grey), range(first, first + 6))) > 15


def test_six_of_a_real_cover_differ_visibly(shared: Path) -> None:
    names = ("cover_friction_600.png", "cover_if-i-was-alone_800_rgba.png", "style_starry_night.jpg")
    for name in (*names, "band_drummer_bw.jpg"):
        found = distances(open_picture(shared / "pictures" / name, 800), range(6))
        assert np.mean(found) > 40  # pieces alone, with nothing else varied, made 10 to 17
        assert min(found) > 20


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 2**31), size=st.tuples(st.integers(1, 300), st.integers(1, 300)))
def test_any_picture_can_be_looked_at_and_kept(seed: int, size: tuple[int, int]) -> None:
    picture = blobs(size)
    transform = random_transform(picture, seed)
    assert transform == random_transform(picture, seed) == transform_from(transform.kept())
    seen = transformed(picture, near(transform, random.Random(seed)))
    assert seen.width == seen.height >= 200


def test_the_first_of_six_is_the_whole() -> None:
    picture = blobs((200, 200))
    assert random_transform(picture, 6) == PictureTransform()
    assert np.array_equal(np.asarray(transformed(picture, PictureTransform())), np.asarray(picture))


def test_a_turned_picture_shows_none_of_its_ground() -> None:
    white = Image.new("RGB", (300, 260), (255, 255, 255))
    white.putpixel((0, 0), (0, 0, 0))
    for turn in (15.0, -18.0, 90.0):
        assert np.asarray(transformed(white, PictureTransform(zoom=1.2, turn=turn))).min() > 200


@pytest.mark.parametrize("wrong", [{"zoom": 0.0}, {"zoom": float("nan")}, {"x": 2}, {"tones": [[1, 2]]}, {"speed": 1}])
def test_what_is_no_take_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises((TypeError, ValueError)):
        transform_from({**PictureTransform().kept(), **wrong})
