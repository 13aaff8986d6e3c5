"""What a run keeps on disk: its settings, its figures, its checkpoints, and where to go on."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from resources.files import appending, make_folder, read_json, refuse_special, replacing
from samplernn.config import Preset, preset_from_dict, preset_to_dict
from samplernn.errors import SoundError, refused

_MOST_FIGURES = 1_000_000
"""Lines of metrics.jsonl that are looked at to be shown."""
_LONGEST_LINE = 64 * 1024
"""Bytes; no line of ours is as long."""
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
            OSError: it cannot be made.
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
        except OSError as error:
            raise refused("The settings of the run cannot be read", error) from error
        except (ValueError, KeyError, TypeError, OverflowError) as fault:
            raise SoundError("The settings of the run cannot be read.", "Start a new run.") from fault

    @property
    def was_saved(self) -> bool:
        """Whether there is, or ever was, something to go on from; a run that was killed early has never got there."""
        return os.path.lexists(self.state) or any((self.path / "checkpoints").glob("epoch-*.safetensors"))

    @property
    def last_trained(self) -> float:
        """When it was last worked on, in seconds of the clock: begun, resumed or saved; 0.0 where it is no run."""
        if not self._settings.is_file():
            return 0.0
        return max(path.stat().st_mtime for path in (self._settings, self.state, self.metrics) if path.exists())

    def mark_trained(self) -> None:
        """Notes that it is worked on from now on, whatever comes of that; raises OSError where that cannot be."""
        os.utime(self._settings)

    def note(self, figures: Mapping[str, Any]) -> None:
        """Appends a line to metrics.jsonl, on the disk when this returns."""
        with appending(self.metrics) as file:
            file.write(json.dumps(figures) + "\n")

    def held_out(self) -> dict[int, float]:
        """Bits per sample on held-out music after each epoch, as far as they are known; raises OSError."""
        lines = ((line.get("epoch"), line.get("held_out_bits")) for line in self.figures())
        return {epoch: bits for epoch, bits in lines if isinstance(epoch, int) and isinstance(bits, float)}

    def rewind(self, step: int, epochs: int) -> None:
        """Takes back the lines of metrics.jsonl after `step`, or of epochs after `epochs`: they will be written again.

        Damaged lines go, too; all others stay to the byte.

        Raises:
            OSError: it cannot be read or written; nothing has been taken back then.
        """
        if not os.path.lexists(self.metrics):
            return
        with replacing(self.metrics) as fresh, fresh.open("wb") as file:
            file.writelines(raw.rstrip(b"\r\n") + b"\n" for raw in self._lines() if _stays(raw, step, epochs))

    def clear_away(self) -> None:
        """Removes what a program that was killed left half-written."""
        for left in (*self.path.glob(".*.part"), *self.path.glob("checkpoints/.*.part")):
            left.unlink(missing_ok=True)

    def figures(self) -> list[dict[str, Any]]:
        """The lines of metrics.jsonl; one that was cut off or makes no sense is left out.

        Raises:
            OSError: it cannot be read; where there is none yet, there are no lines.
        """
        read = map(_figures_in, islice(self._lines(), _MOST_FIGURES))
        return [line for line in read if line is not None]

    def _lines(self) -> Iterator[bytes]:
        """As they are, whatever is in them; raises OSError."""
        try:
            refuse_special(self.metrics)
            file = self.metrics.open("rb")
        except FileNotFoundError:
            return
        except ValueError as fault:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(self.metrics)) from fault
        with file:
            while line := file.readline(_LONGEST_LINE):
                yield line


def _figures_in(line: bytes) -> dict[str, Any] | None:
    """None for a line that makes no sense."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _stays(line: bytes, step: int, epochs: int) -> bool:
    figures = _figures_in(line)
    if figures is None or not isinstance(at := figures.get("step"), int) or at > step:
        return False
    epoch = figures.get("epoch")
    return "held_out_bits" not in figures or (isinstance(epoch, int) and epoch <= epochs)
