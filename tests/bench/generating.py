"""Generating on the processor: how fast, beside a naive SampleRNN of the same network and weights.

    python -m tests.bench --only generating

`two-tiers` is the network that the goals were set by: 256 wide throughout, with an embedding. `sketch` has a narrower
sample tier and no embedding, which takes more away from the naive one than from ours.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Iterator

import numpy as np
import torch

from samplernn.engines.choice import EngineName, Precision, open_engine
from samplernn.engines.engine import Engine
from samplernn.engines.native_engine import NativeEngine
from samplernn.engines.sampling_request import SamplingRequest
from samplernn.generation.priming import silence
from samplernn.native.library import instruction_sets
from samplernn.network.model import SampleRNN
from tests.bench.measuring import Figure, seconds_of
from tests.bench.naive import NaiveSampleRNN
from tests.bench.training import bench_of, flops_per_sample, matrix_rate

_RATE = 16_000
_BATCHES = (1, 8, 64)
_NAIVE_SAMPLES = {
    "paper": {1: 48, 8: 32, 64: 16},
    "sketch": {1: 480, 8: 240, 64: 96},
    "two-tiers": {1: 240, 8: 96, 64: 48},
}
"""Of each clip; ours makes more in a measurement."""
_MORE: dict[EngineName, int] = {"native": 32, "torch": 6}
_REPEATS = 5
_READ = 128 << 20


def measure() -> Iterator[tuple[str, Figure]]:
    torch.set_num_threads(max(os.cpu_count() or 1, 1))
    engines: tuple[EngineName, ...] = ("native", "torch") if instruction_sets() else ("torch",)
    for name in _NAIVE_SAMPLES:
        torch.manual_seed(0)
        model = SampleRNN(bench_of(name).preset.model).eval()
        naive = NaiveSampleRNN(model).eval()
        for clips in _BATCHES:
            for engine in engines:
                yield from _beside_naive(name, model, naive, clips, engine)
        if instruction_sets() and name != "two-tiers":
            yield from _alone(name, model)


def _beside_naive(
    name: str, model: SampleRNN, naive: NaiveSampleRNN, clips: int, engine: EngineName
) -> Iterator[tuple[str, Figure]]:
    few = _NAIVE_SAMPLES[name][clips]
    many = few * _MORE[engine]
    ours = maker(open_engine(model, silence(model, range(clips)), engine=engine), clips, many)
    ours()
    ratios, rates = [], []
    for _ in range(_REPEATS):
        theirs = seconds_of(lambda: naive.make(clips, few)) / few
        ours()  # until the threads of the other have gone to sleep
        each = seconds_of(ours) / many
        ratios.append(theirs / each)
        rates.append(clips / each)
    prefix = "" if engine == "native" else "torch_"
    yield f"generate.{name}.{clips}.{prefix}ratio", _figure(ratios, "x")
    yield f"generate.{name}.{clips}.{prefix}samples", _figure(rates, "samples/s")


def _alone(name: str, model: SampleRNN) -> Iterator[tuple[str, Figure]]:
    precisions: tuple[Precision, ...] = ("bfloat16", "int8") if name == "paper" else ("bfloat16",)
    for precision in precisions:
        engine = open_engine(model, silence(model, [0]), engine="native", precision=precision)
        assert isinstance(engine, NativeEngine)
        count = 320 if name == "paper" else 8000
        rates = _rates(maker(engine, 1, count), count)
        middle = "" if precision == "bfloat16" else f"{precision}."
        yield f"generate.{name}.1.{middle}realtime", _figure([rate / _RATE for rate in rates], "x 16 kHz")
        if name == "paper":
            read = _bandwidth()
            share = [rate * engine.weight_bytes / read for rate in rates]
            weights = f"{engine.weight_bytes / 1e6:.2f} MB of weights per sample, in part from the cache"
            note = f"{weights}; memory gives {read / 1e9:.0f} GB/s"
            yield f"generate.{name}.1.{middle}bandwidth", _figure(share, "of memory", note)
    if name == "paper":
        engine = open_engine(model, silence(model, range(64)), engine="native")
        rates = _rates(maker(engine, 64, 32), 64 * 32)
        config = model.config
        needed = flops_per_sample(config) / 3.0 - 2.0 * config.sample_units**2
        fastest = matrix_rate()
        note = f"{needed / 1e6:.1f} MFLOP per sample; the rate is {fastest / 1e9:.0f} GFLOP/s"
        yield f"generate.{name}.64.peak", _figure([rate * needed / fastest for rate in rates], "of matrix rate", note)


def maker(engine: Engine, clips: int, samples: int) -> Callable[[], object]:
    request = SamplingRequest(
        np.random.default_rng(0).random((clips, samples), dtype=np.float32),
        np.full((clips, samples), 0.95, dtype=np.float32),
        np.zeros(clips, dtype=np.int32),
        np.ones(clips, dtype=np.float32),
    )
    return lambda: engine.make(request)


def _rates(work: Callable[[], object], amount: float) -> list[float]:
    work()
    return [amount / seconds_of(work) for _ in range(3 * _REPEATS)]


def _bandwidth() -> float:
    """Bytes a second that all processors together read from memory."""
    values = np.ones(_READ // 4, dtype=np.float32)
    np.dot(values, values)
    return max(_READ / seconds_of(lambda: np.dot(values, values)) for _ in range(20))


def _figure(values: list[float], unit: str, note: str = "") -> Figure:
    median = statistics.median(values)
    return Figure(median, unit, (max(values) - min(values)) / median, note)
