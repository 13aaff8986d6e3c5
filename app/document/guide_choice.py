"""What clips are asked to play along to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.document.guide_form import DRAWN_FORM, GuideForm
from app.document.guide_touches import Touches
from app.document.pattern import Pattern
from app.document.song_part import SongPart

GuideParts = Literal["both", "strokes", "notes"]
"""What of a guide is followed."""
Fineness = Literal["fine", "medium", "coarse"]
"""Of notes: the loudest partial of each semitone where it lies, of those below 500 Hz alone, or semitones alone."""
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
    heed: GuideParts = "both"
    fineness: Fineness = "fine"
    in_a_row: bool = False
    """Whether bars that stand side by side on the album may do so in a guide that is cut from it."""
    touches: Touches = ()
    """What was drawn on it by hand."""

    @property
    def manner(self) -> str:
        """What is chosen besides the guide itself and how closely it is followed, in words; "" for what is usual."""
        words = [] if self.heed == "both" else [f"{self.heed} only"]
        if self.heed != "strokes" and self.fineness != "fine":
            words.append(f"{_FINENESS[self.fineness]} notes")
        if self.source == "album" and self.in_a_row:
            words.append("bars may follow as on the album")
        return ", ".join(words)


_FINENESS: dict[Fineness, str] = {"fine": "fine", "medium": "medium", "coarse": "coarse"}
NO_GUIDE = GuideChoice()
ALBUM_GUIDE = GuideChoice("album")


def is_pattern_file(path: Path) -> bool:
    """Whether a file is taken for a pattern, by its ending; any other is taken for sound."""
    return path.suffix.lower() in PATTERN_ENDINGS
