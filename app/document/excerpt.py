"""Some seconds of sound that lie on no lane (yet): what the map shows as a point."""

from __future__ import annotations

from dataclasses import dataclass

from app.document.model import SONG_RATE


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a clip, or of a track of the album."""

    source: str
    """Id of the clip, or path of the track as the document has it."""
    offset: int
    """Where it begins, in frames at `SONG_RATE`; in a track, without its silences."""
    length: int
    """In frames at `SONG_RATE`."""
    is_album: bool = False
    """Whether it is of a track."""

    @property
    def seconds(self) -> tuple[float, float]:
        """From where to where, in seconds."""
        return self.offset / SONG_RATE, (self.offset + self.length) / SONG_RATE
