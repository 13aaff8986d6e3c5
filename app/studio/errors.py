"""What a person is told of an error, from whichever part of the house it comes."""

from __future__ import annotations

from pathlib import Path

from app.document.errors import UserError, refused
from artwork.errors import PictureError
from resources.refusals import fault_in
from samplernn.errors import SoundError
from titles.errors import TitleError

PLAIN_ERRORS = (UserError, SoundError, PictureError, TitleError)

__all__ = ["PLAIN_ERRORS", "UserError", "in_plain_words"]


def in_plain_words(error: Exception) -> str | None:
    """What is wrong and what to do, where it is the input or the system that is at fault; None where we are.

    What the system refuses is told by whoever asked it, who knows what for; this is for the rest.
    """
    if isinstance(error, PLAIN_ERRORS):
        return str(error)
    fault = fault_in(error)
    if fault is None:
        return None
    name = "" if fault.filename is None else Path(str(fault.filename)).name
    # a file of ours that is not finished yet has a name that no one knows
    is_known = name and not name.endswith(".part")
    return str(refused(f"“{name}” cannot be used" if is_known else "The work had to end", fault))
