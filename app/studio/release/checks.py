"""What to look at before an export."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.document.lengths import album_seconds
from app.document.model import SONG_RATE, Project, Song
from app.document.store import ProjectFolder
from app.document.words import plural
from app.studio.analysis.song_summary import known_summary
from app.studio.artwork.cover_recipe import is_kept_at
from app.studio.artwork.lettering import LEAST_CONTRAST, Placed
from app.studio.artwork.style_network import is_network_here
from app.studio.audio.loudness import MUCH_OFFSET
from app.studio.finish.chosen import chosen_finish, name_of
from app.studio.release.export import COVER_SIDE
from app.studio.release.page import clock
from app.studio.release.room import needed_bytes

_SHORTEST_SECONDS = 30
_MOST_SONGS = 99


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list: "ok", "look" (worth a look, exports all the same) or "bad" (cannot be exported)."""

    level: Literal["ok", "look", "bad"]
    text: str


def before_export(project: Project, folder: Path, out: Path | None = None) -> list[Check]:
    """Quick enough to be asked after every edit: nothing is decoded.

    Args:
        folder: of the project.
        out: where the release is to be written; the project's own disk where it is not given.
    """
    return [
        *_songs(project),
        *_offsets(project, folder),
        *_titles(project),
        *_clips(project, folder),
        *_cover(project, folder),
        *_room(project, folder, out),
    ]


def _songs(project: Project) -> Iterator[Check]:
    songs = [song for song in project.songs if song.frames]
    if not songs:
        yield Check("bad", "there is no song yet")
        return
    empty = [place for place, song in enumerate(project.songs, start=1) if not song.frames]
    if empty:
        yield Check("look", f"{_named(empty)} empty and left out")
    silent = [place for place, song in enumerate(project.songs, start=1) if song.frames and not _is_heard(song)]
    if silent:
        yield Check("bad", f"{_named(silent)} silent: every lane is muted")
    short = [
        place for place, song in enumerate(project.songs, start=1) if 0 < song.frames < _SHORTEST_SECONDS * SONG_RATE
    ]
    if short:
        yield Check("look", f"{_named(short)} shorter than {_SHORTEST_SECONDS} s, which shops do not take")
    if len(songs) > _MOST_SONGS:
        yield Check("look", f"{plural(len(songs), 'song')} are more than the {_MOST_SONGS} that a CD holds")
    yield Check("ok", f"{plural(len(songs), 'song')}, {clock(album_seconds(project))}")


def _offsets(project: Project, folder: Path) -> Iterator[Check]:
    """Of the songs that have been listened to, as they are now."""
    finish = name_of(chosen_finish(project, folder))
    summaries = [
        known_summary(song, {}, ProjectFolder(folder).cache / "songs", finish) if song.frames else None
        for song in project.songs
    ]
    places = [
        place for place, summary in enumerate(summaries, start=1) if summary and summary.measured.offset > MUCH_OFFSET
    ]
    if places:
        yield Check("look", f"{_named(places)} off centre: the mean of its sound is not zero (DC)")


def _is_heard(song: Song) -> bool:
    soloed = any(lane.solo for lane in song.lanes)
    return any(lane.sections and not lane.mute and (lane.solo or not soloed) for lane in song.lanes)


def _titles(project: Project) -> Iterator[Check]:
    places = [place for place, song in enumerate(project.songs, start=1) if song.frames and not song.title]
    if places:
        yield Check("look", f"{_named(places)} without a title")
    elif any(song.frames for song in project.songs):
        yield Check("ok", "every song has a title")
    if not project.release.title:
        yield Check("look", "the album has no title")
    if not project.release.artist:
        yield Check("look", "the album has no artist")


def _clips(project: Project, folder: Path) -> Iterator[Check]:
    used = {part.clip for song in project.songs for lane in song.lanes for part in lane.sections}
    known = {clip.id: clip for clip in project.clips}
    states = {id: _state(folder / known[id].file) if id in known else "missing" for id in sorted(used)}
    for state in ("missing", "locked"):
        ids = [id for id, found in states.items() if found == state]
        if ids:
            some = ", ".join(ids[:3]) + (" …" if len(ids) > 3 else "")
            yield Check("look", f"{len(ids)} of the clips in use are {state} and will be silent: {some}")


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
    cover = next((cover for cover in project.covers if cover.id == project.release.cover), None)
    if cover is None:
        yield Check("look", "no cover chosen: the old one is taken, or one with just the title")
    elif not cover.network or is_kept_at(folder, cover, COVER_SIDE):
        yield Check("ok", f"cover is {COVER_SIDE} × {COVER_SIDE}")
    elif is_network_here():
        yield Check("look", f"the network makes the cover anew at {COVER_SIDE} pixels: half an hour without a GPU")
    else:
        yield Check("look", "the network that made the cover is not here: the cover is enlarged, not made anew")


def hard_to_read(placed: Mapping[str, Placed]) -> list[Check]:
    """Args: placed: where the names ("title", "artist") are on the cover that is drawn for the release."""
    return [
        Check("look", f"the {name} is hard to read on the cover: contrast {each.contrast:.1f} to 1")
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
    yield Check("ok" if free >= needed else "bad", text)


def _size(count: int) -> str:
    return (
        f"{count / 1e9:.0f} GB"
        if count >= 10e9
        else f"{count / 1e9:.1f} GB"
        if count >= 1e9
        else f"{count / 1e6:.0f} MB"
    )


def _named(places: list[int]) -> str:
    """As "song 3 is" or "songs 1, 4 are"."""
    listed = ", ".join(map(str, places))
    return f"song {listed} is" if len(places) == 1 else f"songs {listed} are"
