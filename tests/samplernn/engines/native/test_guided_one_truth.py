"""Networks with guides by the native generator: every set of instructions and precision, alone and in company."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from samplernn.config import GUIDE_HOP
from samplernn.engines.folded import fold
from samplernn.engines.native_engine import NativeEngine
from samplernn.generation.priming import silence
from samplernn.native.library import library, plays
from samplernn.network.conditioning import GuideFrames
from samplernn.presets import PRESETS
from tests.samplernn.engines.guided import CONFIGS, forced, guide, request_of

GUIDED_SKETCH = PRESETS["guided-sketch"].model


@pytest.fixture(autouse=True)
def knowing(built) -> None:
    if not plays(library(), CONFIGS["with an adaptive filter"]):
        pytest.skip("the native generator here was built before there were guides, or adaptive filters")


def apart(small, config, clips: int, frames: int = 2, **options) -> np.ndarray:
    """How far the odds are from those of the model, [clips, samples, levels]."""
    model = small.model_of(config).eval()
    state, told = silence(model, range(clips)), guide(config, clips, frames)
    odds = np.empty((clips, frames * GUIDE_HOP, config.levels), dtype=np.float32)
    codes = NativeEngine(fold(model), state, **options).make(request_of(clips, told), odds)
    return odds - forced(model, state, codes, told)


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS.keys())
@pytest.mark.parametrize(("clips", "threads"), [(1, 2), (13, 3)])
def test_every_instruction_set_tells_the_same(small, config, clips, threads, instructions):
    options = {"precision": "float32", "threads": threads, "instructions": instructions}
    assert np.abs(apart(small, config, clips, **options)).max() < 1e-4


@pytest.mark.parametrize("precision", ["bfloat16", "int8"])
def test_coarser_weights_are_near_the_truth(small, precision, instructions):
    distance = apart(small, GUIDED_SKETCH, 3, 3, precision=precision, instructions=instructions)
    assert 0.5 * np.abs(distance).sum(-1).mean() <= {"bfloat16": 0.01, "int8": 0.02}[precision]


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_clip_is_the_same_in_any_company_and_resumed(small, precision):
    model = small.model_of(GUIDED_SKETCH).eval()
    told = guide(GUIDED_SKETCH, 5, 12)
    request = request_of(5, told)
    together = NativeEngine(fold(model), silence(model, range(5)), precision=precision, threads=2).make(request)

    def part(clip: int, begin: int, end: int):
        samples = slice(begin * GUIDE_HOP, end * GUIDE_HOP)
        frames = GuideFrames(*(values[clip : clip + 1] for values in told)).part(begin, end)
        return replace(request, chances=request.chances[clip : clip + 1, samples], guide=frames,
                       temperature=request.temperature[clip : clip + 1, samples], top_k=request.top_k[clip : clip + 1],
                       top_p=request.top_p[clip : clip + 1])  # fmt: skip

    first = NativeEngine(fold(model), silence(model, [3]), precision=precision, threads=1)
    begun = first.make(part(3, 0, 5))
    second = NativeEngine(fold(model), first.state(), precision=precision, threads=3)
    assert np.array_equal(np.concatenate([begun, second.make(part(3, 5, 12))], axis=1), together[3:4])


def test_a_guide_ends_with_the_request_that_it_was_for(small):
    """The next one, without, plays as the album's filter has it."""
    config = CONFIGS["as in guided sketch"]
    model = small.model_of(config).eval()
    told = guide(config, 2, 2, without=0.0)
    engine = NativeEngine(fold(model), silence(model, [1, 2]), precision="float32")
    first = engine.make(request_of(2, told, 1))
    odds = np.empty((2, 2 * GUIDE_HOP, config.levels), dtype=np.float32)
    nothing = GuideFrames.none(2, 2, config.guide_predictor)
    second = engine.make(replace(request_of(2, nothing, 2), guide=None), odds)
    whole = GuideFrames.one_after_another([told, nothing])
    right = forced(model, silence(model, [1, 2]), np.concatenate([first, second], axis=1), whole)
    assert np.abs(odds - right[:, 2 * GUIDE_HOP :]).max() < 1e-4
