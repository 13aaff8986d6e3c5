"""Part of a song as something that sounds by itself: sections, lanes, or all of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from msgspec.structs import replace

from app.document.bars import bar_frames
from app.document.model import SONG_RATE, Clip, Lane, Project, Section, Song
from app.document.tree import lane_of, section_of, song_of

_OFF_BEAT_SECONDS = 0.03
"""A bar that begins so little before or after the part begins with it."""
_NAMED = re.compile(r"(?P<song>.+?),\s*(?P<kind>section|lane)\s+(?P<number>\d{1,6})", re.IGNORECASE)
_NUMBERED = re.compile(r"song\s+(?P<number>\d{1,6})", re.IGNORECASE)

PartKind = Literal["song", "sections", "lanes"]


@dataclass(frozen=True, slots=True)
class SongPart:
    """What sounds from one frame of a song to another. It holds all that is needed to mix it: whatever becomes of the
    project meanwhile, it stays as it is.

    Attributes:
        kind: what was chosen of the song.
        name: what the artist calls it.
        song: has only what is to sound.
        clips: those that are in the project of all that sound.
        start: a frame of the song, at `SONG_RATE`.
        frames: its length.
    """

    kind: PartKind
    name: str
    song: Song
    clips: tuple[Clip, ...]
    start: int
    frames: int

    @property
    def seconds(self) -> float:
        """Its length in seconds."""
        return self.frames / SONG_RATE

    @property
    def bpm(self) -> float | None:
        """The tempo, as it was set by hand or given by a guide; None where none is known, or where the part does not
        begin with a bar.
        """
        tempos = {clip.id: clip.tempo for clip in self.clips if clip.tempo is not None}
        for section in in_order(self.song):
            tempo = tempos.get(section.clip)
            if tempo is not None and section.start <= self.start < section.end:
                bar = bar_frames(tempo) / SONG_RATE
                begun = ((section.offset + self.start - section.start) / SONG_RATE - tempo.first_beat) % bar
                if min(begun, bar - begun) <= _OFF_BEAT_SECONDS:
                    return tempo.bpm
        return None


def whole_song(project: Project, song: str) -> SongPart:
    """All of a song, as its lanes are muted and soloed; KeyError where there is none of this id."""
    found = song_of(project, song)
    return SongPart("song", name_of_song(project, found), found, _clips_of(project, found), 0, found.frames)


def sections_alone(project: Project, ids: Iterable[str]) -> SongPart:
    """Sections of one song without all else, also of lanes that are muted.

    Raises:
        KeyError: there is none of an id.
        ValueError: there are no ids, or they are of several songs.
    """
    wanted = set(ids)
    songs = {song.id: song for song, _, _ in (section_of(project, id) for id in wanted)}
    if len(songs) != 1:
        raise ValueError("the sections are not of one song")
    (song,) = songs.values()
    numbers = [number for number, part in enumerate(in_order(song), 1) if part.id in wanted]
    alone = _with_sections(song, lambda lane, part: part.id in wanted)
    chosen = in_order(alone)
    start = min(part.start for part in chosen)
    name = f"{name_of_song(project, song)}, {_counted('section', numbers)}"
    frames = max(part.end for part in chosen) - start
    return SongPart("sections", name, alone, _clips_of(project, alone), start, frames)


def lanes_alone(project: Project, ids: Collection[str], start: int = 0, end: int | None = None) -> SongPart:
    """Lanes of one song without the others, also muted ones, from one frame of the song to another.

    Raises:
        KeyError: there is none of an id.
        ValueError: there are no ids, or they are of several songs.
    """
    songs = {song.id: song for song, _ in (lane_of(project, id) for id in ids)}
    if len(songs) != 1:
        raise ValueError("the lanes are not of one song")
    (song,) = songs.values()
    numbers = [number for number, lane in enumerate(song.lanes, 1) if lane.id in ids]
    alone = _with_sections(song, lambda lane, part: lane.id in ids)
    end = alone.frames if end is None else end
    name = f"{name_of_song(project, song)}, {_counted('lane', numbers)}"
    return SongPart("lanes", name, alone, _clips_of(project, alone), start, max(end - start, 0))


def lanes_beside(project: Project, ids: Collection[str]) -> SongPart | None:
    """What the lanes of a song that none of these sections is on play meanwhile, without those that are muted, or not
    soloed where others are; None where nothing lies there.

    Raises:
        KeyError: there is none of an id.
        ValueError: there are no ids, or they are of several songs.
    """
    part = sections_alone(project, ids)
    own, end = {lane.id for lane in part.song.lanes}, part.start + part.frames
    lanes = song_of(project, part.song.id).lanes
    soloed = any(lane.solo for lane in lanes)
    others = [
        lane.id
        for lane in lanes
        if lane.id not in own
        and not lane.mute
        and (lane.solo or not soloed)
        and any(section.start < end and part.start < section.end for section in lane.sections)
    ]
    return lanes_alone(project, others, part.start, end) if others else None


def part_named(project: Project, text: str) -> SongPart | None:
    """The part of that name: “Slow Rust”, “Song 2”, “Slow Rust, section 3” or “Song 2, lane 1”; None where there is
    none.

    Songs, sections and lanes are counted from 1; sections in the order of their starts, the upper lane first.
    """
    song = _song_named(project, text)
    if song is not None:
        return whole_song(project, song.id)
    named = _NAMED.fullmatch(text.strip())
    song = _song_named(project, named["song"]) if named else None
    if named is None or song is None:
        return None
    place, is_lane = int(named["number"]) - 1, named["kind"].lower() == "lane"
    ids = [each.id for each in (song.lanes if is_lane else in_order(song))]
    if not 0 <= place < len(ids):
        return None
    return lanes_alone(project, ids[place : place + 1]) if is_lane else sections_alone(project, ids[place : place + 1])


def name_of_song(project: Project, song: Song) -> str:
    """Its title, or its place on the album."""
    return song.title or f"Song {[each.id for each in project.songs].index(song.id) + 1}"


def _song_named(project: Project, text: str) -> Song | None:
    wanted = text.strip().casefold()
    for song in project.songs:
        if song.title and song.title.casefold() == wanted:
            return song
    numbered = _NUMBERED.fullmatch(text.strip())
    place = int(numbered["number"]) - 1 if numbered else -1
    return project.songs[place] if 0 <= place < len(project.songs) else None


def in_order(song: Song) -> list[Section]:
    """All sections by their starts, of those that start together the upper lane's first."""
    return sorted((part for lane in song.lanes for part in lane.sections), key=lambda part: part.start)


def _with_sections(song: Song, wanted: Callable[[Lane, Section], bool]) -> Song:
    """The song with these sections and no others, all of which are heard."""
    kept = ((lane, tuple(part for part in lane.sections if wanted(lane, part))) for lane in song.lanes)
    return replace(
        song, lanes=tuple(replace(lane, sections=parts, mute=False, solo=False) for lane, parts in kept if parts)
    )


def _clips_of(project: Project, song: Song) -> tuple[Clip, ...]:
    used = {part.clip for part in in_order(song)}
    return tuple(clip for clip in project.clips if clip.id in used)


def _counted(word: str, numbers: list[int]) -> str:
    """“section 3”, “sections 3 to 5”, “sections 1, 3 and 4”."""
    if len(numbers) == 1:
        return f"{word} {numbers[0]}"
    if numbers == list(range(numbers[0], numbers[-1] + 1)) and len(numbers) > 2:
        return f"{word}s {numbers[0]} to {numbers[-1]}"
    return f"{word}s {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
