"""The checkpoints of the open project, for screens: small looks at the disk, done at once."""

from __future__ import annotations

from app.studio.checkpoints import StoredCheckpoint, checkpoints_of, star_checkpoint

__all__ = ["StoredCheckpoint", "checkpoints_of", "star_checkpoint"]
