"""What the model made of a place in a song joins the song; of several ways to go on, one is heard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from app.document.edits.sections import place_clip, place_clips_on_new_lane
from app.document.edits.windows import ended_at
from app.document.model import SONG_RATE, Project, Section
from app.document.tree import (
    change_lane,
    change_section,
    change_sections,
    clip_of,
    find,
    new_id,
    section_of,
    song_of,
)

CROSSFADE = SONG_RATE // 100
"""Frames by which a section sounds on under what goes on from it, where its clip has so much more."""


def place_to_go_on(section: Section, playhead: int) -> int:
    """Where in the song a section is gone on from: the playhead where it lies in it, else its end."""
    return playhead if section.start < playhead < section.end else section.end


def place_continuation(project: Project, section: str, clips: Sequence[str], frame: int) -> tuple[Project, str]:
    """Lets a section go on with the first of the clips, from a frame of its own clip on; also gives the new one's id.

    The other clips are its alternatives. It lies on the same lane where nothing else is in its way, else on a new one,
    and sounds like the section that it goes on from: as loud, and from the same side. What that section has behind the
    frame is trimmed away, but for a short crossfade.
    """
    song, lane, origin = section_of(project, section)
    start = origin.start + min(frame, clip_of(project, origin.clip).frames) - origin.offset
    if start > origin.start:
        project = change_section(project, section, lambda part: going_over(project, part, start))
    else:  # what it was to go on from is trimmed away by now
        start = origin.end
    end = start + clip_of(project, clips[0]).frames
    fresh = new_id(project, "x")
    others = [part for part in lane.sections if part.id != section]
    if all(part.end <= start or part.start >= end for part in others):
        project = place_clip(project, lane.id, clips[0], start)
    else:
        project = place_clips_on_new_lane(project, song.id, clips[:1], start)
        goal = song_of(project, song.id).lanes[-1].id
        alike = {"gain_db": lane.gain_db, "pan": lane.pan, "solo": lane.solo}
        project = change_lane(project, goal, lambda made: replace(made, **alike))
    alternatives = tuple(clips) if len(clips) > 1 else ()
    sound = {"gain_db": origin.gain_db, "pan": origin.pan, "alternatives": alternatives}
    return change_section(project, fresh, lambda part: replace(part, **sound)), fresh


def going_over(project: Project, part: Section, at: int) -> Section:
    """The section until a frame of the song, at which something else takes over by a short crossfade."""
    last = part.start + clip_of(project, part.clip).frames - part.offset
    end = min(at + CROSSFADE, last)
    return replace(ended_at(part, end), fade_out=0, fade_out_cut=0, fade_out_curve="round")


def choice_of(project: Project, section: Section) -> tuple[int, int]:
    """Which of its alternatives a section plays, counted from 1, and of how many; (0, 0) where there is no choice."""
    there = _alternatives(project, section)
    return (there.index(section.clip) + 1, len(there)) if len(there) > 1 else (0, 0)


def choose_alternatives(project: Project, ids: Iterable[str], by: int) -> Project:
    """Gives sections the alternative so many places on, round and round; places, lengths and levels stay.

    One that has nothing yet where the section begins lets it begin a little later.
    """

    def other(part: Section) -> Section:
        there = _alternatives(project, part)
        if len(there) < 2:
            return part
        clip = find(project.clips, there[(there.index(part.clip) + by) % len(there)])
        offset = part.offset + alternative_offset(part, clip.id) - alternative_offset(part, part.clip)
        later = max(-offset, 0)
        if later >= part.length:
            return part
        start, offset = part.start + later, min(offset + later, clip.frames - 1)
        length = min(part.length - later, clip.frames - offset)
        return replace(part, clip=clip.id, start=start, offset=offset, length=length, why="")

    return change_sections(project, ids, other)


def alternative_offset(section: Section, clip: str) -> int:
    """By how many frames later than in the first of its alternatives a section is begun in this one; 0 for a clip that
    is none of them.
    """
    offsets = dict(zip(section.alternatives, section.alternative_offsets, strict=False))
    return offsets.get(clip, 0)


def _alternatives(project: Project, section: Section) -> list[str]:
    """Those whose clips are in the project."""
    if section.clip not in section.alternatives:
        return []
    known = {clip.id for clip in project.clips if clip.frames} | {section.clip}
    return [clip for clip in section.alternatives if clip in known]
