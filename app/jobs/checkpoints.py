"""The checkpoints of a project: small looks at the disk, done at once."""

from __future__ import annotations

from pathlib import Path

from app.document.errors import UserError
from app.studio.checkpoints import StoredCheckpoint, checkpoints_of, keep_checkpoint
from resources.errors import PlainError

__all__ = ["StoredCheckpoint", "checkpoints_of", "keep_for_ever", "kept_epochs"]


def kept_epochs(folder: Path, run: str) -> tuple[int, ...]:
    """The epochs of a run of the project `folder` whose checkpoints are on the disk, the oldest first."""
    return tuple(kept.epoch for kept in checkpoints_of(folder, run))


def keep_for_ever(folder: Path, run: str, epoch: int, starred: bool) -> None:
    """Stars a checkpoint, so that it is never removed to make room, or takes the star away.

    Raises:
        UserError: it is gone, or that cannot be written down.
    """
    try:
        keep_checkpoint(folder, run, epoch, starred)
    except PlainError as error:
        raise UserError(error.what, error.what_to_do) from error
