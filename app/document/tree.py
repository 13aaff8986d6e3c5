"""Finding and replacing one record deep inside a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from msgspec.structs import replace

from app.document.model import Clip, Lane, Project, Section, Song
from app.document.numbering import number_of


class _Named(Protocol):
    @property
    def id(self) -> str: ...


Record = TypeVar("Record", bound=_Named)


def find(records: Iterable[Record], id: str) -> Record:
    """The record with this id; KeyError where there is none."""
    for record in records:
        if record.id == id:
            return record
    raise KeyError(id)


def swap(records: tuple[Record, ...], id: str, change: Callable[[Record], Record]) -> tuple[Record, ...]:
    """The same records with one of them changed; KeyError where there is none of that id."""
    find(records, id)
    return tuple(change(record) if record.id == id else record for record in records)


def clip_of(project: Project, id: str) -> Clip:
    """The clip with this id; KeyError where there is none."""
    return find(project.clips, id)


def song_of(project: Project, id: str) -> Song:
    """The song with this id; KeyError where there is none."""
    return find(project.songs, id)


def lane_of(project: Project, id: str) -> tuple[Song, Lane]:
    """The lane with this id, after its song; KeyError where there is none."""
    for song in project.songs:
        for lane in song.lanes:
            if lane.id == id:
                return song, lane
    raise KeyError(id)


def section_of(project: Project, id: str) -> tuple[Song, Lane, Section]:
    """The section with this id, after its song and lane; KeyError where there is none."""
    for song in project.songs:
        for lane in song.lanes:
            for section in lane.sections:
                if section.id == id:
                    return song, lane, section
    raise KeyError(id)


def change_song(project: Project, id: str, change: Callable[[Song], Song]) -> Project:
    """Changes the song with this id; KeyError where there is none."""
    return replace(project, songs=swap(project.songs, id, change))


def change_lane(project: Project, id: str, change: Callable[[Lane], Lane]) -> Project:
    """Changes the lane with this id; KeyError where there is none."""
    song, _ = lane_of(project, id)
    return change_song(project, song.id, lambda song: replace(song, lanes=swap(song.lanes, id, change)))


def change_section(project: Project, id: str, change: Callable[[Section], Section]) -> Project:
    """Changes the section with this id; KeyError where there is none."""
    _, lane, _ = section_of(project, id)
    return change_lane(project, lane.id, lambda lane: ordered(lane, swap(lane.sections, id, change)))


def change_sections(project: Project, ids: Iterable[str], change: Callable[[Section], Section]) -> Project:
    """Changes all these sections; KeyError where there is none of an id."""
    chosen = set(ids)
    if not chosen:
        return project
    songs = []
    for song in project.songs:
        lanes = []
        for lane in song.lanes:
            if any(part.id in chosen for part in lane.sections):
                lane = ordered(lane, (change(part) if part.id in chosen else part for part in lane.sections))
                chosen.difference_update(part.id for part in lane.sections)
            lanes.append(lane)
        songs.append(replace(song, lanes=tuple(lanes)))
    if chosen:
        raise KeyError(*chosen)
    return replace(project, songs=tuple(songs))


def with_sections(project: Project, lane: str, sections: Iterable[Section]) -> Project:
    """Gives the lane these sections and no others."""
    return change_lane(project, lane, lambda lane: ordered(lane, sections))


def ordered(lane: Lane, sections: Iterable[Section]) -> Lane:
    """The lane with these sections, in the order of their starts."""
    return replace(lane, sections=tuple(sorted(sections, key=lambda section: (section.start, section.id))))


def new_id(project: Project, letter: str) -> str:
    """An id not in use for a kind of record: s(ong), l(ane), x (section), m(otif), k (marker), p(icture), t(rack)."""
    return new_ids(project, letter, 1)[0]


def new_ids(project: Project, letter: str, count: int) -> list[str]:
    """As many ids not in use for a kind of record: see `new_id`."""
    used: Iterable[str]
    match letter:
        case "s":
            used = (song.id for song in project.songs)
        case "l":
            used = (lane.id for song in project.songs for lane in song.lanes)
        case "x":
            used = (part.id for song in project.songs for lane in song.lanes for part in lane.sections)
        case "m":
            used = (part.motif for song in project.songs for lane in song.lanes for part in lane.sections)
        case "k":
            used = (marker.id for song in project.songs for marker in song.markers)
        case "p":
            used = (cover.id for cover in project.covers)
        case "t":
            used = (track.id for track in project.album.tracks)
        case _:
            raise ValueError(letter)
    last = max(map(number_of, used), default=0)
    return [f"{letter}{last + number}" for number in range(1, count + 1)]
