"""What a drag does: shown while it lasts, made one edit when it ends. No Qt.

A gesture holds what the hand has done, never a document: it is applied to whatever the document is by now.
"""

from __future__ import annotations

from typing import Protocol

from app.document.edits.copies import copy_beside
from app.document.edits.excerpts import place_excerpts, place_excerpts_on_new_lane
from app.document.edits.markers import move_marker
from app.document.edits.sections import (
    move_sections,
    set_fade_in,
    set_fade_out,
    trim_end,
    trim_start,
)
from app.document.excerpt import Excerpt
from app.document.model import Project, Section, Song
from app.document.tree import find
from app.widgets.timeline.hit import Part
from app.widgets.timeline.snap import Snapped, Snapping, accents_of


class Gesture(Protocol):
    """A drag that is under way."""

    @property
    def name(self) -> str:
        """Of the edit, as Undo names it."""
        ...

    moved: frozenset[str]
    """Sections and markers that it changes: these do not snap onto themselves."""
    guide: int | None

    def drag(self, frame: int, lane: int, snapping: Snapping | None) -> None:
        """The hand is at a frame and a lane now."""
        ...

    def apply(self, project: Project) -> Project:
        """The document as it is when the hand lets go now."""
        ...


class Move:
    """Moves sections, or copies of them, along the lanes and onto others.

    Attributes:
        copies: whether it is copies that move.
    """

    def __init__(self, song: Song, sections: frozenset[str], grabbed: Section, frame: int, lane: int) -> None:
        chosen = [part for row in song.lanes for part in row.sections if part.id in sections]
        self.copies = False
        self._what = "section" if len(chosen) == 1 else "sections"
        self.moved = sections
        self.guide: int | None = None
        self._grabbed = grabbed
        self._first = min(part.start for part in chosen)
        self._last = max(part.end for part in chosen)
        self._from = (frame, lane)
        self._by = 0
        self._lanes = 0

    def drag(self, frame: int, lane: int, snapping: Snapping | None) -> None:
        """Moves along with the hand, 0 at the earliest; edges and accents snap."""
        by = max(frame - self._from[0], -self._first)
        near = Snapped()
        if snapping is not None:
            edges = [self._grabbed.start, self._grabbed.end, self._first, self._last]
            accents = accents_of(self._grabbed, snapping.accents)
            near = snapping.near(*(edge + by for edge in edges), accents=[accent + by for accent in accents])
        self._by, self._lanes, self.guide = by + near.by, lane - self._from[1], near.guide

    @property
    def name(self) -> str:
        """Of the edit, as Undo names it."""
        return f"{'Copy' if self.copies else 'Move'} {self._what}"

    def apply(self, project: Project) -> Project:
        """Moves or copies the sections."""
        edit = copy_beside if self.copies else move_sections
        return edit(project, self.moved, self._by, lanes=self._lanes)


class Trim:
    """Moves the start or the end of a section."""

    def __init__(self, section: Section, part: Part, frame: int) -> None:
        self.name = "Trim"
        self.moved = frozenset((section.id,))
        self.guide: int | None = None
        self._id = section.id
        self._at_start = part is Part.START
        self._edge = section.start if self._at_start else section.end
        self._from = frame
        self._to = self._edge

    def drag(self, frame: int, lane: int, snapping: Snapping | None) -> None:
        """Moves the edge along with the hand; it snaps."""
        wanted = self._edge + frame - self._from
        near = snapping.near(wanted) if snapping else Snapped()
        self._to, self.guide = max(wanted + near.by, 0), near.guide

    def apply(self, project: Project) -> Project:
        """Moves the edge."""
        return (trim_start if self._at_start else trim_end)(project, self._id, self._to)


class Fade:
    """Changes the length of a fade by its grip."""

    def __init__(self, section: Section, part: Part, frame: int) -> None:
        self._is_in = part is Part.FADE_IN
        self.name = "Fade in" if self._is_in else "Fade out"
        self.moved = frozenset((section.id,))
        self.guide: int | None = None
        self._id = section.id
        self._before = section.fade_in_reach if self._is_in else section.fade_out_reach
        self._from = frame
        self._frames = self._before

    def drag(self, frame: int, lane: int, snapping: Snapping | None) -> None:
        """Makes the fade longer or shorter; it does not snap."""
        by = frame - self._from
        self._frames = max(self._before + (by if self._is_in else -by), 0)

    def apply(self, project: Project) -> Project:
        """Sets the length of the fade."""
        return (set_fade_in if self._is_in else set_fade_out)(project, [self._id], self._frames)


class MoveMarker:
    """Moves a marker."""

    def __init__(self, marker: str) -> None:
        self.name = "Move marker"
        self.moved = frozenset((marker,))
        self.guide: int | None = None
        self._marker = marker
        self._frame: int | None = None

    def drag(self, frame: int, lane: int, snapping: Snapping | None) -> None:
        """Moves the marker along with the hand; it snaps."""
        near = snapping.near(frame) if snapping else Snapped()
        self._frame, self.guide = max(frame + near.by, 0), near.guide

    def apply(self, project: Project) -> Project:
        """Moves the marker."""
        return project if self._frame is None else move_marker(project, self._marker, self._frame)


class Place:
    """Places clips of the list, or excerpts of them, one behind the other."""

    def __init__(self, song: str, excerpts: tuple[Excerpt, ...]) -> None:
        self.name = "Place clip" if len(excerpts) == 1 else "Place clips"
        self.moved: frozenset[str] = frozenset()
        self.guide: int | None = None
        self._song = song
        self._excerpts = excerpts
        self._length = sum(excerpt.length for excerpt in excerpts)
        self._start = 0
        self._lane = 0

    def drag(self, frame: int, lane: int, snapping: Snapping | None) -> None:
        """Puts the start of the first clip, and the lane, under the hand; both ends snap."""
        near = snapping.near(frame, frame + self._length) if snapping else Snapped()
        self._start, self._lane, self.guide = max(frame + near.by, 0), max(lane, 0), near.guide

    def apply(self, project: Project) -> Project:
        """Puts them on the lane; below the last one, on a new lane."""
        song = find(project.songs, self._song)
        if self._lane >= len(song.lanes):
            return place_excerpts_on_new_lane(project, self._song, self._excerpts, self._start)
        return place_excerpts(project, song.lanes[self._lane].id, self._excerpts, self._start)


def still_there(project: Project, moved: frozenset[str]) -> bool:
    """Whether the document has all these sections and markers."""
    known = {part.id for song in project.songs for lane in song.lanes for part in lane.sections}
    return moved <= known | {marker.id for song in project.songs for marker in song.markers}
