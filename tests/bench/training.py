"""Training of ours and of the naive one, side by side on the same music, weights and threads."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch

from samplernn.config import NO_AUGMENTATION, ModelConfig, Preset
from samplernn.data.batches import StreamConfig, Streams
from samplernn.device import fast_dtype, pick_device
from samplernn.network.layers import GATES
from samplernn.network.model import SampleRNN
from samplernn.presets import PRESETS
from samplernn.training.train_step import TrainStep
from tests.bench.measuring import seconds_of
from tests.bench.naive import NaiveSampleRNN

_SECONDS = 20

_TWO_TIERS = replace(
    PRESETS["sketch"],
    model=ModelConfig(),
    train=replace(PRESETS["sketch"].train, batch=32, window=1024),
)
"""As `S` of the measurements that the goals were set by: two tiers, one LSTM of 256, all before a sample embedded."""


class Bench:
    """Makes the steps that are timed; each kind of step has a model of its own."""

    def __init__(self, preset: Preset, device: str = "cpu") -> None:
        self.preset, self.device = preset, pick_device(device)
        noise = np.random.default_rng(0).normal(0.0, 0.02, _SECONDS * preset.rate)
        self._sound = (0.5 * np.sin(np.cumsum(noise))).astype(np.float32)

    @property
    def samples(self) -> int:
        """That one step learns."""
        return self.preset.train.batch * self.preset.train.window

    def ours(self, *, steady: bool = False) -> Callable[[], object]:
        """`steady`: all is held that a long training holds."""
        model = self._model().train()
        model.compute = fast_dtype(self.device)
        train_step = TrainStep(model, self._streams(), self.preset, 0)
        if steady:
            train_step.run(0.5)
            train_step.take_snapshot()
        return lambda: train_step.run(0.5)

    def naive(self) -> Callable[[], object]:
        naive = NaiveSampleRNN(self._model(), self.preset.train)
        codes = torch.from_numpy(self._streams().next()[0]).to(self.device)
        state = naive.first_state(self.preset.train.batch)

        def step() -> None:
            nonlocal state
            _, state = naive.learn(codes, state)

        return step

    def _model(self) -> SampleRNN:
        torch.manual_seed(0)
        model = SampleRNN(self.preset.model)
        model.fit_lpc(self._sound, [(0, len(self._sound))])
        return model.to(self.device)

    def _streams(self) -> Streams:
        length = len(self._sound)
        config = replace(StreamConfig.of(self.preset), stretch_length=length, augmentation=NO_AUGMENTATION)
        return Streams(self._sound, [(0, length)], config, seed=0)


def bench_of(name: str, *, batch: int = 0, window: int = 0) -> Bench:
    """Of the preset called `name`, or of "two-tiers"; with its own batch and window, or with others."""
    preset = _TWO_TIERS if name == "two-tiers" else PRESETS[name]
    training = preset.train
    training = replace(training, batch=batch or training.batch, window=window or training.window)
    return Bench(replace(preset, train=training))


def flops_per_sample(config: ModelConfig) -> float:
    """Of a training step, in the products that are needed: three times those of a pass, lookups for nothing."""
    width, units, gates = config.width, config.sample_units, GATES[config.cell]
    skip = config.skip and config.layers > 1
    total = 0.0
    sizes = (*config.frame_sizes, 1)
    for k, (size, below) in enumerate(itertools.pairwise(sizes)):
        inputs = width if k else size
        products = inputs * gates * width + (config.layers - 1) * (width + inputs * skip) * gates * width
        products += config.layers * width * (gates * width + width * skip)
        products += size // below * width * (width if below > 1 else units) + (size * width if k else 0)
        total += products / size
    total += 2 * units * units + units * config.levels
    if config.predictor:
        total += 2 * config.surprises * units + 2 * units
    return 3.0 * 2.0 * total


def matrix_rate() -> float:
    """Floating-point operations a second of large products in the dtype that training computes in."""
    kind = fast_dtype(torch.device("cpu"))
    side = 2048
    a, b = torch.randn(side, side).to(kind), torch.randn(side, side).to(kind)
    torch.mm(a, b)
    return max(2.0 * side**3 / seconds_of(lambda: torch.mm(a, b)) for _ in range(40))
