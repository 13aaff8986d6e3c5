"""Edits of the markers of a song."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from app.document.model import Marker, Project
from app.document.names import clean_name
from app.document.tree import change_song, find, new_id, song_of


def add_marker(project: Project, song: str, frame: int, name: str = "") -> Project:
    """Marks a place; one that is marked already stays as it is."""
    frame = max(frame, 0)
    markers = song_of(project, song).markers
    if any(marker.frame == frame for marker in markers):
        return project
    return _put(project, song, (*markers, Marker(id=new_id(project, "k"), frame=frame, name=clean_name(name))))


def name_marker(project: Project, id: str, name: str) -> Project:
    """Gives a marker a name."""
    return _change(project, id, lambda marker: replace(marker, name=clean_name(name)))


def move_marker(project: Project, id: str, frame: int) -> Project:
    """Puts a marker at another frame of its song."""
    return _change(project, id, lambda marker: replace(marker, frame=max(frame, 0)))


def move_nearest_marker(project: Project, song: str, frame: int) -> Project:
    """Moves the marker that is nearest to a place there."""
    markers = song_of(project, song).markers
    if not markers:
        return project
    return move_marker(project, min(markers, key=lambda marker: abs(marker.frame - frame)).id, frame)


def remove_marker(project: Project, id: str) -> Project:
    """Takes a marker out of its song."""
    song, _ = marker_of(project, id)
    kept = [marker for marker in song_of(project, song).markers if marker.id != id]
    return _put(project, song, kept)


def marker_of(project: Project, id: str) -> tuple[str, Marker]:
    """The id of its song, and the marker; KeyError where there is none."""
    for song in project.songs:
        for marker in song.markers:
            if marker.id == id:
                return song.id, marker
    raise KeyError(id)


def _change(project: Project, id: str, change: Callable[[Marker], Marker]) -> Project:
    song, _ = marker_of(project, id)
    changed = change(find(song_of(project, song).markers, id))
    return _put(project, song, (changed if old.id == id else old for old in song_of(project, song).markers))


def _put(project: Project, song: str, markers: Iterable[Marker]) -> Project:
    in_order = tuple(sorted(markers, key=lambda marker: (marker.frame, marker.id)))
    return change_song(project, song, lambda song: replace(song, markers=in_order))
