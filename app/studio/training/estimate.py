"""Estimates the time and memory of a training before it begins."""

from __future__ import annotations

from dataclasses import dataclass

from samplernn.config import Preset
from samplernn.data.split import VALID


@dataclass(frozen=True)
class Estimate:
    """What a model wants on this machine."""

    preset: Preset
    memory: float
    """In GB, right to about a third."""
    epoch_seconds: float | None
    """Of learning alone, as measured while nothing else is at work; None where there is not that much memory."""
    score_seconds: float = 0.0
    """What scoring a second of held-out music takes."""

    def seconds(self, epochs: float, music: float) -> float | None:
        """What so many epochs take with their scores, of so many seconds of music; None as `epoch_seconds`."""
        epoch = self._whole_epoch(music)
        return None if epoch is None else epochs * epoch

    def epochs(self, seconds: float, music: float) -> float | None:
        """How many epochs can be learnt in a time; None as `epoch_seconds`."""
        epoch = self._whole_epoch(music)
        return None if epoch is None else seconds / epoch

    def _whole_epoch(self, music: float) -> float | None:
        if self.epoch_seconds is None:
            return None
        return max(self.epoch_seconds + self.score_seconds * VALID * music, 1e-9)


def estimate(preset: Preset) -> Estimate:
    """Tries what learning with `preset` takes by a few steps of it: a second for a small model, some for a large one.

    Imports torch, which takes a moment the first time.
    """
    from samplernn.device import pick_device
    from samplernn.errors import SoundError
    from samplernn.training.cost_estimate import estimate_cost
    from samplernn.training.memory import bytes_to_train

    device = pick_device("auto")
    try:
        found = estimate_cost(preset, device)
    except SoundError:
        return Estimate(preset, bytes_to_train(preset, device) / 1e9, None)
    score = preset.rate / found.scored_per_second
    return Estimate(preset, found.bytes / 1e9, found.seconds_per_epoch(preset), score)
