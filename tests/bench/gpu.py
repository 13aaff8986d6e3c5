"""Learning and making on a GPU, where there is one: how fast, whether memory grows, and what the window feels of it.

    python -m tests.bench --only gpu

The window is a thread with a timer of 10 ms beside the work: its lag is what a click would wait.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice

import numpy as np
import torch

from samplernn.generation.sampling import SamplingParameters
from samplernn.generation.stream import Stream
from samplernn.network.model import SampleRNN
from samplernn.presets import PRESETS
from tests.bench.measuring import Figure, rate
from tests.bench.training import Bench

_STEPS = 50
_ALBUM_CLIPS, _ALBUM_SECONDS = 100, 240.0
_INTERVAL = 0.01
_BLOCKS = 64
"""Of samples, in each measurement of one clip."""
_STRETCH = 320
"""Blocks of the album that are made; the rest is taken to go as fast."""


def measure() -> Iterator[tuple[str, Figure]]:
    """For `python -m tests.bench`; nothing where PyTorch sees no GPU."""
    if not torch.cuda.is_available():
        return
    for name in ("paper", "sketch"):
        yield from _learning(name)
        yield from _making(name)


def _learning(name: str) -> Iterator[tuple[str, Figure]]:
    bench = Bench(PRESETS[name], "cuda")
    step = bench.ours(steady=True)

    def steps(count: int = _STEPS) -> None:
        for _ in range(count):
            step()
        torch.cuda.synchronize()

    steps(20)
    figure = rate(steps, _STEPS * bench.samples, "samples/s")
    peak = torch.cuda.max_memory_reserved() / 2**30
    yield f"gpu.train.{name}.samples", Figure(figure.value, figure.unit, figure.spread, f"{peak:.1f} GiB reserved")
    with _lags() as lags:
        _for_seconds(3.0, steps)
    yield f"gpu.train.{name}.latency_p99_ms", _latency(lags)


def _making(name: str) -> Iterator[tuple[str, Figure]]:
    preset = PRESETS[name]
    torch.manual_seed(0)
    model = SampleRNN(preset.model)
    noise = np.random.default_rng(0).normal(0.0, 0.1, 10 * preset.rate).astype(np.float32)
    model.fit_lpc(noise, [(0, len(noise))])
    model.to("cuda").eval()

    def stream(clips: int) -> Callable[[int], int]:
        sound = Stream(model, range(clips), [SamplingParameters()] * clips, rate=preset.rate)

        def blocks(count: int) -> int:
            return sum(block.shape[1] for block in islice(sound, count))

        return blocks

    one = stream(1)
    samples = one(4) // 4 * _BLOCKS
    figure = rate(lambda: one(_BLOCKS), samples / preset.rate, "x")
    yield f"gpu.generate.{name}.1.realtime", Figure(figure.value, figure.unit, figure.spread, f"{preset.rate} Hz")
    with _lags() as lags:
        _for_seconds(3.0, lambda: one(_BLOCKS))
    yield f"gpu.generate.{name}.latency_p99_ms", _latency(lags)
    many = stream(_ALBUM_CLIPS)
    many(4)
    before, taken = torch.cuda.memory_allocated(), torch.cuda.memory_stats()["num_device_alloc"]
    began = time.perf_counter()
    made = many(_STRETCH)
    seconds = (time.perf_counter() - began) * _ALBUM_SECONDS * preset.rate / made
    realtime = _ALBUM_CLIPS * _ALBUM_SECONDS / seconds
    note = f"{made / preset.rate:.1f} s of each made, and scaled; {realtime:.0f}x real time"
    yield f"gpu.generate.{name}.100x240s.seconds", Figure(seconds, "s", note=note)
    grown, times = torch.cuda.memory_allocated() - before, torch.cuda.memory_stats()["num_device_alloc"] - taken
    note = f"{times} times memory was taken from the device"
    yield f"gpu.generate.{name}.memory_growth", Figure(float(grown), "bytes", note=note)


@contextmanager
def _lags() -> Iterator[list[float]]:
    """Collects by how many ms a timer is late."""
    lags: list[float] = []
    done = threading.Event()

    def turn() -> None:
        last = time.perf_counter()
        while not done.is_set():
            time.sleep(_INTERVAL)
            now = time.perf_counter()
            lags.append((now - last - _INTERVAL) * 1000)
            last = now

    window = threading.Thread(target=turn)
    window.start()
    try:
        yield lags
    finally:
        done.set()
        window.join()


def _latency(lags: list[float]) -> Figure:
    p50, p99 = np.percentile(lags, (50, 99))
    return Figure(float(p99), "ms", note=f"p50 {p50:.2f}, longest {max(lags):.1f}, of {len(lags)} turns of 10 ms")


def _for_seconds(seconds: float, work: Callable[[], object]) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        work()
