"""The errors of the app."""

from __future__ import annotations

from resources.errors import PlainError


class UserError(PlainError):
    """Something is wrong with a project, or with what was asked of it."""


class InUseError(UserError):
    """Another program, or another window of this one, has the project open."""
