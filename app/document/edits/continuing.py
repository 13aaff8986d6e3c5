"""What the model made of a place in a song joins the song."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from app.document.edits.sections import place_clips_on_new_lane
from app.document.edits.tree import change_lane, section_of, song_of
from app.document.model import Lane, Project, Section


def place_to_go_on(section: Section, playhead: int) -> int:
    """Where in the song a section is gone on from: the playhead where it lies in it, else its end."""
    return playhead if section.start < playhead < section.end else section.end


def place_continuations(project: Project, section: str, clips: Sequence[str], start: int) -> Project:
    """Puts the clips one behind the other on a new lane from `start` on; they sound like the section that they go on
    from: as loud, and from the same side."""
    song, lane, origin = section_of(project, section)
    project = place_clips_on_new_lane(project, song.id, clips, start)
    fresh = song_of(project, song.id).lanes[-1].id
    return change_lane(project, fresh, lambda made: _sounding_like(made, lane, origin))


def _sounding_like(made: Lane, lane: Lane, origin: Section) -> Lane:
    sections = tuple(replace(part, gain_db=origin.gain_db, pan=origin.pan) for part in made.sections)
    return replace(made, sections=sections, gain_db=lane.gain_db, pan=lane.pan, solo=lane.solo)
