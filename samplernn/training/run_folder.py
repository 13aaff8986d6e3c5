"""The files of a run: settings, metrics, checkpoints, and the state to resume from."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from resources.files import clear_parts, make_folder, read_json, write_whole
from samplernn.checkpoint_paths import checkpoint_folder, checkpoint_paths
from samplernn.config import Preset, preset_from_dict, preset_to_dict
from samplernn.errors import SoundError
from samplernn.training.events import EpochEnd, Step
from samplernn.training.metrics import Metrics

_SEEDS = 2**62
"""Torch takes no more than twice that."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run was begun with (config.json)."""

    preset: Preset
    seed: int

    def __post_init__(self) -> None:
        if not 0 <= self.seed < _SEEDS:
            raise SoundError("A run needs a seed, a whole number from 0 that has 18 digits at most.")


class RunFolder:
    """The files of one run.

    Attributes:
        path: the folder.
        state: the file to resume from (resume.safetensors).
        metrics: the figures of steps and epochs (metrics.jsonl).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.state = path / "resume.safetensors"
        self.metrics = Metrics(path / "metrics.jsonl")
        self._settings = path / "config.json"

    def begin(self, settings: Settings) -> None:
        """Makes the folder for a new run.

        Raises:
            SoundError: a run is there already.
            OSError: it cannot be made.
        """
        if self._settings.exists():
            raise SoundError(f"“{self.path.name}” holds a run already.", "Go on with it, or choose another name.")
        make_folder(self.path.parent)
        make_folder(self.path)
        raw = {"preset": preset_to_dict(settings.preset), "seed": settings.seed}
        write_whole(self._settings, json.dumps(raw, indent=1))

    def settings(self) -> Settings:
        """What the run was begun with; raises SoundError where there is no run, or its settings cannot be read."""
        try:
            raw = read_json(self._settings)
            return Settings(preset_from_dict(raw["preset"]), int(raw["seed"]))
        except FileNotFoundError:
            raise SoundError(f"“{self.path.name}” holds no run.", "Start a new one.") from None
        except OSError as error:
            raise SoundError.from_os_error("The settings of the run cannot be read", error) from error
        except (ValueError, KeyError, TypeError, OverflowError) as fault:
            raise SoundError("The settings of the run cannot be read.", "Start a new run.") from fault

    @property
    def was_saved(self) -> bool:
        """Whether there is, or ever was, something to go on from; a run that was killed early has never got there."""
        return os.path.lexists(self.state) or bool(checkpoint_paths(self.path))

    @property
    def last_trained(self) -> float:
        """When it was last worked on, in seconds of the clock: begun, resumed or saved; 0.0 where it is no run."""
        if not self._settings.is_file():
            return 0.0
        return max(path.stat().st_mtime for path in (self._settings, self.state, self.metrics.path) if path.exists())

    def mark_trained(self) -> None:
        """Makes `last_trained` now; raises OSError where that cannot be."""
        os.utime(self._settings)

    def events(self) -> Iterator[Step | EpochEnd]:
        """The events that metrics.jsonl keeps of the training so far; raises OSError."""
        return self.metrics.events(checkpoint_folder(self.path))

    def clear_away(self) -> None:
        """Removes files that a program that was killed left half-written."""
        for folder in (self.path, checkpoint_folder(self.path)):
            clear_parts(folder, least_age=0.0)
