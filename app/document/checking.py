"""Whether a document is one that can be: looked at when it is read, when it is changed, and before it is written.

What the types of `app.document.model` say of each value is looked at by putting it into JSON and back, which is what
saving and opening do; here are also the rules between the records.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from app.document.errors import UserError
from app.document.file_names import is_device
from app.document.model import (
    LONGEST_SONG,
    LONGEST_SONG_SECONDS,
    MOST_CLIPS,
    MOST_FILES,
    MOST_LANES,
    MOST_MARKERS,
    MOST_SECTIONS,
    MOST_SONGS,
    MOST_TITLES,
    Album,
    Project,
    Song,
)

_Record = TypeVar("_Record")

_USUAL = re.compile(r"(?:(?:clips|artwork)/)?[acr]\d+(?:\.[a-z]{3,4})?", re.ASCII)
"""What the program itself names: seen at once, for thousands of them are looked at with every clip that is made."""

_TOO_LONG = f"a song would be longer than {LONGEST_SONG_SECONDS // 3600} hours"


class NotKeepableError(ValueError):
    """A value that a document cannot hold.

    Args:
        place: where it stands, e.g. "songs[0].title"; "" where that cannot be said.
        why: what is wrong, as a part of a sentence.
    """

    def __init__(self, place: str, why: str = "") -> None:
        super().__init__(why or place)
        self.place = place
        self.why = why or (f"what stands at “{place}” does not belong there" if place else "it cannot be written")


def fits(record: msgspec.Struct) -> bool:
    """Whether a record that has just been made can stand in a document."""
    try:
        _written_and_read(record)
    except NotKeepableError:
        return False
    return True


def check(project: Project) -> None:
    """Looks at what the types cannot say.

    Raises:
        NotKeepableError: an id is there twice, something that is named is not there, or lies outside.
    """
    for rule in _RULES:
        rule(project)


def check_change(before: Project, after: Project) -> None:
    """Looks only at what is new in `after`, so that it can be done with every edit.

    Raises:
        UserError: it cannot be kept.
    """
    try:
        _check_counts(after)
        _written_and_read(_what_is_new(before, after))
        for rule, names in _RULES.items():
            if any(getattr(after, name) is not getattr(before, name) for name in names):
                rule(after)
    except NotKeepableError as error:
        raise UserError(f"That was not done: {error.why}.", "Everything is as it was before.") from error


def _written_and_read(record: msgspec.Struct) -> None:
    try:
        text = msgspec.json.encode(record)
    except (msgspec.MsgspecError, UnicodeError, RecursionError, OverflowError, TypeError, ValueError):
        raise NotKeepableError("") from None
    _read_back(text, record)


def _read_back(text: bytes, record: msgspec.Struct) -> None:
    try:
        again: Any = msgspec.json.decode(text, type=type(record))
    except msgspec.ValidationError as error:
        raise NotKeepableError(place_of(error)) from None
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise NotKeepableError("") from None
    if again != record:  # what JSON has no word for, such as a number that is none
        raise NotKeepableError("")


def place_of(error: msgspec.ValidationError) -> str:
    """Where the wrong value stands, as far as the error tells."""
    return str(error).rstrip("`").rpartition("`$.")[2] if "`$." in str(error) else ""


def _what_is_new(before: Project, after: Project) -> Project:
    """The document without the records that `before` has too."""
    lanes = [lane for song in before.songs for lane in song.lanes]
    old_lanes = set(map(id, lanes))
    old_sections = {id(part) for lane in lanes for part in lane.sections} if after.songs is not before.songs else set()
    album = Album() if after.album is before.album else after.album
    return replace(
        after,
        album=replace(album, tracks=_fresh(album.tracks, before.album.tracks)),
        runs=_fresh(after.runs, before.runs),
        clips=_fresh(after.clips, before.clips),
        covers=_fresh(after.covers, before.covers),
        titles=_fresh(after.titles, before.titles),
        songs=tuple(
            replace(
                song,
                lanes=tuple(
                    replace(lane, sections=tuple(part for part in lane.sections if id(part) not in old_sections))
                    for lane in song.lanes
                    if id(lane) not in old_lanes
                ),
            )
            for song in _fresh(after.songs, before.songs)
        ),
    )


def _fresh(records: Sequence[_Record], old: Sequence[_Record]) -> tuple[_Record, ...]:
    if records is old:
        return ()
    known = set(map(id, old))
    return tuple(record for record in records if id(record) not in known)


def _check_counts(project: Project) -> None:
    """What was made of many records that are there already can still be too many."""
    album = project.album
    for name, count, most in (
        ("runs", len(project.runs), MOST_FILES),
        ("covers", len(project.covers), MOST_FILES),
        ("tracks", len(album.tracks), MOST_FILES),
        ("photographs", len(album.photographs), MOST_FILES),
        ("clips", len(project.clips), MOST_CLIPS),
        ("titles", max(len(project.titles), len(album.titles)), MOST_TITLES),
        ("songs", len(project.songs), MOST_SONGS),
        ("lanes in a song", max((len(song.lanes) for song in project.songs), default=0), MOST_LANES),
        ("markers in a song", max((len(song.markers) for song in project.songs), default=0), MOST_MARKERS),
        ("sections on a lane", max(map(_most_sections, project.songs), default=0), MOST_SECTIONS),
    ):
        if count > most:
            raise NotKeepableError(name, f"there can be no more than {most} {name}")


def _most_sections(song: Song) -> int:
    return max((len(lane.sections) for lane in song.lanes), default=0)


def _check_songs(project: Project) -> None:
    """Every section is a part of a clip of the document, within the longest song."""
    used = {part.clip for song in project.songs for lane in song.lanes for part in lane.sections}
    frames = {clip.id: clip.frames for clip in project.clips if clip.id in used}
    _unique("songs", (song.id for song in project.songs))
    _unique("lanes", (lane.id for song in project.songs for lane in song.lanes))
    _unique("markers", (marker.id for song in project.songs for marker in song.markers))
    seen: set[str] = set()
    for number, song in enumerate(project.songs):
        for place, lane in enumerate(song.lanes):
            for part in lane.sections:
                if part.clip not in frames or part.offset + part.length > frames[part.clip] or part.id in seen:
                    raise NotKeepableError(f"songs[{number}].lanes[{place}].sections")
                if part.end > LONGEST_SONG:
                    raise NotKeepableError(f"songs[{number}]", _TOO_LONG)
                seen.add(part.id)


def _check_files(project: Project) -> None:
    _unique("album.tracks", (track.id for track in project.album.tracks))
    for name, made_ones in (("runs", project.runs), ("clips", project.clips), ("covers", project.covers)):
        _unique(name, (one.id for one in made_ones))
    names = [project.album.cover, *(run.id for run in project.runs), *{clip.run for clip in project.clips}]
    for made in (project.clips, project.covers):
        names += [name for record in made for name in (record.id, record.file)]
    if not all(map(stays_inside, names)):
        raise NotKeepableError("", "it names files outside its own folder")


def stays_inside(name: str) -> bool:
    """Whether a file or folder of this name, or under a folder of it, lies within the project on every system."""
    if _USUAL.fullmatch(name):
        return True
    path = PurePosixPath(name)
    if not path.parts:
        return not name  # "." is the project itself
    if path.is_absolute() or any(sign in name for sign in "\\:\0"):
        return False
    # Windows leaves blanks and dots at an end off, so that ". ." is "..", and opens devices by their names anywhere
    return not any(part != part.rstrip(". ") or is_device(part) for part in path.parts)


def _check_release(project: Project) -> None:
    release = project.release
    if release.cover and all(cover.id != release.cover for cover in project.covers):
        raise NotKeepableError("release.cover")
    if len(set(release.formats)) < len(release.formats):
        raise NotKeepableError("release.formats")


def _unique(place: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for id in ids:
        if id in seen:
            raise NotKeepableError(place)
        seen.add(id)


_RULES: dict[Callable[[Project], None], tuple[str, ...]] = {
    _check_songs: ("songs", "clips"),
    _check_files: ("album", "runs", "clips", "covers"),
    _check_release: ("release", "covers"),
}
"""What checks the rules between records, and the parts of the document that it reads."""
