"""The errors that are told in plain words, from whichever part of the house they come."""

from __future__ import annotations

from app.document.errors import UserError
from artwork.errors import PictureError
from samplernn.errors import SoundError
from titles.errors import TitleError

PLAIN_ERRORS = (UserError, SoundError, PictureError, TitleError)

__all__ = ["PLAIN_ERRORS", "UserError"]
