"""How the sections of a lane sound together: what is one stretch of sound, how it fades, where two stretches cross.

The mix is made from this, and the timeline draws it.

- Sections that go on unbroken in the same clip, and in the same fades, are one stretch: a split changes nothing.
- Where stretches overlap, the earlier fades out under the later. One that lies wholly within another sounds with it.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.document.fades import EVEN_POWER, fade_level
from app.document.model import FadeCurve, Section


@dataclass(frozen=True, slots=True)
class Ramp:
    """A way from 0 to 1 (or, falling, from 1 to 0) over so many frames from `start` on; level outside."""

    start: int
    """In frames of the song."""
    frames: int
    falling: bool = False
    even: bool = False
    """Adds up in amplitude (for the same sound on both sides) instead of in power."""
    shape: FadeCurve = "round"

    @property
    def end(self) -> int:
        """The frame of the song behind its last one."""
        return self.start + self.frames

    def level(self, share: float) -> float:
        """The level, 0..1, when so much of the way (0..1) has passed."""
        level = fade_level(self.shape, 1.0 - share if self.falling else share)
        return level**EVEN_POWER if self.even else level


@dataclass(slots=True)
class Stretch:
    """Sections that go on unbroken in one clip."""

    sections: list[Section]
    """In their order; at least one."""
    clip: str
    start: int
    end: int
    drift: int
    """Which frame of the clip sounds at the start of the song."""
    fade_in: Ramp | None
    """That of its first section; may reach through all of them."""
    fade_out: Ramp | None
    """That of its last."""


@dataclass(frozen=True, slots=True)
class Crossfade:
    """Two stretches over each other, by their places in the list of stretches."""

    earlier: int
    later: int
    falling: Ramp
    """Of the earlier."""
    rising: Ramp
    """Of the later, over the same frames."""


def stretches(sections: Iterable[Section]) -> list[Stretch]:
    """The sections of one lane, those together that sound as one; in the order in which they begin."""
    found: list[Stretch] = []
    ending: dict[tuple[str, int, int], list[int]] = {}
    """The places of stretches, by clip, end and drift: what might go on there."""
    for section in sorted(sections, key=lambda section: (section.start, section.id)):
        drift = section.offset - section.start
        here = ending.get((section.clip, section.start, drift), [])
        place = next((place for place in here if _keeps_fading(found[place], section)), None)
        if place is None:
            place = len(found)
            fades = _rise(section), _fall(section)
            found.append(Stretch([section], section.clip, section.start, section.end, drift, *fades))
        else:
            here.remove(place)
            stretch = found[place]
            stretch.sections.append(section)
            stretch.end, stretch.fade_out = section.end, _fall(section)
        insort(ending.setdefault((section.clip, section.end, drift), []), place)
    return found


def crossfades(found: Sequence[Stretch]) -> list[Crossfade]:
    """Where stretches of one lane, as `stretches` gives them, fade into each other."""
    crossed: list[Crossfade] = []
    for place, earlier in enumerate(found):
        for other in range(place + 1, len(found)):
            later = found[other]
            if later.start >= earlier.end:
                break
            if earlier.start < later.start and earlier.end < later.end:
                frames = earlier.end - later.start
                even = earlier.clip == later.clip and earlier.drift == later.drift
                falling = Ramp(later.start, frames, falling=True, even=even)
                crossed.append(Crossfade(place, other, falling, Ramp(later.start, frames, even=even)))
    return crossed


def _keeps_fading(stretch: Stretch, section: Section) -> bool:
    """Whether a section right behind a stretch is in the same fades: none ends or begins at the border."""
    rising, falling = stretch.fade_in, _fall(section)
    rises_on = rising if rising is not None and rising.end > section.start else None
    has_fallen = falling if falling is not None and falling.start < section.start else None
    return rises_on == _rise(section) and has_fallen == stretch.fade_out


def _rise(section: Section) -> Ramp | None:
    if not section.fade_in_reach:
        return None
    return Ramp(section.start - section.fade_in_cut, section.fade_in, shape=section.fade_in_curve)


def _fall(section: Section) -> Ramp | None:
    if not section.fade_out_reach:
        return None
    start = section.end + section.fade_out_cut - section.fade_out
    return Ramp(start, section.fade_out, falling=True, shape=section.fade_out_curve)
