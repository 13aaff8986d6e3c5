"""The error of this package."""

from __future__ import annotations

from resources.errors import PlainError


class SoundError(PlainError):
    """Something is wrong with a sound, a dataset, a model or a checkpoint."""
