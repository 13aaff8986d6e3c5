"""Time and memory of a training, estimated from a few steps that leave no trace."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from samplernn.errors import SoundError
from samplernn.training.cost_estimate import CostEstimate, estimate_cost
from samplernn.training.memory import bytes_to_train

_CPU = torch.device("cpu")


@pytest.mark.parametrize("name", ["as in sketch", "three tiers"])
def test_an_estimate_tells_time_and_memory_and_leaves_no_trace(name, small):
    preset = small.preset_of(small.configs[name], batch=20)
    before = torch.random.get_rng_state()
    found = estimate_cost(preset, _CPU)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert found.bytes == bytes_to_train(preset, _CPU)
    assert found.samples_per_second > 0.0


def test_an_epoch_is_its_samples_at_that_speed(small):
    preset = small.preset_of(small.configs["as in sketch"], batch=4, window=64, steps_per_epoch=100)
    found = CostEstimate(1e9, samples_per_second=256.0, scored_per_second=1000.0)
    assert found.seconds_per_epoch(preset) == 100.0
    assert found.seconds_per_epoch(preset, held_out=5000.0) == 105.0


def test_what_has_no_room_is_not_tried(small):
    preset = small.preset_of(small.configs["as in sketch"])
    with pytest.raises(SoundError, match="GB of memory"):
        estimate_cost(replace(preset, train=replace(preset.train, batch=65_536, window=2**20)), _CPU)
