"""What clips are asked to play along to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.document.guide_form import DRAWN_FORM, GuideForm
from app.document.pattern import Pattern
from app.document.song_part import SongPart

GuideSource = Literal["none", "dream", "album", "recording", "pattern", "song"]
PATTERN_ENDINGS = (".mid", ".midi", ".json")
"""Of files that hold patterns: MIDI, and JSON as `app.document.pattern` has it."""


@dataclass(frozen=True, slots=True)
class GuideChoice:
    """A guide as the artist chooses it: nothing, a dream of the album, the album cut anew, a recording, a pattern, or
    part of a song."""

    source: GuideSource = "none"
    recording: Path | None = None
    follow: float = 1.0
    """How closely it is played, 0..1."""
    part: SongPart | None = None
    pattern: Pattern | Path | None = None
    """Drawn or tapped, or the file that it is read from."""
    form: GuideForm = DRAWN_FORM
    """Of what is cut from bars: a dream, and the album cut anew."""


NO_GUIDE = GuideChoice()
ALBUM_GUIDE = GuideChoice("album")


def is_pattern_file(path: Path) -> bool:
    """Whether a file is taken for a pattern, by its ending; any other is taken for sound."""
    return path.suffix.lower() in PATTERN_ENDINGS
