"""What a drag does: shown while it lasts, made one edit when it ends. No Qt.

A gesture holds what the hand has done, never a document: it is applied to whatever the document is by now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from app.document.edits.sections import (
    move_sections,
    place_clips,
    place_clips_on_new_lane,
    set_fade_in,
    set_fade_out,
    trim_end,
    trim_start,
)
from app.document.edits.tree import clip_of, find, section_of
from app.document.model import Project, Section, Song
from app.widgets.timeline.hit import Part
from app.widgets.timeline.snap import Snapped, snapped


@dataclass(frozen=True)
class Snapping:
    """What a drag may fall onto, and from how near."""

    onto: tuple[int, ...]
    reach: float
    second_reach: float

    def near(self, *edges: int) -> Snapped:
        return snapped(edges, self.onto, self.reach, self.second_reach)


class Gesture(Protocol):
    name: str
    """Of the edit, as Undo names it."""
    sections: frozenset[str]
    """What it changes: these do not snap onto themselves."""
    guide: int | None

    def drag(self, frame: int, lane: int, snapping: Snapping | None) -> None:
        """The hand is at a frame and a lane now."""
        ...

    def apply(self, project: Project) -> Project: ...


class Move:
    """Sections along and across the lanes."""

    def __init__(self, song: Song, sections: frozenset[str], grabbed: Section, frame: int, lane: int) -> None:
        chosen = [part for row in song.lanes for part in row.sections if part.id in sections]
        self.name = "Move section" if len(chosen) == 1 else "Move sections"
        self.sections = sections
        self.guide: int | None = None
        self._edges = (
            grabbed.start,
            grabbed.end,
            min(part.start for part in chosen),
            max(part.end for part in chosen),
        )
        self._from = (frame, lane)
        self._by = 0
        self._lanes = 0

    def drag(self, frame: int, lane: int, snapping: Snapping | None) -> None:
        by = max(frame - self._from[0], -self._edges[2])
        near = snapping.near(*(edge + by for edge in self._edges)) if snapping else Snapped()
        self._by, self._lanes, self.guide = by + near.by, lane - self._from[1], near.guide

    def apply(self, project: Project) -> Project:
        return move_sections(project, self.sections, self._by, lanes=self._lanes)


class Trim:
    """One edge of a section."""

    def __init__(self, section: Section, part: Part, frame: int) -> None:
        self.name = "Trim"
        self.sections = frozenset((section.id,))
        self.guide: int | None = None
        self._id = section.id
        self._at_start = part is Part.START
        self._edge = section.start if self._at_start else section.end
        self._from = frame
        self._to = self._edge

    def drag(self, frame: int, lane: int, snapping: Snapping | None) -> None:
        wanted = self._edge + frame - self._from
        near = snapping.near(wanted) if snapping else Snapped()
        self._to, self.guide = max(wanted + near.by, 0), near.guide

    def apply(self, project: Project) -> Project:
        return (trim_start if self._at_start else trim_end)(project, self._id, self._to)


class Fade:
    """The grip of a fade."""

    def __init__(self, section: Section, part: Part, frame: int) -> None:
        self._is_in = part is Part.FADE_IN
        self.name = "Fade in" if self._is_in else "Fade out"
        self.sections = frozenset((section.id,))
        self.guide: int | None = None
        self._id = section.id
        self._before = section.fade_in if self._is_in else section.fade_out
        self._from = frame
        self._frames = self._before

    def drag(self, frame: int, lane: int, snapping: Snapping | None) -> None:
        by = frame - self._from
        self._frames = max(self._before + (by if self._is_in else -by), 0)

    def apply(self, project: Project) -> Project:
        return (set_fade_in if self._is_in else set_fade_out)(project, [self._id], self._frames)


class Place:
    """Clips that come in from the list, one behind the other."""

    def __init__(self, project: Project, song: str, clips: tuple[str, ...]) -> None:
        self.name = "Place clip" if len(clips) == 1 else "Place clips"
        self.sections: frozenset[str] = frozenset()
        self.guide: int | None = None
        self._song = song
        self._clips = clips
        self._length = sum(clip_of(project, clip).frames for clip in clips)
        self._start = 0
        self._lane = 0

    def drag(self, frame: int, lane: int, snapping: Snapping | None) -> None:
        near = snapping.near(frame, frame + self._length) if snapping else Snapped()
        self._start, self._lane, self.guide = max(frame + near.by, 0), max(lane, 0), near.guide

    def apply(self, project: Project) -> Project:
        song = find(project.songs, self._song)
        if self._lane >= len(song.lanes):
            return place_clips_on_new_lane(project, self._song, self._clips, self._start)
        return place_clips(project, song.lanes[self._lane].id, self._clips, self._start)


def still_there(project: Project, sections: frozenset[str]) -> bool:
    try:
        for section in sections:
            section_of(project, section)
    except KeyError:
        return False
    return True
