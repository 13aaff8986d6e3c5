"""The error of this package."""

from __future__ import annotations

from resources.errors import PlainError


class TitleError(PlainError):
    """Something is wrong with a list of titles, or with where it comes from."""
