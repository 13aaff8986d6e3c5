"""Edits that copy sections: within a song, from one song to another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from msgspec.structs import replace

from app.document.bars import block_frames
from app.document.edits.motifs import twins
from app.document.edits.sections import move_sections, remove_sections
from app.document.edits.songs import add_lane
from app.document.model import Project, Section
from app.document.tree import clip_of, lane_of, section_of, song_of, with_sections


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
    fresh = twins(project, (_inside(project, part.section) for part in parts))
    project = _put_down(project, song, zip((part.lane for part in parts), fresh, strict=True), at, lane)
    return project, tuple(part.id for part in fresh)


def move_to_song(project: Project, ids: Iterable[str], song: str, at: int) -> Project:
    """Takes sections out of their song and puts them into another so that the earliest begins at `at`.

    They come to lie on lanes of the same places; lanes that the song lacks are added.
    """
    parts = copy_sections(project, ids)
    if not parts:
        return project
    project = remove_sections(project, [part.section.id for part in parts])
    return _put_down(project, song, ((part.lane, part.section) for part in parts), at, None)


def copy_beside(project: Project, ids: Iterable[str], by: int, *, lanes: int = 0) -> Project:
    """Copies of sections so many frames and lanes away from them, as far as `move_sections` would move them."""
    ids = frozenset(ids)
    moved = move_sections(project, ids, by, lanes=lanes)
    if moved is project:
        return project
    places = [section_of(moved, id) for id in sorted(ids)]
    copies = twins(project, (section for _, _, section in places))
    for (_, lane, _), copy in zip(places, copies, strict=True):
        project = with_sections(project, lane.id, (*lane_of(project, lane.id)[1].sections, copy))
    return project


def copy_to_song(project: Project, ids: Iterable[str], song: str, at: int) -> tuple[Project, tuple[str, ...]]:
    """As `move_to_song`, but it is copies that come there; also gives their ids."""
    return paste_sections(project, song, copy_sections(project, ids), at)


def _put_down(project: Project, song: str, parts: Iterable[tuple[int, Section]], at: int, lane: int | None) -> Project:
    parts = list(parts)
    first = min(part.start for _, part in parts)
    down = lane - min(place for place, _ in parts) if lane is not None else 0
    for place, part in parts:
        while len(song_of(project, song).lanes) <= place + down:
            project = add_lane(project, song)
        goal = song_of(project, song).lanes[place + down]
        moved = replace(part, start=max(at, 0) + part.start - first)
        project = with_sections(project, goal.id, (*goal.sections, moved))
    return project


def _inside(project: Project, section: Section) -> Section:
    """The section, no longer than its clip: the copy may come from an older document."""
    frames = clip_of(project, section.clip).frames
    offset = min(section.offset, frames - 1)
    length = min(section.length, frames - offset)
    return replace(section, offset=offset, length=length)


def duplicate_sections(project: Project, ids: Iterable[str]) -> tuple[Project, tuple[str, ...]]:
    """Copies of the sections right behind them, as a block; also gives the ids of the copies.

    What is whole bars long begins again on a bar.
    """
    found = [section_of(project, id) for id in ids]
    if not found:
        return project, ()
    span = block_frames([part for _, _, part in found], {clip.id: clip for clip in project.clips})
    copies = twins(project, (part for _, _, part in found))
    for (_, lane, _), copy in zip(found, copies, strict=True):
        _, now = lane_of(project, lane.id)
        project = with_sections(project, lane.id, (*now.sections, replace(copy, start=copy.start + span)))
    return project, tuple(copy.id for copy in copies)
