"""The layout of the map: alike is near, the same again for the same seed, and old points stay where they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.document.excerpt import Excerpt
from app.studio.map.projection import lay_out
from app.studio.map.section_map import SectionMap

KINDS = 5


def features(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Rows of `KINDS` kinds of sound, [count, 40], and the kind of each."""
    random = np.random.default_rng(seed)
    middles = np.random.default_rng(99).normal(0, 2, (KINDS, 40))
    kinds = random.integers(KINDS, size=count)
    return (middles[kinds] + random.normal(0, 1, (count, 40))).astype(np.float32), kinds


def sections(count: int, first: int = 0) -> list[Excerpt]:
    return [Excerpt(f"c{number // 8:04d}", number % 8 * 1000, 1000) for number in range(first, first + count)]


def alike_nearby(places: np.ndarray, kinds: np.ndarray) -> float:
    """Of each point's nearest neighbour: how often it is of the same kind."""
    far = np.square(places[:, None] - places[None]).sum(axis=2)
    np.fill_diagonal(far, np.inf)
    return float((kinds[far.argmin(axis=1)] == kinds).mean())


@pytest.fixture(scope="module")
def laid_out() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows, kinds = features(160)
    return rows, kinds, lay_out(rows, seed=3).places


def test_what_is_alike_lies_near(laid_out: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    _, kinds, places = laid_out
    assert places.shape == (160, 2)
    assert places.min() >= 0
    assert places.max() <= 1
    assert np.ptp(places, axis=0).min() > 0.8
    assert alike_nearby(places, kinds) > 0.95


def test_the_same_seed_lays_out_the_same(laid_out: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    rows, _, places = laid_out
    np.testing.assert_array_equal(lay_out(rows, seed=3).places, places)


@pytest.mark.parametrize("count", range(1, 12))
def test_few_sections_are_laid_out_too(count: int) -> None:
    layout = lay_out(features(count)[0])
    assert np.isfinite(layout.places).all()
    assert layout.places_of(features(3, seed=1)[0]).shape == (3, 2)


def test_sections_that_are_all_alike_do_no_harm() -> None:
    layout = lay_out(np.ones((20, 40), np.float32))
    assert np.isfinite(layout.places).all()


def test_old_points_stay_and_new_ones_come_among_those_they_are_like(tmp_path: Path) -> None:
    rows, kinds = features(240)
    own = SectionMap(tmp_path / "map" / "sections.map", "album")
    before = own.places_of(sections(120), rows[:120])
    after = own.places_of(sections(240), rows)
    np.testing.assert_array_equal(after[:120], before)
    assert alike_nearby(after, kinds) > 0.9
    again = SectionMap(tmp_path / "map" / "sections.map", "album")
    assert again.missing(sections(241)) == [240]
    # what is known needs no features
    np.testing.assert_array_equal(again.places_of(sections(240), np.zeros_like(rows)), after)
    # others come in the same places, as if the program had not been closed
    more = features(8, seed=5)[0]
    np.testing.assert_allclose(again.places_of(sections(8, 300), more), own.places_of(sections(8, 300), more))


def test_a_map_of_another_album_or_a_damaged_one_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "map" / "sections.map"
    rows = features(30)[0]
    SectionMap(path, "album").places_of(sections(30), rows)
    assert SectionMap(path, "album").missing(sections(30)) == []
    assert len(SectionMap(path, "another").missing(sections(30))) == 30
    whole = path.read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:-3] + b"xyz", b""):
        path.write_bytes(damaged)
        fresh = SectionMap(path, "album")
        assert len(fresh.missing(sections(30))) == 30
        assert fresh.places_of(sections(30), rows).shape == (30, 2)
