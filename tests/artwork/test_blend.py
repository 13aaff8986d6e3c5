"""Blend modes stay within black and white and keep the laws of their formulas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artwork.blend import BLENDS, blend

levels = st.floats(0, 1, width=32)


def pixel(level: float) -> np.ndarray[tuple[int, int, int], np.dtype[np.float32]]:
    return np.full((1, 1, 3), level, dtype=np.float32)


@given(levels, levels, st.sampled_from(sorted(BLENDS)), levels)
def test_blends_stay_between_black_and_white(ground: float, layer: float, mode: str, weight: float) -> None:
    mixed = blend(pixel(ground), pixel(layer), mode, weight)
    assert mixed.dtype == np.float32
    assert -1e-6 <= mixed.min() <= mixed.max() <= 1 + 1e-6


@pytest.mark.parametrize("ground", [0.0, 0.2, 0.5, 0.8, 1.0])
def test_what_each_blend_leaves_alone(ground: float) -> None:
    for mode, neutral in {"multiply": 1.0, "screen": 0.0, "overlay": 0.5, "soft light": 0.5}.items():
        assert blend(pixel(ground), pixel(neutral), mode)[0, 0, 0] == pytest.approx(ground, abs=1e-6)


def test_overlay_is_hard_light_the_other_way_round() -> None:
    assert blend(pixel(0.25), pixel(0.6), "overlay")[0, 0, 0] == pytest.approx(2 * 0.25 * 0.6)
    assert blend(pixel(0.75), pixel(0.6), "overlay")[0, 0, 0] == pytest.approx(1 - 2 * 0.25 * 0.4)


def test_weight_nothing_changes_nothing() -> None:
    assert blend(pixel(0.3), pixel(0.9), "multiply", 0.0)[0, 0, 0] == pytest.approx(0.3)
