"""What a run keeps on disk: its settings, its figures, its checkpoints, and where to go on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samplernn.config import Preset, preset_from_dict, preset_to_dict
from samplernn.errors import SoundError
from samplernn.files import appending, make_folder, read_json, replacing

_LARGEST_METRICS = 64 * 2**20
"""Bytes; what comes after them is not looked at."""
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
    """The files of one run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.state = path / "resume.safetensors"
        self.metrics = path / "metrics.jsonl"
        self._settings = path / "config.json"

    def begin(self, settings: Settings) -> None:
        """Makes the folder for a new run.

        Raises:
            SoundError: a run is there already.
        """
        if self._settings.exists():
            raise SoundError(f"“{self.path.name}” holds a run already.", "Go on with it, or choose another name.")
        make_folder(self.path.parent)
        make_folder(self.path)
        raw = {"preset": preset_to_dict(settings.preset), "seed": settings.seed}
        with replacing(self._settings) as fresh:
            fresh.write_text(json.dumps(raw, indent=1), encoding="utf-8")

    def settings(self) -> Settings:
        """Raises SoundError where there is no run, or its settings cannot be read."""
        try:
            raw = read_json(self._settings)
            return Settings(preset_from_dict(raw["preset"]), int(raw["seed"]))
        except FileNotFoundError:
            raise SoundError(f"“{self.path.name}” holds no run.", "Start a new one.") from None
        except (OSError, ValueError, KeyError, TypeError, OverflowError) as fault:
            raise SoundError("The settings of the run cannot be read.", "Start a new run.") from fault

    def note(self, figures: Mapping[str, Any]) -> None:
        """Appends a line to metrics.jsonl, on the disk when this returns."""
        with appending(self.metrics) as file:
            file.write(json.dumps(figures) + "\n")

    def held_out(self) -> dict[int, float]:
        """Bits per sample on held-out music after each epoch, as far as they are known."""
        lines = ((line.get("epoch"), line.get("held_out_bits")) for line in self.figures())
        return {epoch: bits for epoch, bits in lines if isinstance(epoch, int) and isinstance(bits, float)}

    def rewind(self, step: int) -> None:
        """Takes back the lines of metrics.jsonl that lie after `step`: they will be written again."""
        kept = [line for line in self.figures() if isinstance(at := line.get("step"), int) and at <= step]
        with replacing(self.metrics) as fresh:
            fresh.write_text("".join(json.dumps(line) + "\n" for line in kept), encoding="utf-8")

    def clear_away(self) -> None:
        """Removes what a program that was killed left half-written."""
        for left in (*self.path.glob(".*.part"), *self.path.glob("checkpoints/.*.part")):
            left.unlink(missing_ok=True)

    def figures(self) -> list[dict[str, Any]]:
        """The lines of metrics.jsonl; one that was cut off or makes no sense is left out."""
        found = []
        try:
            with self.metrics.open("rb") as file:
                lines = file.read(_LARGEST_METRICS).splitlines()
        except OSError:
            return []
        for line in lines:
            try:
                found.append(json.loads(line))
            except (ValueError, RecursionError):
                continue
        return [line for line in found if isinstance(line, dict)]
