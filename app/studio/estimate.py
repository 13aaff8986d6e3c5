"""What learning will take, told before it begins."""

from __future__ import annotations

from dataclasses import dataclass

from samplernn.config import Preset


@dataclass(frozen=True)
class Estimate:
    """What a model wants on this machine."""

    preset: Preset
    memory: float
    """In GB, right to about a third."""
    fits: bool
    """Whether there is that much."""


def estimate(preset: Preset) -> Estimate:
    """Works out what learning with `preset` takes. Imports torch, which takes a moment the first time."""
    from samplernn.device import pick_device
    from samplernn.errors import SoundError
    from samplernn.memory import bytes_to_train, check_memory

    device = pick_device("auto")
    try:
        check_memory(preset, device)
        fits = True
    except SoundError:
        fits = False
    return Estimate(preset, bytes_to_train(preset, device) / 1e9, fits)
