"""Edits of songs and their lanes."""

from __future__ import annotations

from msgspec.structs import replace

from app.document.edits.motifs import twins
from app.document.model import LEAST_GAIN_DB, LONGEST_GAP, MOST_GAIN_DB, Lane, Project, Song
from app.document.names import clean_name
from app.document.tree import change_lane, change_song, new_id, new_ids, ordered, song_of


def gain_in_range(gain_db: float) -> float:
    """The nearest gain that a document can hold, in dB."""
    return min(max(gain_db, LEAST_GAIN_DB), MOST_GAIN_DB)


def pan_in_range(pan: float) -> float:
    """The nearest pan that a document can hold."""
    return min(max(pan, -1.0), 1.0)


def add_song(project: Project, *, lanes: int = 2, at: int | None = None) -> Project:
    """A new empty song with so many empty lanes, at the end or at a place in the order."""
    song = Song(id=new_id(project, "s"))
    songs = list(project.songs)
    songs.insert(len(songs) if at is None else at, song)
    project = replace(project, songs=tuple(songs))
    for _ in range(lanes):
        project = add_lane(project, song.id)
    return project


def remove_song(project: Project, id: str) -> Project:
    """Takes a song out of the album."""
    song_of(project, id)
    return replace(project, songs=tuple(song for song in project.songs if song.id != id))


def move_song(project: Project, id: str, to: int) -> Project:
    """Gives the song the place `to` in the order of the album."""
    song = song_of(project, id)
    others = [other for other in project.songs if other.id != id]
    others.insert(min(max(to, 0), len(others)), song)
    return replace(project, songs=tuple(others))


def duplicate_song(project: Project, id: str) -> Project:
    """A copy right after the song, without its title and code: two songs of one name help nobody."""
    song = song_of(project, id)
    return put_copy(project, replace(song, title="", title_locked=False, isrc=""), project.songs.index(song) + 1)


def put_copy(project: Project, song: Song, at: int) -> Project:
    """Puts a copy of a song, maybe one of another document, at a place in the order."""
    parts = iter(twins(project, (part for lane in song.lanes for part in lane.sections)))
    lanes = new_ids(project, "l", len(song.lanes))
    markers = new_ids(project, "k", len(song.markers))
    copy = replace(
        song,
        id=new_id(project, "s"),
        lanes=tuple(
            ordered(replace(lane, id=id), [next(parts) for _ in lane.sections])
            for lane, id in zip(song.lanes, lanes, strict=True)
        ),
        markers=tuple(replace(marker, id=id) for marker, id in zip(song.markers, markers, strict=True)),
    )
    return replace(project, songs=(*project.songs[:at], copy, *project.songs[at:]))


def set_song_gap(project: Project, id: str, seconds: float | None) -> Project:
    """Silence between this song and the next; None for as much as after any other."""
    gap = None if seconds is None else min(max(seconds, 0.0), LONGEST_GAP)
    return change_song(project, id, lambda song: replace(song, gap_seconds=gap))


def title_song(project: Project, id: str, title: str) -> Project:
    """Gives a song a title."""
    title = clean_name(title)
    return change_song(
        project, id, lambda song: replace(song, title=title, title_locked=song.title_locked and bool(title))
    )


def lock_title(project: Project, id: str, locked: bool) -> Project:
    """Whether the song keeps its title when others are drawn; a song without one has nothing to lock."""
    return change_song(project, id, lambda song: replace(song, title_locked=locked and bool(song.title)))


def add_lane(project: Project, song: str) -> Project:
    """Adds an empty lane at the end of a song."""
    lane = Lane(id=new_id(project, "l"))
    return change_song(project, song, lambda song: replace(song, lanes=(*song.lanes, lane)))


def remove_lane(project: Project, id: str) -> Project:
    """Takes a lane and its sections out of its song."""
    songs = tuple(replace(song, lanes=tuple(lane for lane in song.lanes if lane.id != id)) for song in project.songs)
    return replace(project, songs=songs)


def set_lane_gain(project: Project, id: str, gain_db: float) -> Project:
    """Sets the gain of a lane, in dB."""
    return change_lane(project, id, lambda lane: replace(lane, gain_db=gain_in_range(gain_db)))


def set_lane_pan(project: Project, id: str, pan: float) -> Project:
    """Sets the pan of a lane, -1 (left) to 1 (right)."""
    return change_lane(project, id, lambda lane: replace(lane, pan=pan_in_range(pan)))


def mute_lane(project: Project, id: str, mute: bool) -> Project:
    """Mutes a lane, or takes that back."""
    return change_lane(project, id, lambda lane: replace(lane, mute=mute))


def solo_lane(project: Project, id: str, solo: bool) -> Project:
    """Lets a lane be heard alone with others that are solo, or takes that back."""
    return change_lane(project, id, lambda lane: replace(lane, solo=solo))
