"""A stretch of a section makes way for what the model made in its place, between what stands before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from app.document.edits.continuing import CROSSFADE, going_over
from app.document.edits.windows import begun_at, behind_cut
from app.document.errors import UserError
from app.document.model import SONG_RATE, Lane, Project, Section
from app.document.tree import clip_of, find, new_ids, section_of, with_sections

SHORTEST = SONG_RATE // 5
"""Frames of the shortest stretch, and of the least that has to stand before and after it."""


@dataclass(frozen=True, slots=True)
class ClipPlace:
    """A frame of a clip, counted at `SONG_RATE`."""

    clip: str
    frame: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a section that is to be replaced, and what it lies between, as they were when that was asked."""

    section: Section
    start: int
    """In the song."""
    end: int
    before: ClipPlace
    """Where what is heard before it ends: the new sound goes on from there."""
    after: ClipPlace
    """Where what stands after it begins: the new sound is to lead there."""
    follower: Section | None
    """The section that is heard after it, which may be `section` itself; None where only its clip goes on, unheard."""


def passage_of(project: Project, section: str, marked: tuple[int, int] | None = None) -> Passage:
    """The stretch of a section that lies in the marked part of the song; all of it where that is elsewhere, or None.

    Raises:
        UserError: it is too short, or nothing stands before or after it.
        KeyError: the section or its clip is gone.
    """
    _, lane, part = section_of(project, section)
    clip = clip_of(project, part.clip)
    start, end = part.start, part.end
    if marked is not None and max(start, marked[0]) < min(end, marked[1]):
        start, end = max(start, marked[0]), min(end, marked[1])
    if part.end - end < SHORTEST:  # too little to lead to
        end = part.end
    follower = part if end < part.end else _next_on_lane(project, lane, part)
    if follower is not None and start < follower.start:  # it is not cut where it takes over earlier
        end = min(end, max(follower.start + CROSSFADE, start + SHORTEST))
    if end - start < SHORTEST:
        raise UserError(
            "This stretch is too short to be replaced.",
            f"Choose {SHORTEST / SONG_RATE:g} seconds of a section or more.",
        )
    before = _before(project, lane, part, start)
    if before is None:
        raise UserError(
            "Nothing stands before this stretch to go on from.",
            "Choose a later part: mark it with a loop, or split the section.",
        )
    after = part if follower is None else follower
    frame = max(after.offset + end - after.start, 0)
    if follower is None and clip.frames - frame < SHORTEST:
        raise UserError(
            "Nothing stands after this stretch to lead to.",
            "Choose an earlier part, or continue from the section (C).",
        )
    return Passage(part, start, end, before, ClipPlace(after.clip, frame), follower)


def _before(project: Project, lane: Lane, part: Section, start: int) -> ClipPlace | None:
    """In the clip itself; where that has only just begun, in the section that leads up to it on the lane."""
    frame = part.offset + start - part.start
    if frame >= SHORTEST:
        return ClipPlace(part.clip, frame)
    for other in reversed(lane.sections):
        if other.id != part.id and other.start < start <= other.end + CROSSFADE:
            frame = other.offset + min(start, other.end) - other.start
            if frame >= SHORTEST:
                return ClipPlace(clip_of(project, other.clip).id, frame)
    return None


def _next_on_lane(project: Project, lane: Lane, part: Section) -> Section | None:
    """The section that takes over where one ends, or before that; None where none does."""
    known = {clip.id for clip in project.clips}
    for other in lane.sections:
        follows = part.start < other.start <= part.end + CROSSFADE and other.end - part.end >= SHORTEST
        if follows and other.clip in known:
            return other
    return None


def place_replacement(
    project: Project, passage: Passage, clips: Sequence[str], shift: int = 0, why: str = ""
) -> tuple[Project, str]:
    """Puts the first of the clips in the place of the stretch, the others as its alternatives; also gives the id of
    the section that plays them.

    Both ends are short crossfades. Where the section is on another place by now, the new one is, too.

    Args:
        clips: ids; each begins with the stretch.
        shift: frames by which it ends later than asked, so that what follows sets in on an accent.
        why: why the first one was chosen.

    Raises:
        KeyError: the section, or the one that follows, is gone or has other edges by now.
    """
    _, lane, part = section_of(project, passage.section.id)
    moved = part.start - passage.section.start
    if _window(part) != _window(passage.section):
        raise KeyError(part.id)
    follower = None
    if passage.follower is not None:
        follower = find(lane.sections, passage.follower.id)
        if (_window(follower), follower.start) != (_window(passage.follower), passage.follower.start + moved):
            raise KeyError(follower.id)
    start = passage.start + moved
    end = passage.end + moved + max(shift, -passage.after.frame)
    end = min(end, start + clip_of(project, clips[0]).frames, follower.end - 1 if follower is not None else end)
    ids = new_ids(project, "x", 2)
    fresh = replace(
        part,
        id=ids[0],
        clip=clips[0],
        start=start,
        offset=0,
        length=max(end - start, 1),
        motif="",
        alternatives=tuple(clips) if len(clips) > 1 else (),
        alternative_offsets=(),
        why=why,
    )
    there = {each.id: each for each in lane.sections if each.id != part.id}
    if start > part.start:
        there[part.id] = going_over(project, part, start)
        fresh = replace(fresh, fade_in=0, fade_in_cut=0, fade_in_curve="round")
    else:
        fresh = replace(fresh, id=part.id)
    if follower is not None:
        fresh = replace(fresh, fade_out=0, fade_out_cut=0, fade_out_curve="round")
        takes_over = max(end - CROSSFADE, follower.start - follower.offset, 0)
        if follower.id == part.id:
            there[ids[1]] = replace(behind_cut(part, max(takes_over, part.start)), id=ids[1])
        else:
            there[follower.id] = begun_at(follower, takes_over)
    there[fresh.id] = fresh
    return with_sections(project, lane.id, there.values()), fresh.id


def _window(part: Section) -> tuple[str, int, int]:
    return part.clip, part.offset, part.length
