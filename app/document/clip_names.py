"""What a clip is called on screen."""

from __future__ import annotations

from app.document.model import Clip

MISSING, DAMAGED = "missing", "damaged"
"""What can be wrong with the file of a clip."""


def clip_name(clip: Clip) -> str:
    """Its epoch and its number, e.g. "e31 · 0107"."""
    return f"e{clip.epoch} · {clip.id.removeprefix('c')}"


def lane_name(place: int) -> str:
    """A, B, ... Z, AA, AB ... for the lanes of a song from the top."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
