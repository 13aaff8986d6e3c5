"""Edits that copy sections: within a song, from one song to another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from msgspec.structs import replace

from app.document.edits.songs import add_lane
from app.document.edits.tree import clip_of, lane_of, new_id, section_of, song_of, with_sections
from app.document.model import Project, Section


@dataclass(frozen=True)
class Copied:
    """One section taken up to be put down elsewhere."""

    lane: int
    """The place of its lane in the song it was taken from."""
    section: Section


def copy_sections(project: Project, ids: Iterable[str]) -> tuple[Copied, ...]:
    """What `paste_sections` puts down, in the order of the starts."""
    found = [section_of(project, id) for id in ids]
    copied = [Copied(song.lanes.index(lane), section) for song, lane, section in found]
    return tuple(sorted(copied, key=lambda part: (part.section.start, part.lane)))


def paste_sections(
    project: Project, song: str, copied: Iterable[Copied], at: int, *, lane: int | None = None
) -> tuple[Project, tuple[str, ...]]:
    """Puts copies into a song so that the earliest begins at `at`; also gives their ids.

    They come to lie on lanes of the same places, or with the topmost on `lane`; lanes that the song lacks are added.
    A section whose clip is gone is left out.
    """
    known = {clip.id for clip in project.clips}
    parts = [part for part in copied if part.section.clip in known]
    if not parts:
        return project, ()
    first = min(part.section.start for part in parts)
    top = min(part.lane for part in parts)
    down = lane - top if lane is not None else 0
    made: list[str] = []
    for part in parts:
        while len(song_of(project, song).lanes) <= part.lane + down:
            project = add_lane(project, song)
        goal = song_of(project, song).lanes[part.lane + down]
        start = max(at, 0) + part.section.start - first
        twin = _inside(project, replace(part.section, id=new_id(project, "x"), start=start))
        made.append(twin.id)
        project = with_sections(project, goal.id, (*goal.sections, twin))
    return project, tuple(made)


def _inside(project: Project, section: Section) -> Section:
    """The section, no longer than its clip: the copy may come from an older document."""
    frames = clip_of(project, section.clip).frames
    offset = min(section.offset, frames - 1)
    length = min(section.length, frames - offset)
    fade_in = min(section.fade_in, length)
    fade_out = min(section.fade_out, length - fade_in)
    return replace(section, offset=offset, length=length, fade_in=fade_in, fade_out=fade_out)


def duplicate_sections(project: Project, ids: Iterable[str]) -> tuple[Project, tuple[str, ...]]:
    """Copies of the sections right behind them, as a block; also gives the ids of the copies."""
    found = [section_of(project, id) for id in ids]
    if not found:
        return project, ()
    span = max(part.end for _, _, part in found) - min(part.start for _, _, part in found)
    copies: list[str] = []
    for _, lane, section in found:
        copy = replace(section, id=new_id(project, "x"), start=section.start + span)
        copies.append(copy.id)
        _, now = lane_of(project, lane.id)
        project = with_sections(project, lane.id, (*now.sections, copy))
    return project, tuple(copies)
