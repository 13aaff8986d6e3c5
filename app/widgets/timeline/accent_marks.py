"""Which accents of clips are to be seen at a zoom: where they lie too close together, the strongest. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEAST_GAP = 26
"""Pixels between two accents."""


@dataclass(frozen=True)
class AccentMarks:
    """The accents of one clip.

    Attributes:
        frames: in order, counted from the start of the clip at the rate of songs.
        rooms: for each of them the frames to the nearest stronger one.
    """

    frames: Sequence[int] = ()
    rooms: Sequence[float] = ()

    def apart(self, gap: float) -> tuple[int, ...]:
        """Those with so many frames for themselves alone."""
        return tuple(frame for frame, room in zip(self.frames, self.rooms, strict=True) if room >= gap)


class SeenAccents:
    """Of all clips, at the zoom of the moment; worked out anew where one of both changes."""

    def __init__(self) -> None:
        self._marks: Mapping[str, AccentMarks] = {}
        self._gap = -1.0
        self._seen: Mapping[str, Sequence[int]] = {}

    def put(self, marks: Mapping[str, AccentMarks]) -> None:
        self._marks = marks
        self._gap = -1.0

    def at(self, frames_per_pixel: float) -> Mapping[str, Sequence[int]]:
        """By id of the clip; the same mapping as before where nothing has changed."""
        gap = LEAST_GAP * frames_per_pixel
        if gap != self._gap:
            self._gap = gap
            self._seen = {clip: marks.apart(gap) for clip, marks in self._marks.items()}
        return self._seen
