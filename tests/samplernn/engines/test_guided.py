"""Networks that take guides: what they are played from are the odds of the training model, with a guide and without."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from samplernn.config import GUIDE_HOP, ModelConfig
from samplernn.engines.choice import open_engine
from samplernn.engines.cuda.engine import CudaEngine
from samplernn.engines.folded import fold
from samplernn.engines.native_engine import NativeEngine
from samplernn.engines.torch_engine import TorchEngine
from samplernn.errors import SoundError
from samplernn.generation.priming import after, silence
from samplernn.native.library import library, plays
from samplernn.network.conditioning import GuideFrames
from tests.samplernn.engines.guided import CONFIGS, forced, guide, request_of
from tests.samplernn.engines.odds import asked


@pytest.fixture(params=CONFIGS.values(), ids=CONFIGS.keys())
def guided(request) -> ModelConfig:
    return request.param


@pytest.fixture(params=["torch", "native"])
def engine_name(request) -> str:
    if request.param == "native" and not plays(library(), CONFIGS["with an adaptive filter"]):
        pytest.skip("the native library was not built here")
    return request.param


def test_the_odds_are_those_of_the_training_model(guided, small, engine_name):
    """In several requests, each of which goes on with the residuals that the filters before it left."""
    model = small.model_of(guided).eval()
    state = silence(model, [4, 5, 6])
    whole = guide(guided, 3, 5)
    engine = open_engine(model, state, engine=engine_name, precision="float32")
    codes, odds = [], []
    for begin, end in ((0, 1), (1, 3), (3, 5)):
        odds.append(np.empty((3, (end - begin) * GUIDE_HOP, guided.levels), dtype=np.float32))
        codes.append(engine.make(request_of(3, whole.part(begin, end), begin), odds[-1]))
    right = forced(model, state, np.concatenate(codes, axis=1), whole)
    assert np.abs(np.concatenate(odds, axis=1) - right).max() < 1e-4


def test_what_a_guide_says_is_heard(guided, small):
    model = small.model_of(guided).eval()
    state, codes = silence(model, [1]), np.full((1, 2 * GUIDE_HOP), guided.levels // 2)
    told = [forced(model, state, codes, guide(guided, 1, 2, seed, without=0.0)) for seed in (1, 2)]
    assert np.abs(told[0] - told[1]).max() > 1e-3
    without = forced(model, state, codes, GuideFrames.none(1, 2, guided.guide_predictor))
    assert np.abs(told[0] - without).max() > 1e-3


def test_without_a_guide_it_plays_as_without_frames(guided, small, engine_name):
    model = small.model_of(guided).eval()
    state = silence(model, [4, 5])
    without = open_engine(model, state, engine=engine_name, precision="float32").make(asked(2, 256, 3))
    nothing = GuideFrames.none(2, 2, guided.guide_predictor)
    told = open_engine(model, state, engine=engine_name, precision="float32").make(request_of(2, nothing, 3))
    assert np.array_equal(without, told)


def test_another_engine_goes_on_where_one_stopped(guided, small, engine_name):
    model = small.model_of(guided).eval()
    frames = guide(guided, 2, 4)
    first, second = request_of(2, frames.part(0, 2), 1), request_of(2, frames.part(2, 4), 2)
    engine = open_engine(model, silence(model, [1, 2]), engine=engine_name, precision="float32")
    engine.make(first)
    between = engine.state()
    right = engine.make(second)
    again = open_engine(model, between, engine=engine_name, precision="float32").make(second)
    assert np.array_equal(again, right)
    alone = open_engine(model, between.select([1]), engine=engine_name, precision="float32")
    part = replace(second, chances=second.chances[1:], temperature=second.temperature[1:], top_k=second.top_k[1:],
                   top_p=second.top_p[1:], guide=GuideFrames(*(each[1:] for each in second.guide)))  # fmt: skip
    assert (alone.make(part) == right[1:]).mean() > 0.9  # in PyTorch rounding depends on the batch


def test_a_frame_of_the_guide_for_every_part_of_a_request(guided, small, engine_name):
    model = small.model_of(guided).eval()
    engine = open_engine(model, silence(model, [1]), engine=engine_name, precision="float32")
    with pytest.raises(ValueError, match=r"a frame of the guide|of float32, not"):
        engine.make(replace(asked(1, 256), guide=guide(guided, 1, 1)))


def test_clips_renewed_by_others_keep_their_residuals(guided, small, engine_name):
    model = small.model_of(guided).eval()
    engine = open_engine(model, silence(model, [1, 2]), engine=engine_name, precision="float32")
    engine.make(request_of(2, guide(guided, 2, 2)))
    state, fresh = engine.state(), silence(model, [3])
    mixed = state.with_replaced([1], fresh)
    assert np.array_equal(mixed.residuals[0], state.residuals[0])
    assert np.array_equal(mixed.residuals[1], fresh.residuals[0])


def test_music_before_a_clip_is_heard_with_its_guide(guided, small):
    model = small.model_of(guided).eval()
    sound = small.music(0.3)
    guideless = after(model, sound, silence(model, [1]))
    heard = after(model, sound, silence(model, [1]), small.rate)
    assert np.array_equal(guideless.past, heard.past)
    assert not np.allclose(guideless.residuals, heard.residuals)
    assert not np.allclose(guideless.tiers[0][0], heard.tiers[0][0])


def test_the_choice_of_an_engine_plays_it(guided, small):
    model = small.model_of(guided).eval()
    fastest = NativeEngine if plays(library(), guided) else TorchEngine
    assert isinstance(open_engine(model, silence(model, [1])), fastest)


def test_a_generator_that_is_too_old_is_not_used(guided, small, monkeypatch):
    """One that was built before there were guides, or adaptive filters."""
    lacks = "adaptive" if guided.adaptive else "guides"
    monkeypatch.setattr(f"samplernn.native.library.knows_{lacks}", lambda _: False)
    model = small.model_of(guided).eval()
    assert isinstance(open_engine(model, silence(model, [1])), TorchEngine)
    if library() is not None:
        with pytest.raises(SoundError, match="no generator"):
            open_engine(model, silence(model, [1]), engine="native")


def test_the_engine_for_gpus_plays_them_from_the_same_odds(guided, small):
    """Its steps in plain PyTorch, span by span and frame by frame; where a state was left, it goes on exactly."""
    if guided.adaptive:
        pytest.skip("it has no adaptive filter: PyTorch plays these on a GPU")
    model = small.model_of(guided).eval()
    state, whole = silence(model, [4, 5, 6]), guide(guided, 3, 10)
    asked_for = request_of(3, whole)
    engine = CudaEngine(fold(model), state, torch.float32)
    odds = np.empty((*asked_for.chances.shape, guided.levels), np.float32)
    codes = engine.make(asked_for, odds)
    assert np.abs(odds - forced(model, state, codes, whole)).max() < 1e-4
    between = engine.state()
    right = TorchEngine(fold(model), between).make(request_of(3, whole.part(2, 5), 7))
    assert np.array_equal(
        CudaEngine(fold(model), between, torch.float32).make(request_of(3, whole.part(2, 5), 7)), right
    )
    without = CudaEngine(fold(model), between, torch.float32).make(asked(3, 256, 3))
    assert np.array_equal(without, TorchEngine(fold(model), between).make(asked(3, 256, 3)))
    with pytest.raises(ValueError, match="a frame of the guide"):
        engine.make(replace(asked_for, guide=whole.part(0, 3)))
