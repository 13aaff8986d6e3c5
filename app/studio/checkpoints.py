"""The checkpoints of a project: which are there, and which stay for ever."""

from __future__ import annotations

from pathlib import Path

from app.document.errors import UserError
from app.document.store import ProjectFolder
from samplernn.checkpoint_paths import checkpoint_path
from samplernn.training import retention
from samplernn.training.retention import StoredCheckpoint, stored_checkpoints

__all__ = ["StoredCheckpoint", "checkpoint_of", "checkpoints_of", "star_checkpoint"]


def checkpoints_of(folder: Path, run: str) -> tuple[StoredCheckpoint, ...]:
    """The checkpoints of a run of the project `folder` that are on the disk, the oldest first."""
    return stored_checkpoints(ProjectFolder(folder).runs / run)


def checkpoint_of(folder: Path, run: str, epoch: int) -> Path:
    """The file of a checkpoint.

    Raises:
        UserError: it is gone.
    """
    path = checkpoint_path(ProjectFolder(folder).runs / run, epoch)
    if not path.is_file():
        raise UserError(f"There is no checkpoint of epoch {epoch} any more.", "Choose another one, or train again.")
    return path


def star_checkpoint(folder: Path, run: str, epoch: int, starred: bool) -> None:
    """Stars a checkpoint, so that it is never removed to make room, or takes the star away.

    Raises:
        UserError: it is gone, or that cannot be written down.
    """
    path = checkpoint_of(folder, run, epoch)
    try:
        retention.star_checkpoint(path, starred)
    except OSError as error:
        raise UserError.from_os_error("The star cannot be kept", error) from error
