"""The meter's loudness and peaks are those of the standard."""

from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest

from app.playback.meter import Meter


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_a_tone_of_minus_23_dbfs_has_minus_23_lufs(rate: int) -> None:
    tone = 10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 * np.arange(5 * rate) / rate)
    meter = Meter(rate)
    for block in np.array_split(np.repeat(tone[:, None], 2, axis=1).astype(np.float32), 37):
        meter.feed(block)
    assert meter.loudness() == pytest.approx(-23.0, abs=0.1)


def test_noise_measures_as_the_standard_filter_does() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, (4 * 44_100, 2))
    noise = np.cumsum(noise, axis=0)
    noise -= noise.mean(axis=0)
    noise = (0.3 * noise / np.abs(noise).max()).astype(np.float32)
    meter = Meter(44_100)
    meter.feed(noise)
    assert meter.loudness() == pytest.approx(pyloudnorm.Meter(44_100).integrated_loudness(noise[44_100:]), abs=0.5)


def test_peaks_are_those_since_the_last_time() -> None:
    meter = Meter(44_100)
    meter.feed(np.array([[0.1, -0.8], [0.2, 0.3]], np.float32))
    assert meter.take_peaks() == pytest.approx((0.2, 0.8))
    assert meter.take_peaks() == (0.0, 0.0)


def test_silence_has_no_loudness() -> None:
    meter = Meter(44_100)
    assert meter.loudness() is None
    meter.feed(np.zeros((44_100, 2), np.float32))
    assert meter.loudness() is None
