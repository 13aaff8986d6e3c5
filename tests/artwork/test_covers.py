"""Covers made of a picture, of photographs and of type: what stays of them, seeds, sizes, bounds and saving."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter
from scipy import ndimage

from artwork.errors import PictureError
from artwork.output import LARGEST_JPEG, plain_cover, save_cover
from artwork.type_cover import PALETTES, type_cover
from tests.artwork.making import made_cover


def grey(picture: Image.Image, side: int) -> NDArray[np.float64]:
    return np.asarray(picture.convert("L").resize((side, side), Image.Resampling.BOX), dtype=np.float64) / 255


def similarity(one: Image.Image, other: Image.Image, blur: float) -> float:
    """Structural similarity (Wang et al. 2004) of both, blurred by `blur` of their side."""
    a, b = (ndimage.gaussian_filter(grey(picture, 200), 200 * blur) for picture in (one, other))
    mean = lambda values: ndimage.gaussian_filter(values, 8.0)  # noqa: E731
    ma, mb = mean(a), mean(b)
    va, vb, cov = mean(a * a) - ma**2, mean(b * b) - mb**2, mean(a * b) - ma * mb
    c1, c2 = 0.01**2, 0.03**2
    return float(((2 * ma * mb + c1) * (2 * cov + c2) / ((ma**2 + mb**2 + c1) * (va + vb + c2))).mean())


def patches(picture: Image.Image, count: int = 3000, side: int = 8) -> NDArray[np.float64]:
    """Random patches without their mean colour: count x (side * side * 3)."""
    pixels = np.asarray(picture, dtype=np.float64) / 255
    corners = np.random.default_rng(0).integers(0, np.array(pixels.shape[:2]) - side + 1, (count, 2))
    cut = np.stack([pixels[y : y + side, x : x + side] for y, x in corners])
    return (cut - cut.mean(axis=(1, 2), keepdims=True)).reshape(count, -1)


def patch_distance(one: Image.Image, other: Image.Image) -> float:
    """Sliced Wasserstein distance between the patches of two pictures (Rabin et al. 2011)."""
    slices = np.random.default_rng(1).standard_normal((8 * 8 * 3, 100))
    slices /= np.linalg.norm(slices, axis=0)
    return float(np.abs(np.sort(patches(one) @ slices, axis=0) - np.sort(patches(other) @ slices, axis=0)).mean())


@pytest.mark.parametrize("seed", [0, 1])
def test_self_keeps_the_composition_and_changes_the_detail(cover: Image.Image, seed: int) -> None:
    made = made_cover(cover, size=300, pieces=4, seed=seed)
    assert similarity(made, cover, blur=0.05) > 0.8
    fine = [picture.filter(ImageFilter.GaussianBlur(1)) for picture in (made, cover.resize((300, 300)))]
    assert similarity(fine[0], fine[1], blur=0.0) < 0.6


def test_self_is_nearer_in_its_patches_to_the_shrunken_cover_than_the_cover_is(cover: Image.Image) -> None:
    made = made_cover(cover, size=320, pieces=4, seed=2)
    tiny = cover.resize((80, 80), Image.Resampling.LANCZOS)
    assert patch_distance(made, tiny) < 0.8 * patch_distance(cover, tiny)


def test_the_seed_decides(cover: Image.Image) -> None:
    first, again, other = (made_cover(cover, size=120, pieces=2.5, seed=seed) for seed in (5, 5, 6))
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != other.tobytes()


def test_a_larger_cover_is_the_same_picture(cover: Image.Image) -> None:
    small, large = (made_cover(cover, size=size, pieces=2.5, seed=3) for size in (160, 400))
    assert similarity(small, large, blur=0.005) > 0.95


def test_more_strength_goes_further_from_the_cover(cover: Image.Image) -> None:
    tame, wild = (made_cover(cover, size=150, strength=strength, pieces=2.5, seed=1) for strength in (0.0, 1.0))
    assert similarity(tame, cover, 0.02) > similarity(wild, cover, 0.02)


def test_photographs_are_laid_over_each_other(cover: Image.Image, photograph: Image.Image) -> None:
    turned = photograph.rotate(90, expand=True)
    made = made_cover(cover, [photograph, turned], method="photos", size=200, pieces=2.5, seed=1)
    assert made.size == (200, 200)
    assert similarity(made, cover, blur=0.05) > 0.6
    other = made_cover(cover, [photograph, turned], method="photos", mode="screen", size=200, pieces=2.5, seed=1)
    assert made.tobytes() != other.tobytes()


def test_photographs_are_calm_where_the_cover_is(photograph: Image.Image) -> None:
    side = 200
    pixels = np.full((side, side), 128, dtype=np.uint8)
    squares = np.random.default_rng(0).integers(0, 2, (25, 13), dtype=np.uint8).repeat(8, axis=0).repeat(8, axis=1)
    pixels[:, 100:] = 200 * squares[:, :100]
    made = made_cover(Image.fromarray(pixels), [photograph] * 3, method="photos", size=side, pieces=4, seed=1)
    fine = grey(made, side) - ndimage.gaussian_filter(grey(made, side), 6)
    assert fine[10:-10, 10:80].std() < 0.6 * fine[10:-10, 120:-10].std()


def test_reports_and_previews_grow_and_can_be_cancelled(cover: Image.Image) -> None:
    fractions: list[float] = []
    shown: list[tuple[int, int]] = []
    made_cover(
        cover,
        size=300,
        report=lambda done, text: fractions.append(done if text else -1),
        preview=lambda picture: shown.append(picture.size),
    )
    assert fractions == sorted(fractions)
    assert fractions[0] == 0
    assert fractions[-1] == 1
    assert set(shown) == {(300, 300)}
    polls = 0

    def cancelled() -> bool:
        nonlocal polls
        polls += 1
        return polls > 60

    with pytest.raises(CancelledError):
        made_cover(cover, size=300, cancelled=cancelled)
    assert polls == 61


def test_cancelling_from_another_thread_stops_it(cover: Image.Image) -> None:
    stop = threading.Event()
    begun = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(
            made_cover, cover, size=2000, pieces=12, cancelled=stop.is_set, preview=lambda _: begun.set()
        )
        assert begun.wait(20)
        stop.set()
        with pytest.raises(CancelledError):
            made.result(timeout=20)


@pytest.mark.parametrize(
    "settings",
    [
        {"method": "gatys"},
        {"method": "photos"},
        {"size": 0},
        {"size": 100_000},
        {"pieces": 0.5},
        {"pieces": 100},
        {"strength": 1.5},
        {"mode": "dissolve"},
    ],
)
def test_settings_that_cannot_be_met_are_refused(cover: Image.Image, settings: dict[str, object]) -> None:
    with pytest.raises(PictureError):
        made_cover(cover, **settings)


@pytest.mark.parametrize("size", [(1, 1), (2, 300), (5, 4)])
def test_tiny_and_flat_pictures_still_make_covers(size: tuple[int, int]) -> None:
    made = made_cover(Image.new("RGB", size, (90, 30, 60)), size=64)
    assert made.size == (64, 64)
    assert abs(np.asarray(made, dtype=float).mean(axis=(0, 1)) - (90, 30, 60)).max() < 25


def test_the_pixels_of_a_tiny_picture_do_not_show(cover: Image.Image) -> None:
    tiny = cover.resize((16, 16), Image.Resampling.BOX)
    soft, blocks = (tiny.resize((640, 640), how) for how in (Image.Resampling.BICUBIC, Image.Resampling.NEAREST))
    made = grey(made_cover(tiny, size=160, strength=0), 160)
    assert np.abs(made - grey(soft, 160)).mean() < np.abs(made - grey(blocks, 160)).mean()


def test_type_covers_are_legible_and_differ_by_seed() -> None:
    one, other = (type_cover("Coditany of Timeness", "Krallice", 300, seed) for seed in (0, 1))
    assert one.tobytes() != other.tobytes()
    assert one.tobytes() == type_cover("Coditany of Timeness", "Krallice", 300, 0).tobytes()
    assert ImageChops.difference(one, type_cover("", "", 300, 0)).getbbox() is not None


@pytest.mark.parametrize("palette", PALETTES)
def test_the_contrast_of_type_is_at_least_four_and_a_half(palette: object) -> None:
    def luminance(colour: tuple[int, int, int]) -> float:
        """WCAG 2.2's relative luminance."""
        parts = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    dark, light = sorted((luminance(palette.ground), luminance(palette.type)))  # type: ignore[attr-defined]
    assert (light + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.parametrize("title", ["x" * 300, "word " * 120, "夜に駆ける", "\x00\n", "A"])
def test_any_title_can_be_set(title: str) -> None:
    assert type_cover(title, title, 120, 3).size == (120, 120)


def test_saved_covers_are_large_srgb_and_under_the_limit(tmp_path: Path) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (1600, 1600, 3), dtype=np.uint8))
    save_cover(noise, tmp_path / "cover.jpg", 3000)
    with Image.open(tmp_path / "cover.jpg") as saved:
        assert saved.size == (3000, 3000)
        assert saved.mode == "RGB"
        assert saved.info["icc_profile"]
    assert (tmp_path / "cover.jpg").stat().st_size < LARGEST_JPEG
    assert [path.name for path in tmp_path.iterdir()] == ["cover.jpg"]


def test_png_keeps_every_pixel(tmp_path: Path, cover: Image.Image) -> None:
    save_cover(cover, tmp_path / "cover.png", None)
    with Image.open(tmp_path / "cover.png") as saved:
        assert saved.tobytes() == cover.tobytes()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, cover: Image.Image) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PictureError, match="cannot be written"):
        save_cover(cover, tmp_path / "file" / "cover.jpg", 64)


def test_a_plain_cover_is_the_middle_of_the_picture() -> None:
    wide = Image.new("RGB", (300, 100), "red")
    wide.paste("blue", (100, 0, 200, 100))
    pixels = np.asarray(plain_cover(wide, 50))
    assert pixels.shape == (50, 50, 3)
    assert np.abs(pixels[:, 3:-3].astype(int) - (0, 0, 255)).max() <= 2


def test_real_covers_keep_their_composition(shared: Path) -> None:
    from artwork.pictures import open_picture

    for name in ("cover_friction_600.png", "cover_if-i-was-alone_800_rgba.png"):
        old = open_picture(shared / "pictures" / name, 800)
        made = made_cover(old, size=240, pieces=4, seed=1)
        assert similarity(made, old, blur=0.05) > 0.85
        assert similarity(made, old, blur=0.0) < 0.75
        tiny, plain = (plain_cover(old, side) for side in (60, 240))
        assert patch_distance(made, tiny) < 0.7 * patch_distance(plain, tiny)
