"""The generator for GPUs draws from the model's probabilities; on a GPU where there is one, else on the CPU."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
import torch

from samplernn.engines.cuda.engine import CudaEngine
from samplernn.engines.folded import fold
from samplernn.engines.recurrent_state import RecurrentState
from samplernn.engines.sampling_request import SamplingRequest
from samplernn.presets import PRESETS
from samplernn.training.graphed_step import GraphedStep

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
CLIPS = 5
needs_gpu = pytest.mark.skipif(DEVICE.type == "cpu", reason="there is no GPU")


@pytest.fixture(autouse=True)
def _all_digits(monkeypatch) -> None:
    """cuDNN multiplies float32 with fewer digits where it may."""
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)


def some_state(config, clips=CLIPS, seed=1):
    random = np.random.default_rng(seed)
    shape = config.layers, clips, config.width
    kept = 0.0 if config.cell == "gru" else 0.5

    def values(spread):
        return random.normal(0, 1, shape).astype(np.float32) * np.float32(spread)

    states = tuple((values(0.5), values(kept)) for _ in config.frame_sizes)
    return RecurrentState(states, random.integers(0, config.levels, (clips, config.context_length)))


def some_request(clips, samples, *, cuts=False, seed=2):
    random = np.random.default_rng(seed)
    top_k = random.integers(0, 9, clips) if cuts else np.zeros(clips)
    top_p = random.uniform(0.3, 1.0, clips) if cuts else np.ones(clips)
    temperature = random.uniform(0.5, 1.5, (clips, samples)).astype(np.float32)
    chances = random.random((clips, samples), dtype=np.float32)
    return SamplingRequest(chances, temperature, top_k.astype(np.int32), top_p.astype(np.float32))


def part_of(request, begin, end):
    return replace(request, chances=request.chances[:, begin:end], temperature=request.temperature[:, begin:end])


@torch.no_grad()
def taught(model, state, codes, temperature):
    """The probabilities of the model run over the same codes, [clips, samples, levels]."""
    tiers = [(torch.from_numpy(h).to(DEVICE), torch.from_numpy(c).to(DEVICE)) for h, c in state.tiers]
    past = torch.from_numpy(np.concatenate([state.past, codes], axis=1)).to(DEVICE)
    logits, _ = model(past, tiers)
    return (logits / torch.from_numpy(temperature).to(DEVICE)[:, :, None]).softmax(2).cpu().numpy()


def as_taught(model, state, dtype, request, far, apart):
    """Makes codes; their odds are those of the model, `far` off at most and `apart` in total variation. Gives both."""
    odds = np.zeros((*request.chances.shape, model.config.levels), dtype=np.float32)
    codes = CudaEngine(fold(model), state, dtype).make(request, odds)
    off = np.abs(odds - taught(model, state, codes, request.temperature))
    assert off.max() <= far
    assert off.sum(2).mean() / 2 <= apart
    return codes, odds


def model_of(small, config):
    model = small.model_of(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.05)
    return model.to(DEVICE).eval()


def wide(config):
    """Of a size that all parts of the kernels work at."""
    return replace(config, width=256, sample_width=config.sample_width and 128)


@pytest.fixture(params=["small", pytest.param("wide", marks=needs_gpu)])
def sized(request, config):
    return config if request.param == "small" else wide(config)


@pytest.mark.parametrize("clips", [1, CLIPS])
@pytest.mark.parametrize(("dtype", "far", "apart"), [(torch.float32, 1e-4, 1e-5), (torch.bfloat16, 0.1, 0.01)])
def test_the_odds_are_those_of_the_model(small, sized, clips, dtype, far, apart) -> None:
    config = sized
    model, state = model_of(small, config), some_state(config, clips)
    request = some_request(clips, 4 * config.top)
    codes, odds = as_taught(model, state, dtype, request, far, apart)
    running = odds.cumsum(2)
    assert (np.take_along_axis(running, codes[:, :, None], 2)[:, :, 0] >= request.chances - 1e-4).all()


@needs_gpu
@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("clips", [1, 20, 150])
def test_the_odds_of_the_presets_are_those_of_the_model(small, name, clips) -> None:
    config = PRESETS[name].model
    model, state = model_of(small, config), some_state(config, clips)
    request = some_request(clips, 2 * config.top)
    for dtype, far, apart in ((torch.float32, 1e-4, 1e-5), (torch.bfloat16, 0.2, 0.01)):
        as_taught(model, state, dtype, request, far, apart)


@needs_gpu
@pytest.mark.parametrize("units", [16, 48, 80, 512, 768])
@pytest.mark.parametrize("clips", [1, 3, 40])
def test_layers_of_every_width_can_be_shared(small, units, clips) -> None:
    """Among them some whose parts are no power of two, or not of a size that is sent in one piece."""
    config = replace(small.configs["everything"], sample_width=units)
    model, state = model_of(small, config), some_state(config, clips)
    request = some_request(clips, 2 * config.top)
    for dtype, far, apart in ((torch.float32, 1e-4, 1e-5), (torch.bfloat16, 0.2, 0.01)):
        odds = np.zeros((clips, 2 * config.top, config.levels), dtype=np.float32)
        codes = CudaEngine(fold(model), state, dtype).make(request, odds)
        off = np.abs(odds - taught(model, state, codes, request.temperature))
        assert off.max() <= far
        assert off.sum(2).mean() / 2 <= apart


def test_it_goes_on_where_it_was(small, sized) -> None:
    """One stretch is the same in one go, in pieces, and from a state in the middle."""
    config = sized
    folded, state = fold(model_of(small, config)), some_state(config)
    count = 520 // config.top * config.top + 2 * config.top if DEVICE.type == "cuda" else 6 * config.top
    request, half = some_request(CLIPS, count), 2 * config.top
    whole = CudaEngine(folded, state).make(request)
    first = CudaEngine(folded, state)
    begun = first.make(part_of(request, 0, half))
    second = CudaEngine(folded, first.state())
    assert np.array_equal(whole, np.concatenate([begun, first.make(part_of(request, half, count))], axis=1))
    assert np.array_equal(whole[:, half:], second.make(part_of(request, half, count)))
    assert np.array_equal(first.state().past, second.state().past)
    first.load_state(state)
    assert np.array_equal(whole[:, :half], first.make(part_of(request, 0, half)))


def test_unlikely_codes_are_left_out(small, sized) -> None:
    config = sized
    model, state = model_of(small, config), some_state(config)
    request = some_request(CLIPS, 4 * config.top, cuts=True)
    odds = np.zeros((CLIPS, 4 * config.top, config.levels), dtype=np.float32)
    codes = CudaEngine(fold(model), state).make(request, odds)
    ordered = np.sort(odds, axis=2)[:, :, ::-1]
    drawn = np.take_along_axis(odds, codes[:, :, None], 2)[:, :, 0]
    likelier = (odds > drawn[:, :, None] * (1 + 1e-4)).sum(2)
    for clip in range(CLIPS):
        top = int(request.top_k[clip]) or config.levels
        assert (likelier[clip] < top).all()
        left = ordered[clip, :, :top]
        before = np.where(np.arange(top) < likelier[clip][:, None], left, 0.0).sum(1)
        assert (before < request.top_p[clip] * left.sum(1) + 1e-4).all()


@needs_gpu
def test_nothing_is_allocated_once_it_runs(small) -> None:
    config = wide(small.configs["as in the paper"])
    engine = CudaEngine(fold(model_of(small, config)), some_state(config), torch.bfloat16)
    request = some_request(CLIPS, 1024)
    engine.make(request)
    before, taken = torch.cuda.memory_allocated(), torch.cuda.memory_stats()["num_device_alloc"]
    for _ in range(5):
        engine.make(request)
    assert torch.cuda.memory_allocated() == before
    assert torch.cuda.memory_stats()["num_device_alloc"] == taken


@needs_gpu
def test_a_clip_is_the_same_while_a_model_learns_beside_it(small, config) -> None:
    config = wide(config)
    folded, state, request = fold(model_of(small, config)), some_state(config), some_request(CLIPS, 1024)
    alone = CudaEngine(folded, state).make(request)
    model = model_of(small, config).train()
    codes = torch.randint(config.levels, (8, config.context_length + 16 * config.top), device=DEVICE)
    state = model.first_state(8, torch.Generator().manual_seed(0))

    def learn(codes):
        loss, _ = model.loss(codes, state)
        loss.backward()
        return loss.detach()

    step, done = GraphedStep(learn, DEVICE), threading.Event()

    def keep_learning() -> None:
        while not done.is_set():
            step(codes.cpu())

    beside = threading.Thread(target=keep_learning)
    beside.start()
    try:
        together = [CudaEngine(folded, state).make(request) for _ in range(4)]
    finally:
        done.set()
        beside.join()
    assert all(np.array_equal(codes, alone) for codes in together)
