"""Where points of the map are, which is near, where a walk goes, and which lie along a path."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.widgets.map.geometry import PATH_REACH, MapScale, along, nearest, step

PLACE = st.floats(0, 1, width=32)
PLACES = st.lists(st.tuples(PLACE, PLACE), min_size=1, max_size=40).map(lambda rows: np.array(rows, np.float32))
SCALES = st.builds(
    MapScale, st.integers(200, 1500), st.integers(150, 900), st.floats(1, 20), st.tuples(st.just(0.5), st.just(0.5))
)


@given(SCALES, st.floats(0, 1500), st.floats(0, 900))
def test_a_pixel_is_where_its_place_is(scale: MapScale, x: float, y: float) -> None:
    pixels = scale.pixels(np.array([scale.place(x, y)], np.float32))
    np.testing.assert_allclose(pixels[0], [x, y], atol=0.05)


@given(SCALES, st.floats(0.2, 6), st.floats(0, 1), st.floats(0, 1))
def test_what_is_under_the_pointer_stays_there_as_one_goes_closer(
    scale: MapScale, by: float, across: float, down: float
) -> None:
    x, y = across * scale.width, down * scale.height
    before, fresh = scale.place(x, y), scale.zoomed(by, x, y)
    assert 1.0 <= fresh.zoom <= 24.0
    half = 0.5 / fresh.zoom
    is_kept_in = all(abs(middle - half) < 1e-6 or abs(middle - 1 + half) < 1e-6 for middle in fresh.centre)
    if not is_kept_in and all(half + 1e-6 < middle < 1 - half - 1e-6 for middle in fresh.centre):
        np.testing.assert_allclose(fresh.place(x, y), before, atol=1e-4)


def test_the_widest_view_shows_all_of_it() -> None:
    scale = MapScale(800, 500).zoomed(8, 700, 80).moved(90, -40).zoomed(1 / 100, 3, 4)
    assert scale == MapScale(800, 500)
    corners = scale.pixels(np.array([[0, 0], [1, 1]], np.float32))
    assert (corners > 0).all()
    assert (corners < [800, 500]).all()


@given(PLACES, PLACE, PLACE)
def test_the_nearest_of_those_shown_is_under_the_pointer(places: np.ndarray, x: float, y: float) -> None:
    pixels = MapScale(800, 500).pixels(places)
    shown = np.arange(len(places)) % 3 != 0
    found = nearest(pixels, shown, x * 800, y * 500, 60)
    far = np.where(shown, np.hypot(*(pixels - [x * 800, y * 500]).T), np.inf)
    if found >= 0:
        assert shown[found]
        assert far[found] == far.min() <= 60
    else:
        assert far.min() > 60


@given(PLACES, st.sampled_from([(1, 0), (-1, 0), (0, 1), (0, -1)]))
def test_a_walk_goes_on_in_its_direction_or_stays(places: np.ndarray, way: tuple[int, int]) -> None:
    pixels = MapScale(800, 500).pixels(places)
    shown = np.ones(len(places), bool)
    there = step(pixels, shown, 0, *way)
    ahead = (pixels - pixels[0]) @ np.array(way)
    assert there == 0 or ahead[there] > 0
    assert (there == 0) == (ahead.max() <= 0.5)


def test_a_walk_takes_the_near_one_before_the_far_one() -> None:
    pixels = np.array([[100, 100], [130, 110], [160, 100], [101, 200], [90, 100]], np.float32)
    shown = np.ones(5, bool)
    assert step(pixels, shown, 0, 1, 0) == 1
    assert step(pixels, shown, 0, 0, 1) == 3
    assert step(pixels, shown, 0, -1, 0) == 4
    assert step(pixels, shown, 0, 0, -1) == 0
    shown[1] = False
    assert step(pixels, shown, 0, 1, 0) == 2


@given(PLACES, st.lists(st.tuples(PLACE, PLACE), min_size=2, max_size=8))
def test_points_along_a_path_lie_near_it_each_once(places: np.ndarray, corners: list[tuple[float, float]]) -> None:
    pixels = MapScale(800, 500).pixels(places)
    shown = np.arange(len(places)) % 4 != 1
    path = np.array(corners, np.float32) * [800, 500]
    taken = along(pixels, shown, path.astype(np.float32))
    assert len(taken) == len(set(taken))
    assert shown[taken].all()
    looks = np.concatenate([np.linspace(a, b, 400) for a, b in itertools.pairwise(path)])
    for place in taken:
        assert np.hypot(*(looks - pixels[place]).T).min() <= PATH_REACH + 2


def test_points_along_a_line_come_in_its_order() -> None:
    pixels = np.array([[300, 104], [100, 95], [200, 110], [500, 300]], np.float32)
    shown = np.ones(4, bool)
    line = np.array([[90, 100], [310, 100]], np.float32)
    assert along(pixels, shown, line) == [1, 2, 0]
    assert along(pixels, shown, line[::-1].copy()) == [0, 2, 1]
