"""Takes that play part of a song again join the song where that part is, so that they are heard at once."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from app.document.edits.continuing import alternative_offset
from app.document.model import MOST_ALTERNATIVES, Lane, Project, Section
from app.document.song_part import SongPart
from app.document.tree import change_section, change_song, clip_of, find, new_id


def place_takes(project: Project, part: SongPart, takes: Sequence[str]) -> tuple[Project, tuple[str, ...]]:
    """Puts clips that were made along to a part of a song where that part is; also gives the sections that play them.

    Sections of one lane go over to the first take, and are among its alternatives themselves: what is trimmed or moved
    later stays in time whichever plays. Anything else is left as it is: the takes come onto a lane of their own below
    it, from the same frame on. Without the song, or without all the sections, nothing is changed.
    """
    asked = [section for lane in part.song.lanes for section in lane.sections]
    song = next((song for song in project.songs if song.id == part.song.id), None)
    takes = [take for take in takes if clip_of(project, take).frames]
    if song is None or not takes:
        return project, ()
    if part.kind == "sections":
        now = {section.id: section for lane in song.lanes for section in lane.sections}
        if any(section.id not in now for section in asked):
            return project, ()
        if len(part.song.lanes) == 1 and all(now[section.id].clip == section.clip for section in asked):
            for section in asked:
                project = _gone_over(project, section, section.start - part.start, takes)
            return project, tuple(section.id for section in asked)
    return _on_new_lane(project, part, takes)


def _gone_over(project: Project, asked: Section, into: int, takes: Sequence[str]) -> Project:
    """Lets a section play the first take, in which its beginning lay so many frames behind that of the take."""

    def gone_over(now: Section) -> Section:
        known = now.alternatives if now.clip in now.alternatives else (now.clip,)
        known = known[: MOST_ALTERNATIVES - 1]
        fresh = tuple(takes[: MOST_ALTERNATIVES - len(known)])
        shifts = tuple(alternative_offset(now, clip) for clip in known)
        shift = alternative_offset(now, now.clip) + into - asked.offset
        clip = clip_of(project, fresh[0])
        offset = now.offset + into - asked.offset
        later = max(-offset, 0)
        offset = min(offset + later, clip.frames - 1)
        if later >= now.length:
            return now
        return replace(
            now,
            clip=clip.id,
            start=now.start + later,
            offset=offset,
            length=min(now.length - later, clip.frames - offset),
            alternatives=(*known, *fresh),
            alternative_offsets=(*shifts, *[shift] * len(fresh)),
            why="",
        )

    return change_section(project, asked.id, gone_over)


def _on_new_lane(project: Project, part: SongPart, takes: Sequence[str]) -> tuple[Project, tuple[str, ...]]:
    """Below the lowest lane of the part. What plays a whole song again is heard alone at first."""
    clip = clip_of(project, takes[0])
    fresh = Section(
        id=new_id(project, "x"),
        clip=clip.id,
        start=part.start,
        offset=0,
        length=min(clip.frames, part.frames),
        alternatives=tuple(takes[:MOST_ALTERNATIVES]) if len(takes) > 1 else (),
    )
    lanes = find(project.songs, part.song.id).lanes
    own = {lane.id for lane in part.song.lanes}
    below = max((place for place, lane in enumerate(lanes) if lane.id in own), default=len(lanes) - 1) + 1
    solo = part.kind == "song" or any(lane.solo for lane in lanes)
    lane = Lane(id=new_id(project, "l"), sections=(fresh,), solo=solo)
    project = change_song(
        project, part.song.id, lambda song: replace(song, lanes=(*song.lanes[:below], lane, *song.lanes[below:]))
    )
    return project, (fresh.id,)
