"""How much memory a training takes, by arithmetic, and how much there is."""

from __future__ import annotations

import itertools
import os
from dataclasses import replace

import torch

from samplernn.config import ModelConfig, Preset
from samplernn.device import fast_dtype
from samplernn.errors import SoundError
from samplernn.layers import GATES
from samplernn.model import parameter_count

_PER_PARAMETER = 4 * 4 + 8 + 2
"""Bytes: weight, gradient and the two memories of Adam; the last good state of them; the folded weight."""
_LIBRARIES = 150e6
"""Of what torch keeps for itself while it computes."""
_ROOM = 0.9
"""Share of the memory that a training may want; with more the machine stands still, or ends the program."""


def bytes_to_train(preset: Preset, device: torch.device) -> float:
    """What a training holds at most, from nothing; right to about a third."""
    config, training = preset.model, preset.train
    samples = training.batch * training.window
    size = fast_dtype(device).itemsize
    fixed = _PER_PARAMETER * parameter_count(config) + _LIBRARIES
    music = training.batch * (config.reach + training.window) * 8 * 3
    return fixed + music + samples * _per_sample(config, size, sliced=device.type == "cpu")


def _per_sample(config: ModelConfig, size: int, *, sliced: bool) -> float:
    """Bytes that are kept between the way there and the way back; `size` of a number."""
    width, units = config.width, config.sample_units
    total = (4.0 if sliced else 9.0) * units * size + (0.0 if sliced else 8.0 * config.levels)
    total += config.lookback * 8 + config.surprises * 2 * (4 + size) + 24
    for k, (frame, below) in enumerate(itertools.pairwise((*config.frame_sizes, 1))):
        inputs = frame if k == 0 else width
        layer = (2 * GATES[config.cell] + 3) * width + (width + inputs) * (1 + config.skip)
        said = frame // below * (width if below > 1 else units)
        total += size * (config.layers * layer + said) / frame
    return total


def machine_memory(device: torch.device) -> float:
    """Bytes of the device, or of the machine; infinity where it is not known."""
    if device.type == "cuda":
        return float(torch.cuda.mem_get_info(device)[1])
    try:
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, OSError, ValueError):
        return float("inf")


def check_memory(preset: Preset, device: torch.device, processes: int = 1) -> None:
    """Looks whether a training has room before anything of it is allocated.

    On a GPU a batch may still be learnt in parts, so there only the smallest part has to fit.

    Raises:
        SoundError: it would take more memory than there is.
    """
    batch = 1 if device.type == "cuda" else max(preset.train.batch // processes, 1)
    wanted = bytes_to_train(replace(preset, train=replace(preset.train, batch=batch)), device)
    there = machine_memory(device)
    together = wanted if device.type == "cuda" else wanted * processes
    if together > _ROOM * there:
        raise SoundError(
            f"This training wants {together / 1e9:.0f} GB of memory, and there are {there / 1e9:.0f} GB.",
            "Choose a smaller model, batch or window.",
        )
