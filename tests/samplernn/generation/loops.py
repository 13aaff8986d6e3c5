"""A loop, and a tiny network that has learnt it by heart."""

from __future__ import annotations

import functools

import numpy as np
import torch
from numpy.typing import NDArray

from samplernn.config import ModelConfig
from samplernn.data.quantise import encode
from samplernn.network.model import SampleRNN

PERIOD = 64
"""Samples."""
_LEVELS = 16
_STEPS, _BATCH, _WINDOW = 60, 8, 64


def loop(begin: int, length: int) -> NDArray[np.float32]:
    """So many samples of the loop from sample `begin` on; within a period no two moments are alike."""
    one = np.random.default_rng(5).uniform(-0.9, 0.9, PERIOD).astype(np.float32)
    return one[np.arange(begin, begin + length) % PERIOD]


@functools.cache
def model_of_loop() -> SampleRNN:
    """A network that expects the loop to go on as it is."""
    torch.manual_seed(0)
    config = ModelConfig(frame_sizes=(16,), width=32, sample_width=64, embedding=8, lookback=16, levels=_LEVELS)
    model = SampleRNN(config)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-2)
    places = np.random.default_rng(0)
    for _ in range(_STEPS):
        starts = places.integers(PERIOD, size=_BATCH)
        sound = np.stack([loop(int(start), config.context_length + _WINDOW) for start in starts])
        codes = torch.from_numpy(encode(sound, _LEVELS, config.law).astype(np.int64))
        bits, _ = model.loss(codes, model.first_state(_BATCH))
        optimiser.zero_grad()
        bits.backward()
        optimiser.step()
    return model
