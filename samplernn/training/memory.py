"""An estimate of the memory that a training takes, by arithmetic, and the micro-batches that fit in it."""

from __future__ import annotations

import itertools

import torch

from samplernn.config import ModelConfig, Preset
from samplernn.device import fast_dtype, machine_memory
from samplernn.errors import SoundError
from samplernn.network.layers import GATES
from samplernn.network.model import parameter_count

_PER_PARAMETER = 4 * 4 + 8 + 2
"""Bytes: weight, gradient and the two moments of Adam; the snapshot of them; the folded weight."""
_LIBRARIES = 150e6
"""Bytes that torch keeps for itself while it computes."""
_ROOM = 0.9
"""Share of the memory that a training may take; with more the machine swaps, or kills the program."""


def bytes_to_train(preset: Preset, device: torch.device, micro_batches: int = 1) -> float:
    """Peak memory of a training whose batches are split into so many micro-batches; accurate to about a third."""
    config, training = preset.model, preset.train
    samples = -(-training.batch // micro_batches) * training.window
    size = fast_dtype(device).itemsize
    fixed = _PER_PARAMETER * parameter_count(config) + _LIBRARIES
    music = training.batch * (config.context_length + training.window) * 8 * 3
    return fixed + music + samples * _per_sample(config, size, sliced=device.type == "cpu")


def _per_sample(config: ModelConfig, size: int, *, sliced: bool) -> float:
    """Bytes of the activations that the forward pass keeps for the backward pass, per sample of a micro-batch.

    Args:
        size: bytes of a number.
        sliced: the sample tier and the loss are computed slice by slice, and most of it is not kept.
    """
    width, units = config.width, config.sample_units
    total = (4.0 if sliced else 9.0) * units * size + (0.0 if sliced else 8.0 * config.levels)
    total += config.lookback * 8 + config.surprises * 2 * (4 + size) + 24
    for k, (frame, below) in enumerate(itertools.pairwise((*config.frame_sizes, 1))):
        inputs = frame + config.guide_inputs if k == 0 else width
        layer = (2 * GATES[config.cell] + 3) * width + (width + inputs) * (1 + config.skip)
        outputs = frame // below * (width if below > 1 else units)
        total += size * (config.layers * layer + outputs) / frame
    return total


def micro_batches_that_fit(preset: Preset, device: torch.device, processes: int = 1) -> int:
    """Into how many micro-batches a batch has to be split so that a training has room; nothing is allocated.

    On a GPU, where running out of memory can be caught, this is 1 if micro-batches of one row fit; so it is for several
    processes, which have to use the same number, if that fits for all.

    Raises:
        SoundError: there is not even room for one row at a time.
    """
    rows = max(preset.train.batch // processes, 1)
    room = _ROOM * machine_memory(device)
    if device.type == "cuda":
        wanted, found = bytes_to_train(preset, device, rows), 1
    elif processes > 1:
        wanted, found = processes * bytes_to_train(preset, device, processes), 1
    else:
        found = 1
        while (wanted := bytes_to_train(preset, device, found)) > room and found < rows:
            found *= 2
    if wanted > room:
        raise SoundError(
            f"This training wants {wanted / 1e9:.0f} GB of memory, and there are {room / _ROOM / 1e9:.0f} GB.",
            "Choose a smaller model, batch or window.",
        )
    return found
