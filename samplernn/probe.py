"""What a training is going to take, measured before it starts by a few small steps of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
import torch

from samplernn.config import Preset
from samplernn.device import fast_dtype
from samplernn.lanes import Lanes
from samplernn.learner import Learner
from samplernn.memory import bytes_to_train, parts_with_room
from samplernn.model import SampleRNN

_FEW, _MORE = 4, 12
"""Lanes of the small batches; what they differ by is what a lane costs, the rest is the same for every batch."""
_TRIES = 3
_ENOUGH = 1.0
"""Seconds after which no further step is made."""
_SETTLE = 5
"""Steps after which a GPU has found its pace."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a training takes on a device."""

    bytes: float
    """Of memory, at most; right to about a third."""
    samples_per_second: float
    """That it learns; right to about a quarter while nothing else is at work."""

    def seconds_per_epoch(self, preset: Preset) -> float:
        """Of learning alone: scores and checkpoints come on top."""
        training = preset.train
        return training.steps_per_epoch * training.batch * training.window / self.samples_per_second


def estimate(preset: Preset, device: torch.device) -> Estimate:
    """Measures; a second for a small model on a processor, some seconds for a large one.

    Raises:
        SoundError: the training would take more memory than there is.
    """
    parts = parts_with_room(preset, device)
    batch = preset.train.batch
    if device.type == "cpu":
        model = _model(preset, device)
        few, more = (_seconds(model, preset, lanes) for lanes in (_FEW, _MORE))
        a_lane = max(more - few, 0.1 * more) / (_MORE - _FEW)
        step = max(few - _FEW * a_lane, 0.0) + batch * a_lane
    else:
        step = _seconds(_model(preset, device), preset, batch)
    return Estimate(bytes_to_train(preset, device, parts), batch * preset.train.window / step)


def _model(preset: Preset, device: torch.device) -> SampleRNN:
    with torch.random.fork_rng(devices=[]):
        model = SampleRNN(preset.model).to(device).train()
    model.compute = fast_dtype(device)
    return model


def _seconds(model: SampleRNN, preset: Preset, lanes: int) -> float:
    """The quickest of a few steps with so many lanes."""
    window, reach = preset.train.window, preset.model.reach
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 2 * window + reach).astype(np.float32)
    music = Lanes(
        noise, [(0, len(noise))], batch=lanes, window=window, reach=reach, length=len(noise),
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
