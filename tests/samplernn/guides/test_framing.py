"""Spectra are those of windows cut out one by one, from a stream as from the whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samplernn.guides.framing import Framing, product


@settings(max_examples=40)
@given(st.integers(0, 400), st.sampled_from([(), (1,), (3,)]), st.integers(100, 2000))
def test_each_window_has_its_spectrum(samples: int, clips: tuple[int, ...], per_second: int) -> None:
    framing = Framing(16_000, per_second)
    sound = np.random.default_rng(samples).standard_normal((*clips, samples)).astype(np.float32)
    before, length = sound.copy(), len(framing.window)
    spectra = framing.spectra(sound)
    starts = range(0, samples - length + 1, framing.hop)
    assert spectra.shape == (*clips, len(starts), framing.bins)
    for number, start in enumerate(starts):
        wanted = np.fft.rfft(sound[..., start : start + length] * framing.window)
        np.testing.assert_allclose(spectra[..., number, :], wanted, atol=1e-4)
    assert np.array_equal(sound, before)


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=5))
def test_a_stream_gives_the_same(lengths: list[int]) -> None:
    framing, random = Framing(16_000, 250), np.random.default_rng(0)
    blocks = [random.standard_normal(length).astype(np.float32) for length in lengths]
    whole = np.concatenate(list(framing.spectra_of_blocks([np.concatenate(blocks)])))
    np.testing.assert_allclose(np.concatenate(list(framing.spectra_of_blocks(blocks))), whole, atol=1e-4)


def test_white_noise_has_its_power_in_every_bin() -> None:
    framing = Framing(16_000, 250)
    noise = 0.1 * np.random.default_rng(1).standard_normal(16_000 * 20).astype(np.float32)
    power = framing.power(framing.spectra(noise)).mean(axis=0)[1:-1]
    assert power == pytest.approx(np.full(len(power), 0.01), rel=0.15)


@given(st.integers(0, 300), st.integers(1, 400), st.integers(1, 40), st.integers(0, 2**31))
def test_a_product_in_pieces_is_the_product(rows: int, inner: int, columns: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    left = random.standard_normal((rows, inner)).astype(np.float32)
    right = random.standard_normal((inner, columns)).astype(np.float32)
    assert np.allclose(product(left, right), left.astype(np.float64) @ right, atol=1e-3)
