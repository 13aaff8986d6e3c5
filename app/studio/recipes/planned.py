"""What a planned song is made of: blocks of whole bars, each with the clips that can be heard there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlannedBlock:
    """A stretch of a song. Its clips play along to the same guide, so any of them fits, from its beginning on."""

    name: str
    """As in `app.studio.guides.form.Block`; "" for none."""
    start: int
    """In frames of the song."""
    length: int
    takes: tuple[str, ...]
    """Ids of clips."""


PlannedSong = tuple[PlannedBlock, ...]
"""From its beginning to its end."""
