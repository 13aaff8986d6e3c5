"""What the native generator draws from are the odds of the training model over the same samples."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from samplernn.config import ModelConfig
from samplernn.engines.folded import fold
from samplernn.engines.native_engine import NativeEngine
from samplernn.engines.sampling_request import SamplingRequest
from samplernn.generation.priming import silence
from samplernn.generation.sampling import COLDEST
from samplernn.native.library import library, plays
from samplernn.presets import PRESETS


def shrunk(config: ModelConfig, width: int) -> ModelConfig:
    return replace(config, width=min(width, config.width), embedding=min(16, config.embedding))


MODELS = {
    **{name: shrunk(preset.model, 80) for name, preset in PRESETS.items() if name != "sketch"},
    "sketch": PRESETS["sketch"].model,
    "one tier, lstm": ModelConfig(frame_sizes=(4,), width=40, embedding=8, skip=False, lookback=5),
    "three tiers, gru, skip": ModelConfig(frame_sizes=(16, 4, 2), cell="gru", layers=2, width=33, embedding=8),
    "predictor and lookback": ModelConfig(
        frame_sizes=(8,), layers=2, width=24, embedding=8, lookback=3, predictor=37, surprises=5, first_state="random"
    ),
    "1024 levels": ModelConfig(frame_sizes=(8,), width=32, embedding=8, lookback=8, levels=1024),
    "1024 levels, predictor": ModelConfig(
        frame_sizes=(8,), width=32, sample_width=20, lookback=0, predictor=64, surprises=8, levels=1024
    ),
    "two levels": ModelConfig(frame_sizes=(3,), width=5, embedding=2, lookback=1, levels=2, law="linear"),
    "4096 levels": ModelConfig(frame_sizes=(2,), width=8, embedding=2, lookback=2, levels=4096, law="linear"),
    "long frames": ModelConfig(frame_sizes=(96, 3), layers=3, width=17, embedding=4, lookback=7),
}


@pytest.fixture(params=MODELS.values(), ids=MODELS.keys())
def wide(request) -> ModelConfig:
    if not plays(library(), request.param):
        pytest.skip("the native generator here was built before there were guides")
    return request.param


def apart(small, requests, config: ModelConfig, clips: int, samples: int, temperature: float, **options) -> np.ndarray:
    """How far the odds of the generator are from those of the model, [clips, samples, levels]."""
    model = small.model_of(config).eval()
    state = silence(model, range(clips))
    count = -(-samples // config.top) * config.top
    odds = np.empty((clips, count, config.levels), dtype=np.float32)
    engine = NativeEngine(fold(model), state, **options)
    codes = engine.make(requests.asked(clips, count, temperature=temperature), odds)
    assert codes.min() >= 0
    assert codes.max() < config.levels
    return odds - requests.forced(model, state, codes, temperature)


@pytest.mark.parametrize(("clips", "threads"), [(1, 2), (3, 1), (8, 2), (64, 3)])
def test_odds_in_float32_are_those_of_the_training_model(wide, small, requests, clips, threads):
    distance = apart(small, requests, wide, clips, 32, 0.9, precision="float32", threads=threads)
    assert np.abs(distance).max() < 1e-4


def test_every_instruction_set_tells_the_same(config, small, requests, instructions):
    for clips in (1, 13):
        distance = apart(small, requests, config, clips, 48, 1.0, precision="float32", instructions=instructions)
        assert np.abs(distance).max() < 1e-4


@pytest.mark.parametrize("clips", [1, 8])
def test_odds_in_bfloat16_are_near_those_of_the_training_model(wide, small, requests, clips):
    distance = apart(small, requests, wide, clips, 64, 1.0, precision="bfloat16", threads=2)
    assert 0.5 * np.abs(distance).sum(-1).mean() <= 0.01


@pytest.mark.parametrize("precision", ["bfloat16", "int8"])
def test_coarser_weights_are_near_the_truth_with_every_instruction_set(small, requests, instructions, precision):
    for config in (shrunk(PRESETS["paper"].model, 96), shrunk(PRESETS["three-tier-iclr"].model, 80)):
        distance = apart(small, requests, config, 5, 64, 1.0, precision=precision, instructions=instructions)
        assert 0.5 * np.abs(distance).sum(-1).mean() <= {"bfloat16": 0.01, "int8": 0.02}[precision]


def test_cold_clips_too(small, requests):
    distance = apart(small, requests, small.configs["as in sketch"], 4, 256, COLDEST, precision="float32")
    assert np.abs(distance).max() < 1e-3  # the logits are twenty times as far apart


def test_a_temperature_of_its_own_for_every_sample(small, requests):
    model = small.model_of(small.configs["as in sketch"]).eval()
    state, request = silence(model, range(3)), requests.asked(3, 64)
    request.temperature[:] = np.random.default_rng(5).uniform(0.5, 2.0, (3, 64))
    odds = np.empty((3, 64, 256), dtype=np.float32)
    codes = NativeEngine(fold(model), state, precision="float32").make(request, odds)
    plain = np.log(requests.forced(model, state, codes)) / request.temperature[..., None]
    plain -= np.log(np.exp(plain).sum(-1, keepdims=True))
    assert np.abs(odds - np.exp(plain)).max() < 1e-4


def test_the_largest_sums_of_8_bits_do_not_overflow(small, instructions):
    """All that enters a product of 640 inputs is as large as it can be, and all weights are, too."""
    config = replace(shrunk(PRESETS["paper"].model, 32), sample_width=640, layers=1)
    model = small.model_of(config).eval()
    sample = model.sample
    with torch.no_grad():
        sample.second.matrix.length.zero_()
        sample.second.bias.fill_(1.0)
        sample.third.matrix.direction.fill_(1.0)
    found = []
    for precision in ("float32", "int8"):
        odds = np.empty((1, 32, 256), dtype=np.float32)
        engine = NativeEngine(fold(model), silence(model, [0]), precision=precision, instructions=instructions)
        ones = np.ones((1, 32), dtype=np.float32)
        engine.make(SamplingRequest(ones * 0.5, ones, np.zeros(1, np.int32), np.ones(1, np.float32)), odds)
        found.append(odds)
    assert 0.5 * np.abs(found[0] - found[1]).sum(-1).max() <= 0.02
