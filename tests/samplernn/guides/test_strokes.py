"""Strokes: levels by band and time, the same from a stream as from the whole, right for tones and noise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samplernn.guides.strokes import BANDS, PER_SECOND, SILENCE_DB, band_centres, strokes_at, strokes_of

RATES = (8000, 16_000, 22_050, 44_100, 48_000)


@pytest.mark.parametrize("rate", RATES)
def test_white_noise_has_its_level_in_every_band(rate: int) -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 10 * rate).astype(np.float32)
    strokes = strokes_of([noise], rate)
    power = 10 * np.log10(np.mean(10 ** (strokes / 10), axis=0))
    there = band_centres() < rate / 2
    np.testing.assert_allclose(power[there], -20, atol=1.0)


@pytest.mark.parametrize("rate", RATES)
def test_there_are_250_a_second(rate: int) -> None:
    assert abs(len(strokes_of([np.zeros(3 * rate, np.float32)], rate)) - 3 * PER_SECOND) <= 1
    assert strokes_of([np.zeros(rate, np.float32)], rate).max() == pytest.approx(SILENCE_DB, abs=1e-3)


@pytest.mark.parametrize("band", [2, 7, 12, 18])
def test_a_tone_stands_in_its_band(band: int) -> None:
    tone = np.sin(2 * np.pi * band_centres()[band] * np.arange(16_000) / 16_000).astype(np.float32)
    assert abs(int(strokes_of([tone], 16_000).mean(axis=0).argmax()) - band) <= 1


def test_a_click_stands_at_its_moment() -> None:
    click = np.zeros(16_000, np.float32)
    click[8000] = 1.0
    assert abs(int(strokes_of([click], 16_000).sum(axis=1).argmax()) - PER_SECOND // 2) <= 1


@settings(max_examples=25)
@given(st.lists(st.integers(0, 9000), min_size=1, max_size=6), st.sampled_from([16_000, 22_050]))
def test_a_stream_gives_what_the_whole_gives(lengths: list[int], rate: int) -> None:
    sound = np.random.default_rng(1).standard_normal(sum(lengths)).astype(np.float32)
    blocks = np.split(sound, np.cumsum(lengths)[:-1])
    np.testing.assert_allclose(strokes_of(blocks, rate), strokes_of([sound], rate), atol=1e-2)


def test_of_nothing_there_are_none() -> None:
    assert strokes_of([], 16_000).shape == (0, BANDS)
    assert strokes_of([np.zeros(0, np.float32)], 16_000).shape == (0, BANDS)


def test_between_frames_lie_straight_lines() -> None:
    strokes = np.repeat(np.array([0.0, 1.0, 3.0], np.float32)[:, None], BANDS, axis=1)
    found = strokes_at(strokes, np.array([-1.0, 0.0, 0.5, 1.5, 2.0, 9.0]))
    np.testing.assert_allclose(found[:, 0], [0, 0, 0.5, 2, 3, 3])
