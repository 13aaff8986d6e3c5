"""The baselines (order 0, bigram, linear) are probabilities and give the known figures."""

from __future__ import annotations

from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter

from samplernn.audio.reading import write_sound
from samplernn.data.build import build_dataset
from samplernn.data.dataset import Dataset
from samplernn.data.quantise import encode
from samplernn.training.baselines import baseline_bits, bigram_bits, linear_bits, order0_bits

codes_of = st.lists(st.integers(0, 15), min_size=1, max_size=60).map(np.array)


@settings(deadline=None)
@given(train=codes_of)
def test_order0_spreads_all_probability_over_the_codes(train: np.ndarray) -> None:
    assert sum(2 ** -order0_bits(train, np.array([code]), 16) for code in range(16)) == pytest.approx(1)


@settings(deadline=None)
@given(train=codes_of, before=st.integers(0, 15))
def test_bigram_spreads_all_probability_over_the_codes(train: np.ndarray, before: int) -> None:
    first = bigram_bits(train, np.array([before]), 16)
    both = [2 * bigram_bits(train, np.array([before, code]), 16) for code in range(16)]
    assert sum(2 ** (first - bits) for bits in both) == pytest.approx(1)


@settings(max_examples=25, deadline=None)
@given(
    train=st.lists(st.integers(0, 15), min_size=50, max_size=90).map(np.array),
    past=st.lists(st.integers(0, 15), max_size=40),
    law=st.sampled_from(["mu-law", "linear"]),
)
def test_linear_spreads_all_probability_over_the_codes(train: np.ndarray, past: list[int], law: str) -> None:
    known = len(past) * linear_bits(train, np.array(past), 16, law) if past else 0.0
    after = [(len(past) + 1) * linear_bits(train, np.array([*past, code]), 16, law) - known for code in range(16)]
    assert sum(2**-bits for bits in after) == pytest.approx(1)


def test_evenly_spread_codes_cost_their_full_size() -> None:
    codes = np.random.default_rng(0).integers(0, 256, 400_000)
    assert order0_bits(codes[:300_000], codes[300_000:], 256) == pytest.approx(8, abs=0.01)


def test_bigram_sees_what_follows_what() -> None:
    codes = np.tile([3, 9, 1, 200], 5_000)
    assert order0_bits(codes, codes, 256) == pytest.approx(2, abs=0.1)
    assert bigram_bits(codes, codes, 256) < 0.02


def test_linear_comes_close_to_the_entropy_of_what_it_can_know() -> None:
    errors = np.random.default_rng(0).logistic(0, 0.01, 300_000)
    sound = lfilter([1], [1, -1.6, 0.81], errors)
    codes = encode(0.9 * sound / np.abs(sound).max(), 256, "linear")
    train, held_out = codes[:250_000], codes[250_000:]
    step = 2 / 256 * np.abs(sound).max() / 0.9
    entropy = (np.log(0.01) + 2) / np.log(2) - np.log2(step)
    bits = linear_bits(train, held_out, 256, "linear", order=8)
    assert entropy - 0.02 < bits < entropy + 0.15
    assert bits < bigram_bits(train, held_out, 256) < order0_bits(train, held_out, 256)


def test_codes_that_never_occurred_cost_much_but_not_all() -> None:
    train = np.full(5_000, 128)
    for bits in (
        order0_bits(train, np.array([7]), 256),
        bigram_bits(train, np.array([128, 7]), 256),
        linear_bits(train, np.array([128, 7]), 256, "mu-law"),
    ):
        assert 5 < bits < 40


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    noise = np.random.default_rng(0).normal(0, 0.05, 320_000)
    write_sound(tmp_path / "a.flac", lfilter([1], [1, -0.9], noise).astype(np.float32), 16_000)
    build_dataset([tmp_path / "a.flac"], tmp_path / "dataset", 16_000)
    return Dataset.open(tmp_path / "dataset")


@pytest.mark.parametrize(("levels", "law"), [(256, "mu-law"), (512, "linear")])
def test_a_dataset_is_measured_on_its_held_out_part(dataset: Dataset, levels: int, law: str) -> None:
    bits = baseline_bits(dataset, levels, law)
    train, held_out = (encode(dataset.samples(part), levels, law) for part in ("train", "valid"))
    assert bits.order0 == order0_bits(train, held_out, levels)
    assert bits.bigram == pytest.approx(bigram_bits(train, held_out, levels))
    assert bits.linear32 == pytest.approx(linear_bits(train, held_out, levels, law))
    assert bits.linear32 < bits.bigram < bits.order0
    assert baseline_bits(dataset, levels, law, part="test") != bits


def test_measuring_stops_when_cancelled(dataset: Dataset) -> None:
    with pytest.raises(CancelledError):
        baseline_bits(dataset, 256, "mu-law", cancelled=lambda: True)


@pytest.mark.music
def test_real_music_gives_the_figures_that_are_known(shared: Path, tmp_path: Path) -> None:
    tracks = sorted((shared / "music" / "obsidian-shell").glob("*.ogg"))
    build_dataset(tracks, tmp_path / "dataset", 16_000, remove_silence=False)
    bits = baseline_bits(Dataset.open(tmp_path / "dataset"), 256, "mu-law")
    assert bits.order0 == pytest.approx(7.49, abs=0.01)
    assert bits.bigram == pytest.approx(6.21, abs=0.02)
    assert bits.linear32 == pytest.approx(5.82, abs=0.02)
