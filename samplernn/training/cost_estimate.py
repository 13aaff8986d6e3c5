"""What a training is going to take, measured before it starts by a few small steps of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
import torch

from samplernn.config import Preset
from samplernn.data.batches import Lanes
from samplernn.device import fast_dtype
from samplernn.network.model import SampleRNN
from samplernn.training.evaluation import HeldOut
from samplernn.training.memory import bytes_to_train, parts_with_room
from samplernn.training.train_step import Learner

_FEW, _MORE = 4, 12
"""Lanes of the small batches; what they differ by is what a lane costs, the rest is the same for every batch."""
_TRIES = 3
_ENOUGH = 1.0
"""Seconds after which no further step is made."""
_SCORED = 160_000
"""Samples whose score is tried by its first slice."""
_SETTLE = 5
"""Steps after which a GPU has found its pace."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a training takes on a device."""

    bytes: float
    """Of memory, at most; right to about a third."""
    samples_per_second: float
    """That it learns; right to about a quarter while nothing else is at work."""
    scored_per_second: float
    """Samples of held-out music."""

    def seconds_per_epoch(self, preset: Preset, held_out: float = 0.0) -> float:
        """Of learning, and of scoring so many samples after it."""
        training = preset.train
        learnt = training.steps_per_epoch * training.batch * training.window
        return learnt / self.samples_per_second + held_out / self.scored_per_second


def estimate(preset: Preset, device: torch.device) -> Estimate:
    """Measures; a second for a small model on a processor, some seconds for a large one.

    Raises:
        SoundError: the training would take more memory than there is.
    """
    parts = parts_with_room(preset, device)
    batch = preset.train.batch
    model = _model(preset, device)
    if device.type == "cpu":
        few, more = (_seconds(model, preset, lanes) for lanes in (_FEW, _MORE))
        a_lane = max(more - few, 0.1 * more) / (_MORE - _FEW)
        step = max(few - _FEW * a_lane, 0.0) + batch * a_lane
    else:
        step = _seconds(model, preset, batch)
    speed = batch * preset.train.window / step
    return Estimate(bytes_to_train(preset, device, parts), speed, _scored_per_second(model))


def _scored_per_second(model: SampleRNN) -> float:
    """Of a model that has learnt already, so that the library is awake."""
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, _SCORED).astype(np.float32)
    held_out = HeldOut(noise, [(0, len(noise))], model.eval())
    return held_out.samples / max(held_out.seconds_expected(tries=1), 1e-9)


def _model(preset: Preset, device: torch.device) -> SampleRNN:
    with torch.random.fork_rng(devices=[]):
        model = SampleRNN(preset.model).to(device).train()
    model.compute = fast_dtype(device)
    return model


def _seconds(model: SampleRNN, preset: Preset, lanes: int) -> float:
    """The quickest of a few steps with so many lanes."""
    window, context_length = preset.train.window, preset.model.context_length
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 2 * window + context_length).astype(np.float32)
    music = Lanes(
        noise, [(0, len(noise))], batch=lanes, window=window, context_length=context_length, length=len(noise),
        levels=preset.model.levels, law=preset.model.law, seed=0,
    )  # fmt: skip
    learner = Learner(model, music, replace(preset, train=replace(preset.train, batch=lanes)), 0)
    if model.device.type != "cpu":
        for _ in range(_SETTLE):
            learner.step(0.5)
    times: list[float] = []
    while len(times) < _TRIES and sum(times) < _ENOUGH:
        began = time.perf_counter()
        learner.step(0.5).item()  # which waits for a GPU
        times.append(time.perf_counter() - began)
    return min(times)
