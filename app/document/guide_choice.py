"""What clips are asked to play along to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.document.song_part import SongPart

GuideSource = Literal["none", "dream", "album", "recording", "song"]


@dataclass(frozen=True, slots=True)
class GuideChoice:
    """A guide as the artist chooses it: nothing, a dream of the album, the album cut anew, a recording, or part of a
    song."""

    source: GuideSource = "none"
    recording: Path | None = None
    follow: float = 1.0
    """How closely it is played, 0..1."""
    part: SongPart | None = None


NO_GUIDE = GuideChoice()
ALBUM_GUIDE = GuideChoice("album")
