"""Patterns: what happens when, as strokes and notes; drawn on a grid, tapped on a key, or read from a file."""

from __future__ import annotations

from math import isfinite
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from app.document.errors import UserError
from app.document.model import FASTEST_BPM, SLOWEST_BPM
from app.document.names import clean_name
from resources.files import LARGEST_JSON

SHORTEST_SECONDS, LONGEST_SECONDS = 0.1, 600.0
MOST_A_SECOND, MOST_EVENTS = 200, 50_000
"""Events; a very short pattern may have eight of them whatever its length."""
Stroke = Literal["low", "mid", "high"]
"""As a kick, a snare and a hi-hat."""


class PatternEvent(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A stroke or a note."""

    at: float
    """Seconds from the start of the pattern."""
    stroke: Stroke | None = None
    """None for a note."""
    pitch: Annotated[int, Meta(ge=0, le=127)] | None = None
    """MIDI number of a note, 69 for 440 Hz; None for a stroke."""
    seconds: float = 0.0
    """How long a note sounds."""
    strength: float = 1.0
    """Amplitude, above 0 and up to 1."""

    def __post_init__(self) -> None:
        if (self.stroke is None) == (self.pitch is None):
            raise ValueError("an event is either a stroke or a note")
        if not (0.0 <= self.at < LONGEST_SECONDS and 0.0 <= self.seconds <= LONGEST_SECONDS):
            raise ValueError("an event lies outside of what a pattern can be")
        if not 0.0 < self.strength <= 1.0:
            raise ValueError("an event has no strength")


class Pattern(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Strokes and notes that come again and again.

    Raises:
        ValueError: there are none, too many, or some that begin after its end; times that are no numbers.
    """

    name: str
    """What the artist calls it."""
    seconds: float
    """Its length, after which it begins again."""
    events: tuple[PatternEvent, ...]
    bpm: float | None = None
    """Tempo, with the first bar at the beginning; None where it is not known, or changes."""

    def __post_init__(self) -> None:
        if not SHORTEST_SECONDS <= self.seconds <= LONGEST_SECONDS:
            raise ValueError("the pattern is too short or too long")
        if not 0 < len(self.events) <= min(MOST_A_SECOND * self.seconds + 8, MOST_EVENTS):
            raise ValueError("the pattern has no events, or too many")
        if any(event.at >= self.seconds for event in self.events):
            raise ValueError("an event begins after the end")
        if self.bpm is not None and not (isfinite(self.bpm) and SLOWEST_BPM <= self.bpm <= FASTEST_BPM):
            raise ValueError("the tempo is none")

    @property
    def has_notes(self) -> bool:
        """Whether there are notes besides strokes."""
        return any(event.pitch is not None for event in self.events)


def encoded_pattern(pattern: Pattern) -> bytes:
    """As JSON."""
    return msgspec.json.format(msgspec.json.encode(pattern), indent=1)


def decoded_pattern(raw: bytes, name: str) -> Pattern:
    """A pattern from JSON; `name` is what the file is called.

    Raises:
        UserError: it is none.
    """
    try:
        if len(raw) > LARGEST_JSON:
            raise ValueError("too large")
        pattern = msgspec.json.decode(raw, type=Pattern)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise UserError(f"“{name}” is no pattern, or a damaged one.", "Choose another file.") from None
    return msgspec.structs.replace(pattern, name=clean_name(pattern.name) or name)
