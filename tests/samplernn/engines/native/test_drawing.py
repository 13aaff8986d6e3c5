"""Codes are drawn from the odds as `SamplingRequest` says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samplernn.config import ModelConfig
from samplernn.engines.folded import fold
from samplernn.engines.native_engine import NativeEngine
from samplernn.generation.priming import silence


def expected(odds: np.ndarray, chance: float, top_k: int, top_p: float) -> tuple[set[int], np.ndarray]:
    """The codes that `chance` may lead to, give or take rounding, and the mask of those that are kept."""
    exact = odds.astype(np.float64)
    ranked = np.lexsort((np.arange(len(exact)), -odds))[: top_k or len(odds)]
    before = np.cumsum(exact[ranked]) - exact[ranked]
    slack = 1e-5 * exact[ranked].sum()
    sure, maybe = (ranked[before < top_p * exact[ranked].sum() + sign * slack] for sign in (-1, 1))
    found = set()
    for kept in (sure, maybe):
        order = np.sort(kept)
        running = np.cumsum(exact[order])
        for sign in (-1, 0, 1):
            place = np.searchsorted(running, (chance + sign * 1e-5) * running[-1], side="right")
            found.add(int(order[min(place, len(order) - 1)]))
    return found, maybe


@settings(max_examples=30, deadline=None)
@given(
    levels=st.sampled_from([2, 3, 17, 64, 100, 256, 1024]),
    top_k=st.integers(0, 1100),
    top_p=st.floats(0.0078125, 1.0, width=32),
    temperature=st.floats(0.125, 4.0, width=32),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_first_code_whose_running_sum_exceeds_the_chance(small, requests, levels, top_k, top_p, temperature, seed):
    config = ModelConfig(frame_sizes=(4,), width=12, embedding=4, lookback=2, levels=levels, law="linear")
    model = small.model_of(config, seed % 5).eval()
    request = requests.asked(2, 12, seed, temperature=temperature, top_k=top_k, top_p=top_p)
    odds = np.empty((2, 12, levels), dtype=np.float32)
    codes = NativeEngine(fold(model), silence(model, [1, 2]), threads=1).make(request, odds)
    assert np.allclose(odds.sum(-1), 1.0, atol=1e-5)
    for clip in range(2):
        for place in range(12):
            found, kept = expected(odds[clip, place], float(request.chances[clip, place]), top_k, top_p)
            near = {code + step for code in found for step in (-1, 0, 1)} & set(kept.tolist())
            assert codes[clip, place] in (found if levels < 64 else found | near)


def test_codes_are_drawn_as_often_as_their_odds(small, requests, instructions):
    model = small.model_of(small.configs["as in sketch"]).eval()
    clips = 4000
    state = silence(model, [1]).select([0] * clips)
    odds = np.empty((clips, 8, 256), dtype=np.float32)
    codes = NativeEngine(fold(model), state, instructions=instructions).make(requests.asked(clips, 8), odds)
    wanted = odds[0, 0] * clips
    likely = wanted > 5
    counted = np.bincount(codes[:, 0], minlength=256)
    deviation = ((counted - wanted)[likely] ** 2 / wanted[likely]).sum()
    freedom = int(likely.sum())
    assert deviation < freedom + 5 * (2 * freedom) ** 0.5


@pytest.mark.parametrize("top_k", [1, 3])
def test_of_equal_odds_the_lower_codes_are_kept(small, requests, top_k):
    model = small.model_of(ModelConfig(frame_sizes=(4,), width=8, embedding=2, lookback=1, levels=40)).eval()
    output = model.sample.output
    for values in (output.matrix.length, output.bias):
        values.data.zero_()
    codes = NativeEngine(fold(model), silence(model, [1])).make(requests.asked(1, 400, top_k=top_k))
    assert set(np.unique(codes)) == set(range(top_k))


@pytest.mark.parametrize("levels", [100, 256])
def test_what_fills_the_last_vector_is_never_drawn(small, requests, instructions, levels):
    """Weights may be numbers, as a checkpoint's have to be, and yet too large for logits that are."""
    model = small.model_of(ModelConfig(frame_sizes=(4,), width=8, embedding=2, lookback=1, levels=levels)).eval()
    model.sample.output.bias.data.fill_(-3.4e38)
    engine = NativeEngine(fold(model), silence(model, [1]), instructions=instructions)
    assert engine.make(requests.asked(1, 64, temperature=0.5)).max() < levels
