"""The error of this package."""

from __future__ import annotations

from resources.errors import PlainError


class PictureError(PlainError):
    """Something is wrong with a picture, or with the network that paints."""
