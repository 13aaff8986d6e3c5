"""Curves reduced for the screen."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.widgets.plots.curves import smooth, spread, thin

values = st.integers(2, 3_000).flatmap(lambda n: arrays(np.float64, n, elements=st.floats(-50, 50)))


@given(values, st.integers(4, 200))
def test_spread_keeps_the_extremes_within_its_number_of_points(y: np.ndarray, most: int) -> None:
    x = np.arange(len(y), dtype=float)
    shown_x, shown_y = spread(x, y, most)
    assert len(shown_x) == len(shown_y) <= max(most, 2)
    assert (shown_y.min(), shown_y.max()) == (y.min(), y.max())
    assert np.all(np.diff(shown_x) >= 0)


@given(values, st.integers(4, 200))
def test_thin_keeps_the_last_point(y: np.ndarray, most: int) -> None:
    x = np.linspace(0.0, 7.0, len(y))
    shown_x, shown_y = thin(x, y, most)
    assert len(shown_x) == len(shown_y) <= most
    assert (shown_x[-1], shown_y[-1]) == (x[-1], y[-1])
    assert np.all(np.diff(shown_x) > 0)


@given(values, st.floats(0.1, 100))
def test_a_smooth_curve_stays_within_the_values(y: np.ndarray, width: float) -> None:
    smoothed = smooth(y, width)
    assert len(smoothed) == len(y)
    assert y.min() - 1e-9 <= smoothed.min()
    assert smoothed.max() <= y.max() + 1e-9


def test_smoothing_does_not_lag_behind() -> None:
    slope = np.arange(1000.0)
    assert np.allclose(smooth(slope, 10)[200:800], slope[200:800], atol=0.1)


def test_noise_shrinks() -> None:
    noise = np.random.default_rng(0).normal(size=5_000)
    assert smooth(noise, 50).std() < 0.2 * noise.std()
