"""What the list says of a clip's sound: its measures, and the tags that come of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TagKind = Literal["good", "warn", "bad", ""]
CLOSE, NEW, MOVING, TIME = "Close to the album", "New, not copied", "Keeps moving", "Keeps time"
MEASURES = (CLOSE, NEW, MOVING, TIME)
"""How the measures are called, in the order in which they are shown."""


@dataclass(frozen=True)
class Tag:
    """A word or two on a clip."""

    words: str
    kind: TagKind = ""


@dataclass(frozen=True)
class ClipFigures:
    """What was measured of a clip."""

    measures: tuple[int, int, int, int]
    """Of `MEASURES`, 0..100 each."""
    brightness: float = 0.0
    """The mean frequency, in Hz."""
    liked: float | None = None
    """How likely it is that the artist would star it, 0..1; None where too little is known of that."""
    stuck: str = ""
    """In words, "stuck from 0:14"; "" where it is not."""
    copied: str = ""
    """In words, "copies track 3 at 1:02, 6 s"; "" where it is not."""
    bpm: float | None = None

    @property
    def close(self) -> int:
        """0..100."""
        return self.measures[0]

    @property
    def new(self) -> int:
        """0..100."""
        return self.measures[1]

    @property
    def moving(self) -> int:
        """0..100."""
        return self.measures[2]

    @property
    def time(self) -> int:
        """0..100."""
        return self.measures[3]

    @property
    def tags(self) -> tuple[Tag, ...]:
        """What is worth a word, the most important first."""
        tags = []
        if self.copied:
            tags.append(Tag(self.copied.split(" at ")[0], "bad"))
        if self.stuck:
            tags.append(Tag(self.stuck, "warn"))
        if self.liked is not None and self.liked >= LIKED:
            tags.append(Tag("like what you starred", "good"))
        if not self.copied and not self.stuck and self.close >= CLOSE_ENOUGH:
            tags.append(Tag("close", "good"))
        if self.bpm is not None and self.time >= STEADY:
            tags.append(Tag(f"{self.bpm:.0f} bpm"))
        return tuple(tags)

    @property
    def words(self) -> str:
        """All of it, in lines."""
        figures = " · ".join(f"{name} {value}" for name, value in zip(MEASURES, self.measures, strict=True))
        told = [words for words in (self.copied, self.stuck) if words]
        if self.liked is not None and self.liked >= LIKED:
            told.append("like what you starred")
        return "\n".join([figures, *([" · ".join(told)] if told else [])])


LIKED = 0.65
"""From here on it is said that the artist may like a clip."""
CLOSE_ENOUGH, STEADY = 75, 60
"""From here on a clip is called close, and its tempo is told."""
