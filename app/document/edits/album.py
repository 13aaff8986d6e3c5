"""Edits of what the artist dropped in."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from msgspec.structs import replace

from app.document.cleaning import clean_album
from app.document.model import Album, Project, Track
from app.document.names import clean_name
from app.document.tree import new_id, swap


def add_album(project: Project, album: Album) -> Project:
    """Adds what was read from a drop to what is there: tracks not there yet, and whatever was still empty.

    A track that is there already, under its old path or as the same recording under another one, is no second one: it
    lies where it was dropped from now, and what the artist chose for it stays. So does what was painted out of the
    cover, unless another one takes its place.
    """
    album = clean_album(album)
    old = project.album
    merged = replace(
        old,
        title=old.title or album.title,
        artist=old.artist or album.artist,
        year=old.year or album.year,
        cover=album.cover or old.cover,
        painted_out=() if album.cover not in ("", old.cover) else old.painted_out,
        titles=_joined(old.titles, album.titles),
        photographs=_joined(old.photographs, album.photographs),
    )
    project = replace(project, album=merged)
    known = _known(old.tracks, album.tracks)
    for track in {track.path: track for track in album.tracks}.values():
        if track.path in known:
            tracks = swap(merged.tracks, known[track.path].id, partial(_read_again, track))
        else:
            tracks = (*merged.tracks, replace(track, id=new_id(project, "t")))
        merged = replace(merged, tracks=tracks)
        project = replace(project, album=merged)
    return _named(project)


def _known(tracks: Iterable[Track], dropped: Iterable[Track]) -> dict[str, Track]:
    """By the path of a dropped track, the one that it is already: of this path, else of this content.

    Two tracks of one drop are never the same one, however alike they are.
    """
    dropped = tuple(dropped)
    here = {track.path: track for track in tracks}
    known = {track.path: here.pop(track.path) for track in dropped if track.path in here}
    for track in dropped:
        if track.path not in known:
            same = next((path for path, old in here.items() if _is_same_recording(old, track)), None)
            if same is not None:
                known[track.path] = here.pop(same)
    return known


def _is_same_recording(track: Track, dropped: Track) -> bool:
    if track.fingerprint and dropped.fingerprint:
        return track.fingerprint == dropped.fingerprint
    # documents from before there were fingerprints
    names = {track.path.replace("\\", "/").rpartition("/")[2] for track in (track, dropped)}
    facts = {(track.seconds, track.rate, track.channels, track.format) for track in (track, dropped)}
    return len(names) == len(facts) == 1 and track.seconds > 0.0


def _read_again(dropped: Track, track: Track) -> Track:
    """Where it lies and what was heard are as just read."""
    heard = {name: getattr(dropped, name) for name in ("path", "fingerprint", "seconds", "rate", "channels", "format")}
    return replace(track, notes=dropped.notes, **heard)


def _named(project: Project) -> Project:
    """Names the release after its artist where no one has named it yet; nobody is called unknown."""
    release = project.release
    if not release.artist:
        release = replace(release, artist=machine_name(project.album.artist))
    return replace(project, release=release)


def machine_name(name: str) -> str:
    """What is released is not by the artist, and says so: after this name, or "" after none."""
    return clean_name(f"{name} (machine)") if name else ""


def _joined(old: tuple[str, ...], new: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*old, *new)))


def switch_track(project: Project, id: str, on: bool) -> Project:
    """Whether the model will hear this track."""
    tracks = swap(project.album.tracks, id, lambda track: replace(track, on=on))
    return replace(project, album=replace(project.album, tracks=tracks))


def remove_track(project: Project, id: str) -> Project:
    """Takes a track out of the album; its file stays where it is."""
    tracks = tuple(track for track in project.album.tracks if track.id != id)
    return replace(project, album=replace(project.album, tracks=tracks))


def rename_album(project: Project, title: str, artist: str) -> Project:
    """The release follows the artist, unless it has been given a name of its own."""
    release = project.release
    if release.artist and release.artist == machine_name(project.album.artist):
        project = replace(project, release=replace(release, artist=""))
    return _named(replace(project, album=replace(project.album, title=clean_name(title), artist=clean_name(artist))))


def set_catalogue(project: Project, titles: Iterable[str]) -> Project:
    """Replaces the song titles of the catalogue."""
    clean = dict.fromkeys(name for title in titles if (name := clean_name(title)))
    return replace(project, album=replace(project.album, titles=tuple(clean)))


def add_photographs(project: Project, paths: Iterable[str]) -> Project:
    """Adds photographs that are not there yet."""
    photographs = _joined(project.album.photographs, paths)
    return replace(project, album=replace(project.album, photographs=photographs))


def remove_photograph(project: Project, path: str) -> Project:
    """Takes a photograph out of the album; its file stays where it is."""
    photographs = tuple(photograph for photograph in project.album.photographs if photograph != path)
    return replace(project, album=replace(project.album, photographs=photographs))
