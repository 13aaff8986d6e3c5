"""Excerpts of clips onto lanes: where they are dropped, or one after the other as a song of their own."""

from __future__ import annotations

from collections.abc import Iterable

from app.document.edits.sections import place_clip
from app.document.edits.songs import add_lane, add_song
from app.document.excerpt import Excerpt
from app.document.model import SONG_RATE, Project
from app.document.tree import song_of

PATH_CROSSFADE = SONG_RATE // 2
"""Frames by which one excerpt of a path sounds on under the next."""


def place_excerpts(
    project: Project, lane: str, excerpts: Iterable[Excerpt], start: int, *, crossfade: int = 0
) -> Project:
    """Puts excerpts of clips on a lane one behind the other; those of the album have no place in a song.

    Args:
        crossfade: frames by which each begins before the end of the one before it, half its own length at most.
    """
    known = {clip.id: clip.frames for clip in project.clips}
    for excerpt in excerpts:
        if excerpt.is_album or excerpt.offset >= known.get(excerpt.source, 0):
            continue
        length = min(excerpt.length, known[excerpt.source] - excerpt.offset)
        project = place_clip(project, lane, excerpt.source, start, offset=excerpt.offset, length=length)
        start = max(start, 0) + length - min(crossfade, length // 2)
    return project


def place_excerpts_on_new_lane(project: Project, song: str, excerpts: Iterable[Excerpt], start: int) -> Project:
    """As `place_excerpts`, on a lane added below the others of the song."""
    project = add_lane(project, song)
    return place_excerpts(project, song_of(project, song).lanes[-1].id, excerpts, start)


def add_song_of(project: Project, excerpts: Iterable[Excerpt], crossfade: int = PATH_CROSSFADE) -> Project:
    """A new song at the end of the album, in which the excerpts of clips are heard one after the other, crossfaded."""
    project = add_song(project)
    return place_excerpts(project, project.songs[-1].lanes[0].id, excerpts, 0, crossfade=crossfade)
