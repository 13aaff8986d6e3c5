"""An estimate of the memory and time that a training takes, from a few steps measured before it starts."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
import torch

from samplernn.config import Preset
from samplernn.data.batches import StreamConfig, Streams
from samplernn.device import fast_dtype
from samplernn.network.model import SampleRNN
from samplernn.training.evaluation import Evaluation
from samplernn.training.memory import bytes_to_train, micro_batches_that_fit
from samplernn.training.train_step import TrainStep

_SMALL_BATCH, _LARGER_BATCH = 4, 12
"""Their times differ by what a row of a batch costs; the rest is the same for every batch size."""
_TRIES = 3
_MEASURED_SECONDS = 1.0
"""After so many no further step is measured."""
_SCORED_SAMPLES = 160_000
"""Length of the sound whose first slice is scored to measure the evaluation."""
_WARM_UP_STEPS = 5
"""Steps on a GPU before one is measured."""


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """What a training costs on a device."""

    bytes: float
    """Of memory, at most; accurate to about a third."""
    samples_per_second: float
    """Speed of training; accurate to about a quarter while nothing else uses the device."""
    scored_per_second: float
    """Speed of evaluation, in samples of held-out music."""

    def seconds_per_epoch(self, preset: Preset, held_out: float = 0.0) -> float:
        """Time of the steps of an epoch and of the evaluation of `held_out` samples after it."""
        training = preset.train
        learnt = training.steps_per_epoch * training.batch * training.window
        return learnt / self.samples_per_second + held_out / self.scored_per_second


def estimate_cost(preset: Preset, device: torch.device) -> CostEstimate:
    """Makes a few training steps and times them: a second for a small model on a processor, some for a large one.

    Raises:
        SoundError: the training would take more memory than there is.
    """
    micro_batches = micro_batches_that_fit(preset, device)
    batch = preset.train.batch
    model = _model(preset, device)
    if device.type == "cpu":
        small, larger = (_step_seconds(model, preset, size) for size in (_SMALL_BATCH, _LARGER_BATCH))
        per_row = max(larger - small, 0.1 * larger) / (_LARGER_BATCH - _SMALL_BATCH)
        step = max(small - _SMALL_BATCH * per_row, 0.0) + batch * per_row
    else:
        step = _step_seconds(model, preset, batch)
    speed = batch * preset.train.window / step
    return CostEstimate(bytes_to_train(preset, device, micro_batches), speed, _scored_per_second(model, preset.rate))


def _scored_per_second(model: SampleRNN, rate: int) -> float:
    """To be called after some training steps, so that the libraries are initialised."""
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, _SCORED_SAMPLES).astype(np.float32)
    held_out = Evaluation(noise, [(0, len(noise))], model.eval(), rate)
    return held_out.samples / max(held_out.seconds_expected(tries=1), 1e-9)


def _model(preset: Preset, device: torch.device) -> SampleRNN:
    with torch.random.fork_rng(devices=[]):
        model = SampleRNN(preset.model).to(device).train()
    model.compute = fast_dtype(device)
    return model


def _step_seconds(model: SampleRNN, preset: Preset, batch: int) -> float:
    """The quickest of a few steps with a batch of that size."""
    preset = replace(preset, train=replace(preset.train, batch=batch))
    config = StreamConfig.of(preset)
    length = 2 * config.tbptt_length + config.context_length
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, length).astype(np.float32)
    streams = Streams(noise, [(0, length)], replace(config, stretch_length=length), seed=0)
    train_step = TrainStep(model, streams, preset, 0)
    if model.device.type != "cpu":
        for _ in range(_WARM_UP_STEPS):
            train_step.run(0.5)
    times: list[float] = []
    while len(times) < _TRIES and sum(times) < _MEASURED_SECONDS:
        began = time.perf_counter()
        train_step.run(0.5).item()  # which waits for a GPU
        times.append(time.perf_counter() - began)
    train_step.close()
    return min(times)
