"""What the person wants to be generated, as the question for it gives and takes it."""

from __future__ import annotations

from dataclasses import dataclass

from app.document.guide_choice import NO_GUIDE, GuideChoice, GuideSource


@dataclass(frozen=True)
class GuideQuestion:
    """The guide that the dialog wants to show: of a clip of this length and seed."""

    guide: GuideChoice
    seconds: float
    seed: int


@dataclass(frozen=True)
class GridCell:
    """A checkpoint, how warm it plays, and what it plays along to."""

    run: str
    epoch: int
    temperature: float
    guide: GuideSource


@dataclass(frozen=True)
class GenerateSettings:
    """What the person wants to be generated."""

    run: str
    epoch: int
    count: int
    seconds: float
    temperature: float
    seed: int
    last_temperature: float | None = None
    """At the end of the clip; None for the same all along."""
    top_p: float = 1.0
    """Only the likeliest values of this share are drawn."""
    escape: bool = False
    """Whether clips that are stuck are helped out."""
    in_silence: bool = False
    """Whether clips begin in silence, not amid the music of the album."""
    guide: GuideChoice = NO_GUIDE
