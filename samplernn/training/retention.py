"""Checkpoint retention: which checkpoints of a run stay on the disk.

All of them, until they take more than `DISK_BUDGET`; from then on the newest, the best, every fifth, and for ever
those that the artist has starred. The lowest loss is often not the best sound, so nothing is removed before it must
be.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from samplernn.checkpoint_paths import checkpoint_paths, metadata_path, star_path

DISK_BUDGET = 8 * 10**9
"""Bytes that the checkpoints of a run may take before any is removed."""
_NEWEST = 8
_BEST = 3
_EVERY = 5


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """A checkpoint of a run on the disk."""

    path: Path
    epoch: int
    size: int
    """In bytes."""
    starred: bool


def stored_checkpoints(run_folder: Path) -> tuple[StoredCheckpoint, ...]:
    """The checkpoints of a run, the oldest first."""
    found = checkpoint_paths(run_folder)
    return tuple(StoredCheckpoint(path, epoch, path.stat().st_size, star_path(path).exists()) for epoch, path in found)


def star_checkpoint(path: Path, starred: bool) -> None:
    """Keeps the checkpoint at `path` for ever, or no longer."""
    if starred:
        star_path(path).touch()
    else:
        star_path(path).unlink(missing_ok=True)


def remove_old_checkpoints(run_folder: Path, held_out: Mapping[int, float], room: int = DISK_BUDGET) -> tuple[int, ...]:
    """Removes checkpoints, the oldest first, until those that are left fit in `room` bytes or must all stay.

    Args:
        held_out: bits per sample of each epoch.

    Returns:
        The epochs that are gone.
    """
    stored = stored_checkpoints(run_folder)
    staying = _staying([one.epoch for one in stored], held_out) | {one.epoch for one in stored if one.starred}
    left, gone = sum(one.size for one in stored), []
    for one in stored:
        if left <= room:
            break
        if one.epoch not in staying:
            one.path.unlink(missing_ok=True)
            metadata_path(one.path).unlink(missing_ok=True)
            left -= one.size
            gone.append(one.epoch)
    return tuple(gone)


def _staying(epochs: Collection[int], held_out: Mapping[int, float]) -> set[int]:
    """The epochs whose checkpoints are never removed."""
    newest = sorted(epochs)[-_NEWEST:]
    best = sorted((epoch for epoch in epochs if epoch in held_out), key=lambda epoch: held_out[epoch])[:_BEST]
    return {*newest, *best, *(epoch for epoch in epochs if epoch % _EVERY == 0)}
