"""Products in bf16 teach as much as in float32."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from samplernn.data.batches import StreamConfig, Streams
from samplernn.training.train_step import TrainStep

_STEPS, _LAST = 500, 100


def _learnt(small, dataset, config, dtype, batch, rate):
    """Mean bits of the last of 500 steps."""
    preset = small.preset_of(config, decay=True, batch=batch, rate=rate)
    model = small.model_of(config).train()
    model.compute = dtype
    streams = Streams(dataset.sound, dataset.train, replace(StreamConfig.of(preset), stretch_length=4000), seed=0)
    train_step = TrainStep(model, streams, preset, seed=0)
    bits = [train_step.run(step / _STEPS).item() for step in range(_STEPS)]
    return sum(bits[-_LAST:]) / _LAST


@pytest.mark.parametrize(("name", "batch", "rate"), [("as in the paper", 16, 1e-3), ("as in sketch", 4, 3e-3)])
def test_after_500_steps_the_loss_is_that_of_float32(name, batch, rate, small, dataset, monkeypatch):
    """With a rate that is small for the batch: else chance makes as much of a difference."""
    monkeypatch.setattr("samplernn.network.recurrent._WORTH_IT", 1)  # our own layers, too
    config = small.configs[name]
    half, whole = (_learnt(small, dataset, config, dtype, batch, rate) for dtype in (torch.bfloat16, torch.float32))
    assert half == pytest.approx(whole, rel=0.01)
    assert whole < 7.9
