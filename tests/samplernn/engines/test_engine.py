"""One truth: what every engine draws from are the odds of the training model over the same samples."""

from __future__ import annotations

import numpy as np
import pytest

from samplernn.config import ModelConfig
from samplernn.data.quantise import encode
from samplernn.engines.choice import open_engine
from samplernn.engines.recurrent_state import RecurrentState
from samplernn.engines.sampling_request import SamplingRequest
from samplernn.generation.priming import after, silence
from samplernn.native.library import instruction_sets
from samplernn.network.model import SampleRNN
from tests.samplernn.engines.odds import asked, forced


def drawn(
    model: SampleRNN, state: RecurrentState, *requests: SamplingRequest
) -> tuple[np.ndarray, np.ndarray, RecurrentState]:
    """Codes and odds of one draw after another, and the state after them."""
    engine = open_engine(model, state, engine="torch", precision="float32")
    codes, odds = [], []
    for request in requests:
        odds.append(np.empty((*request.chances.shape, model.config.levels), dtype=np.float32))
        codes.append(engine.make(request, odds[-1]))
    return np.concatenate(codes, axis=1), np.concatenate(odds, axis=1), engine.state()


@pytest.mark.parametrize("temperature", [1.0, 0.7])
def test_the_odds_are_those_of_the_training_model(config, small, temperature):
    model = small.model_of(config).eval()
    state = silence(model, [4, 5, 6])
    requests = [asked(3, 48, seed, temperature=temperature) for seed in (1, 2)]
    codes, odds, _ = drawn(model, state, *requests)
    assert np.abs(odds - forced(model, state, codes, temperature)).max() < 1e-4


def test_a_primed_clip_goes_on_as_the_training_model_would(config, small):
    """What a clip is drawn from after a prime are the odds of the whole network run over prime and clip."""
    model = small.model_of(config).eval()
    sound = np.random.default_rng(2).uniform(-0.5, 0.5, 10 * config.top + 3).astype(np.float32)
    first = silence(model, [4, 5])
    codes, odds, _ = drawn(model, after(model, sound, first), asked(2, 48, 5))
    past = np.broadcast_to(encode(sound[3:], config.levels, config.law), (2, len(sound) - 3))
    right = forced(model, first, np.concatenate([past, codes], axis=1))
    assert np.abs(odds - right[:, past.shape[1] :]).max() < 1e-4


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_large_matrices_in_half_the_bytes_say_nearly_the_same(cell, small):
    """Mean total variation between the odds of the training model and those of bfloat16 weights."""
    config = ModelConfig(frame_sizes=(8,), cell=cell, layers=2, width=512, embedding=32, lookback=8)
    model = small.model_of(config).eval()
    state = silence(model, [1, 2])
    engine = open_engine(model, state, engine="torch", precision="bfloat16")
    request = asked(2, 64, 3)
    odds = np.empty((2, 64, config.levels), dtype=np.float32)
    codes = engine.make(request, odds)
    apart = 0.5 * np.abs(odds - forced(model, state, codes)).sum(-1)
    assert 0.0 < apart.mean() <= 0.01


def test_another_sampler_goes_on_where_one_stopped(config, small):
    model = small.model_of(config).eval()
    first, second = asked(2, 48, 1), asked(2, 48, 2)
    codes, odds, _ = drawn(model, silence(model, [1, 2]), first, second)
    begun, _, state = drawn(model, silence(model, [1, 2]), first)
    gone_on, later, _ = drawn(model, state, second)
    assert np.array_equal(codes, np.concatenate([begun, gone_on], axis=1))
    assert np.array_equal(odds[:, 48:], later)


@pytest.mark.parametrize("engine", ["torch", "native"] if instruction_sets() else ["torch"])
def test_a_sampler_goes_to_another_moment(config, small, engine):
    model = small.model_of(config).eval()
    first, second = asked(2, 48, 1), asked(2, 48, 2)
    opened = open_engine(model, silence(model, [1, 2]), engine=engine, precision="float32")
    begun, between = opened.make(first), opened.state()
    gone_on = opened.make(second)
    opened.load_state(between)
    assert np.array_equal(opened.make(second), gone_on)
    opened.load_state(silence(model, [1, 2]))
    assert np.array_equal(opened.make(first), begun)
    assert not np.array_equal(begun, gone_on)


def test_codes_are_drawn_as_often_as_their_odds(small):
    model = small.model_of(small.configs["as in sketch"]).eval()
    clips = 4000
    state = silence(model, [1]).select([0] * clips)
    codes, odds, _ = drawn(model, state, asked(clips, 8, 0))
    expected = odds[0, 0] * clips
    counted = np.bincount(codes[:, 0], minlength=len(expected))
    likely = expected > 5
    deviation = ((counted - expected)[likely] ** 2 / expected[likely]).sum()
    freedom = int(likely.sum())
    assert deviation < freedom + 5 * (2 * freedom) ** 0.5


def kept_codes(odds: np.ndarray, top_k: int, top_p: float) -> list[int]:
    """The codes that may be drawn, worked out one by one."""
    ranked = sorted(range(len(odds)), key=lambda code: (-odds[code], code))[: top_k or len(odds)]
    total, share, kept = float(sum(odds[code] for code in ranked)), 0.0, []
    for code in ranked:
        if share >= top_p * total - 1e-6:
            break
        kept.append(code)
        share += float(odds[code])
    return kept


@pytest.mark.parametrize(("top_k", "top_p"), [(1, 1.0), (5, 1.0), (0, 0.5), (20, 0.8), (0, 0.05)])
def test_only_the_most_likely_codes_are_drawn(small, top_k, top_p):
    model = small.model_of(small.configs["as in the paper"]).eval()
    clips = 60
    request = asked(clips, 8, 3, top_k=top_k, top_p=top_p)
    codes, odds, _ = drawn(model, silence(model, range(clips)), request)
    for clip in range(clips):
        for place in range(8):
            assert codes[clip, place] in kept_codes(odds[clip, place], top_k, top_p)


def test_without_odds_that_are_numbers_codes_are_still_codes(small):
    """Weights may be numbers, as a checkpoint's have to be, and yet too large."""
    model = small.model_of(ModelConfig(frame_sizes=(4,), width=8, embedding=2, lookback=1, levels=100)).eval()
    model.sample.output.bias.data.fill_(-3.4e38)
    engine = open_engine(model, silence(model, [1]), engine="torch", precision="float32")
    assert engine.make(asked(1, 16, 0, temperature=0.5)).max() < 100
