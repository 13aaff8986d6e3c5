"""Learning and generating beside four busy programs: the share of the speed that they keep.

    python -m tests.bench --only beside_load

On two processors two threads among six have a third of what they have alone; more than that is not theirs. Quiet and
busy take turns.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch

from samplernn.engines.choice import open_engine
from samplernn.engines.native_engine import processors
from samplernn.generation.priming import silence
from samplernn.native.library import instruction_sets
from samplernn.network.model import SampleRNN
from tests.bench.generating import maker
from tests.bench.measuring import Figure
from tests.bench.training import bench_of

_BUSY = 4
_SECONDS = 3.0
_TURNS = 3
_CLIPS = {1: 1600, 64: 160}
"""How many samples of each clip are made in one go."""


def measure() -> Iterator[tuple[str, Figure]]:
    torch.set_num_threads(processors())
    yield "train.beside_load", _share(bench_of("sketch").ours())
    if not instruction_sets():
        return
    model = SampleRNN(bench_of("sketch").preset.model).eval()
    for clips, samples in _CLIPS.items():
        engine = open_engine(model, silence(model, range(clips)), engine="native")
        yield f"generate.sketch.{clips}.beside_load", _share(maker(engine, clips, samples))


def _share(work: Callable[[], object]) -> Figure:
    """Speed beside the busy programs over that without them."""
    for _ in range(5):
        work()
    quiet, busy = [], []
    for _ in range(_TURNS):
        quiet.append(_speed(work))
        with _busy():
            busy.append(_speed(work))
    shares = [beside[0] / alone[0] for alone, beside in zip(quiet, busy, strict=True)]
    had = [statistics.median(processor for _, processor in each) for each in (quiet, busy)]
    note = f"with {had[1]:.2f} processors, and {had[0]:.2f} alone; a third is a fair share of two"
    median = statistics.median(shares)
    return Figure(median, "of quiet speed", (max(shares) - min(shares)) / median, note)


def _speed(work: Callable[[], object]) -> tuple[float, float]:
    """How often a second, and how many processors that took."""
    count, began, used = 0, time.perf_counter(), time.process_time()
    while (passed := time.perf_counter() - began) < _SECONDS:
        work()
        count += 1
    return count / passed, (time.process_time() - used) / passed


@contextmanager
def _busy() -> Iterator[None]:
    """Meanwhile, other processes compute."""
    others = [subprocess.Popen([sys.executable, "-S", "-c", "while True: pass"]) for _ in range(_BUSY)]
    time.sleep(0.5)
    try:
        yield
    finally:
        for other in others:
            other.kill()
        for other in others:
            other.wait()
