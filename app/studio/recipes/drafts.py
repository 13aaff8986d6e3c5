"""Songs as recipes draft them, and how they join the project."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from app.document.edits.made import choose_cover
from app.document.edits.markers import add_marker
from app.document.edits.songs import add_song, set_lane_pan, title_song
from app.document.model import SONG_RATE, Clip, Project, Section, Song
from app.document.tree import change_song, new_ids, with_sections

CROSSFADE = SONG_RATE // 2
"""Frames that sections overlap by where nothing hides the seam; they fade into each other there."""
SEAM = 12 * SONG_RATE // 1000
"""The same where an accent hides it, and shorter than a stroke."""
FADE_IN, FADE_OUT = SONG_RATE // 20, 3 * SONG_RATE

Titles = Callable[[Project, Sequence[str]], Project]
"""Gives titles to songs, named by their ids."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A song that is to be.

    Attributes:
        lanes: sections whose ids do not matter: they get others.
        pans: of the lanes.
        why: how it was put together.
        markers: frames and names.
    """

    lanes: tuple[tuple[Section, ...], ...]
    pans: tuple[float, ...] = (0.0,)
    why: str = ""
    markers: tuple[tuple[int, str], ...] = ()


def put_drafts(project: Project, recipe: str, drafts: Iterable[Draft]) -> Project:
    """Adds the songs behind those that are there, each with the recipe that made it."""
    for draft in drafts:
        project = add_song(project, lanes=len(draft.lanes))
        song = project.songs[-1]
        for lane, pan, sections in zip(song.lanes, draft.pans, draft.lanes, strict=True):
            project = set_lane_pan(project, lane.id, pan)
            ids = new_ids(project, "x", len(sections))
            fresh = [replace(part, id=id) for part, id in zip(sections, ids, strict=True)]
            project = with_sections(project, lane.id, fresh)
        project = told(project, song.id, recipe, draft.why)
        for frame, name in draft.markers:
            project = add_marker(project, song.id, frame, name)
    return project


def told(project: Project, song: str, recipe: str, why: str) -> Project:
    """Says of a song what put it together, and how."""

    def say(song: Song) -> Song:
        return replace(song, recipe=recipe, why=why)

    return change_song(project, song, say)


def section_of_clip(clip: Clip, start: int, offset: int, length: int, why: str = "") -> Section:
    """Frames from `offset` on of a clip, at a place in the song, or as many as the clip has."""
    return Section(
        id="x", clip=clip.id, start=start, offset=offset, length=max(min(length, clip.frames - offset), 1), why=why
    )


def faded_out(part: Section, frames: int = FADE_OUT) -> Section:
    """The section with the fade that a song ends with, half of it at most."""
    return replace(part, fade_out=min(frames, part.length // 2))


def faded_in(part: Section, frames: int = FADE_IN) -> Section:
    """The section with a short fade in, a quarter of it at most."""
    return replace(part, fade_in=min(frames, part.length // 4))


def free_titles(project: Project) -> list[str]:
    """Invented titles that no song bears yet; the starred ones alone where there are any."""
    used = {song.title for song in project.songs}
    free = [title for title in project.titles if title.text not in used]
    return [title.text for title in [title for title in free if title.starred] or free]


def draw_titles(project: Project, songs: Iterable[str], draw: random.Random) -> Project:
    """Gives songs titles by lot, starred ones first; "" where there is none left."""
    for song in songs:
        free = free_titles(project)
        project = title_song(project, song, draw.choice(free) if free else "")
    return project


def draw_cover(project: Project, draw: random.Random) -> Project:
    """Chooses one of the candidates by lot, where there are any."""
    return choose_cover(project, draw.choice(project.covers).id) if project.covers else project
