"""What to look at before an export."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal

from app.document.lengths import album_seconds
from app.document.model import SONG_RATE, Cover, Project, Song
from app.document.words import plural
from app.studio.artwork.cover_recipe import Recipe, is_kept_at, read_recipe
from app.studio.artwork.lettering import LEAST_CONTRAST, Placed, bears_names, chosen_cover, names_of
from app.studio.artwork.style_network import is_network_here
from app.studio.release.check import Check, Level, named
from app.studio.release.copy_checks import copy_checks
from app.studio.release.export import COVER_SIDE
from app.studio.release.page import clock
from app.studio.release.room import needed_bytes
from app.studio.release.sound_checks import sound_checks
from artwork.errors import PictureError
from artwork.pictures import picture_size

__all__ = ["Check", "before_export", "hard_to_read"]

_SHORTEST_SECONDS, _JUST_OVER_SECONDS, _LONGEST_SECONDS = 30, 33, 600
_TOO_SHORT = f"shorter than {_SHORTEST_SECONDS} s, which shops do not take"
_JUST_OVER = f"just over {_SHORTEST_SECONDS} s, which shops may take for spam"
_TOO_LONG = "longer than ten minutes: some shops sell that only with the album"
_MOST_SONGS = 99


def before_export(project: Project, folder: Path, out: Path | None = None) -> list[Check]:
    """Quick enough to be asked after every edit: nothing is decoded.

    Args:
        folder: of the project.
        out: where the release is to be written; the project's own disk where it is not given.
    """
    return [
        *_songs(project),
        *sound_checks(project, folder),
        *copy_checks(project, folder),
        *_titles(project),
        *_facts(project),
        *_clips(project, folder),
        *_cover(project, folder),
        *_room(project, folder, out),
    ]


def _songs(project: Project) -> Iterator[Check]:
    songs = [song for song in project.songs if song.frames]
    if not songs:
        yield Check("bad", "there is no song yet", "arrange")
        return
    yield from _of_songs("look", project, lambda song: not song.frames, "empty and left out")
    yield from _of_songs(
        "bad", project, lambda song: song.frames and not _is_heard(song), "silent: every lane is muted"
    )
    yield from _of_songs("look", project, lambda song: 0 < _seconds(song) < _SHORTEST_SECONDS, _TOO_SHORT)
    yield from _of_songs(
        "look", project, lambda song: _SHORTEST_SECONDS <= _seconds(song) < _JUST_OVER_SECONDS, _JUST_OVER
    )
    yield from _of_songs("look", project, lambda song: _seconds(song) > _LONGEST_SECONDS, _TOO_LONG)
    if len(songs) > _MOST_SONGS:
        yield Check("look", f"{plural(len(songs), 'song')} are more than the {_MOST_SONGS} that a CD holds", "arrange")
    yield Check("ok", f"{plural(len(songs), 'song')}, {clock(album_seconds(project))}")


def _of_songs(level: Level, project: Project, which: Callable[[Song], object], words: str) -> Iterator[Check]:
    found = [(place, song) for place, song in enumerate(project.songs, start=1) if which(song)]
    if found:
        yield Check(level, f"{named([place for place, _ in found])} {words}", "arrange", found[0][1].id)


def _seconds(song: Song) -> float:
    return song.frames / SONG_RATE


def _is_heard(song: Song) -> bool:
    soloed = any(lane.solo for lane in song.lanes)
    return any(lane.sections and not lane.mute and (lane.solo or not soloed) for lane in song.lanes)


def _titles(project: Project) -> Iterator[Check]:
    songs = [(place, song) for place, song in enumerate(project.songs, start=1) if song.frames]
    untitled = [place for place, song in songs if not song.title]
    if untitled:
        yield Check("look", f"{named(untitled)} without a title", "titles")
    doubled = _same((place, song.title.casefold()) for place, song in songs)
    for places in doubled:
        yield Check("look", f"songs {', '.join(map(str, places))} have the same title", "titles")
    if songs and not untitled and not doubled:
        yield Check("ok", "every song has a title")
    if not project.release.title:
        yield Check("look", "the album has no title", "names")
    if not project.release.artist:
        yield Check("look", "the album has no artist", "names")


def _same(values: Iterable[tuple[int, str]]) -> list[list[int]]:
    """The places that have a value in common, for each such value; "" is none."""
    found: dict[str, list[int]] = {}
    for place, value in values:
        found.setdefault(value, []).append(place)
    return [places for value, places in found.items() if value and len(places) > 1]


def _facts(project: Project) -> Iterator[Check]:
    songs = [(place, song) for place, song in enumerate(project.songs, start=1) if song.frames]
    for places in _same((place, song.isrc) for place, song in songs):
        yield Check("look", f"songs {', '.join(map(str, places))} have the same ISRC", "details")
    if not project.album.tracks or not songs:
        return
    if project.release.facts.rights:
        yield Check("ok", "the rights in what it learnt from are yours, or granted")
    else:
        yield Check("look", "say that you may use the recordings it learnt from", "details")


def _clips(project: Project, folder: Path) -> Iterator[Check]:
    used = {part.clip for song in project.songs for lane in song.lanes for part in lane.sections}
    known = {clip.id: clip for clip in project.clips}
    states = {id: _state(folder / known[id].file) if id in known else "missing" for id in sorted(used)}
    for state in ("missing", "locked"):
        ids = [id for id, found in states.items() if found == state]
        if ids:
            some = ", ".join(ids[:3]) + (" …" if len(ids) > 3 else "")
            yield Check("look", f"{len(ids)} of the clips in use are {state} and will be silent: {some}", "arrange")


def _state(path: Path) -> Literal["there", "missing", "locked"]:
    try:
        if path.is_file():
            return "there" if os.access(path, os.R_OK) else "locked"
    except PermissionError:
        return "locked"
    except OSError:  # a name that no file can have
        return "missing"
    return "missing"


def _cover(project: Project, folder: Path) -> Iterator[Check]:
    cover = chosen_cover(project)
    yield from _names_on(project, cover)
    side = _smallest_side(project, cover, folder)
    if side is not None:
        yield Check("look", f"the picture of the cover is {side} pixels wide: shops want {COVER_SIDE}", "artwork")
    if cover is None:
        yield Check("look", "no cover chosen: the old one is taken, or one with just the title", "artwork")
    elif not cover.network or is_kept_at(folder, cover, COVER_SIDE):
        if side is None:
            yield Check("ok", f"cover is {COVER_SIDE} × {COVER_SIDE}")
    elif is_network_here():
        yield Check("look", f"the network makes the cover anew at {COVER_SIDE} pixels: half an hour without a GPU")
    else:
        why = "the network that made the cover is not here: the cover is enlarged, not made anew"
        yield Check("look", why, "artwork")


def _names_on(project: Project, cover: Cover | None) -> Iterator[Check]:
    """What is set on the cover is what the album is called."""
    release = project.release
    if not (release.lettering.on or bears_names(project, cover)):
        return
    for name, said in names_of(project).items():
        called = release.title if name == "title" else release.artist
        if said and said != called:
            yield Check("look", f"the cover says “{said}”, and the album has no {name}", "names")


def _smallest_side(project: Project, cover: Cover | None, folder: Path) -> int | None:
    """Of a picture that is taken as it is and is too small; None for any other."""
    if cover is None:
        path = folder / project.album.cover if project.album.cover else None
    elif cover.method == "plain":
        path = _first_source(folder, read_recipe(folder / cover.file))
    else:
        path = None
    if path is None:
        return None
    try:
        side = min(picture_size(path))
    except PictureError:
        return None
    return side if side < COVER_SIDE else None


def _first_source(folder: Path, recipe: Recipe | None) -> Path | None:
    try:
        return folder / recipe["from"][0]["path"] if recipe else None
    except (KeyError, IndexError, TypeError):
        return None


def hard_to_read(placed: Mapping[str, Placed]) -> list[Check]:
    """Args: placed: where the names ("title", "artist") are on the cover that is drawn for the release."""
    return [
        Check("look", f"the {name} is hard to read on the cover: contrast {each.contrast:.1f} to 1", "artwork")
        for name, each in placed.items()
        if each.contrast < LEAST_CONTRAST
    ]


def _room(project: Project, folder: Path, out: Path | None) -> Iterator[Check]:
    place = out or folder
    while not place.exists() and place != place.parent:
        place = place.parent
    needed = needed_bytes(project)
    try:
        free = shutil.disk_usage(place).free
    except OSError:
        return
    text = f"{_size(free)} free, {_size(needed)} needed"
    yield Check("ok", text) if free >= needed else Check("bad", text, "place")


def _size(count: int) -> str:
    return (
        f"{count / 1e9:.0f} GB"
        if count >= 10e9
        else f"{count / 1e9:.1f} GB"
        if count >= 1e9
        else f"{count / 1e6:.0f} MB"
    )
