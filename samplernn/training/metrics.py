"""metrics.jsonl, the figures of a run, one JSON object a line: the only place that reads and writes it.

A line with "held_out_bits" is of a whole epoch; all others are the means of some steps.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from resources.files import appending, open_regular, replacing
from samplernn.training.events import EpochEnd, Step

_MOST_LINES = 1_000_000
"""Lines that are looked at to be shown."""
_LONGEST_LINE = 64 * 1024
"""Bytes; no line of ours is as long."""
_STEP_LINES_PER_EPOCH = 100


class Metrics:
    """The figures of one run, in the file at `path`, which need not be there yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append_epoch(self, end: EpochEnd) -> None:
        """Appends the line of an epoch, on the disk when this returns; raises OSError."""
        self._append([{"time": time.time(), **asdict(end), "checkpoint": end.checkpoint.name}])

    def append_steps(self, steps: Sequence[Step]) -> None:
        """Appends the steps of one epoch as the means of at most a hundred groups; otherwise as `append_epoch`."""
        stride = -(-len(steps) // _STEP_LINES_PER_EPOCH)
        groups = (steps[first : first + stride] for first in range(0, len(steps), max(stride, 1)))
        self._append(
            {"step": group[-1].step, "epoch": group[-1].epoch, "bits": sum(step.bits for step in group) / len(group)}
            for group in groups
        )

    def _append(self, lines: Iterable[Mapping[str, Any]]) -> None:
        with appending(self.path) as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)

    def lines(self) -> list[dict[str, Any]]:
        """All lines; one that was cut off or makes no sense is left out.

        Raises:
            OSError: they cannot be read; where there is no file yet, there are no lines.
        """
        read = map(_parsed, islice(self._raw_lines(), _MOST_LINES))
        return [line for line in read if line is not None]

    def held_out_bits(self) -> dict[int, float]:
        """Bits per sample on held-out music after each epoch, as far as they are known; raises OSError."""
        lines = ((line.get("epoch"), line.get("held_out_bits")) for line in self.lines())
        return {epoch: bits for epoch, bits in lines if isinstance(epoch, int) and isinstance(bits, float)}

    def events(self, checkpoint_folder: Path) -> Iterator[Step | EpochEnd]:
        """The lines as the events that they were written of; those that make no sense are left out; raises OSError."""
        for line in self.lines():
            try:
                if "held_out_bits" in line:
                    yield _epoch_end(line, checkpoint_folder)
                elif "bits" in line:
                    yield Step(int(line["step"]), int(line["epoch"]), 0.0, float(line["bits"]), 0.0, None)
            except (KeyError, TypeError, ValueError):
                continue

    def rewind(self, step: int, epochs: int) -> None:
        """Takes back the lines after `step`, or of epochs after `epochs`: a resumed training writes them again.

        Damaged lines go, too; all others stay to the byte.

        Raises:
            OSError: they cannot be read or written; nothing has been taken back then.
        """
        if not os.path.lexists(self.path):
            return
        with replacing(self.path) as fresh, fresh.open("wb") as file:
            file.writelines(raw.rstrip(b"\r\n") + b"\n" for raw in self._raw_lines() if _stays(raw, step, epochs))

    def _raw_lines(self) -> Iterator[bytes]:
        """The lines as they are, whatever is in them; raises OSError."""
        try:
            file = open_regular(self.path)
        except FileNotFoundError:
            return
        with file:
            while line := file.readline(_LONGEST_LINE):
                yield line


def _epoch_end(line: Mapping[str, Any], checkpoint_folder: Path) -> EpochEnd:
    return EpochEnd(
        int(line["epoch"]),
        int(line["step"]),
        float(line["train_bits"]),
        float(line["held_out_bits"]),
        float(line["seconds"]),
        checkpoint_folder / str(line["checkpoint"]),
        bool(line["best"]),
    )


def _parsed(line: bytes) -> dict[str, Any] | None:
    """None for a line that makes no sense."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _stays(line: bytes, step: int, epochs: int) -> bool:
    parsed = _parsed(line)
    if parsed is None or not isinstance(at := parsed.get("step"), int) or at > step:
        return False
    epoch = parsed.get("epoch")
    return "held_out_bits" not in parsed or (isinstance(epoch, int) and epoch <= epochs)
