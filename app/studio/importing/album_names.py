"""What an album and its tracks are called: by their tags, else by the names of their files, else by their folders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.document.model import Album
from app.studio.importing.cue_sheets import Cut
from app.studio.importing.file_names import read_paths
from app.studio.importing.folder_names import FolderName, read_folder_names
from app.studio.importing.tags import raw_tags, says_nothing, settled
from app.studio.one_line import clean
from resources.progress import Cancelled, never, stop_if

_MOST_COVER_BYTES = 256 * 2**20
"""Of all different pictures in the files of a drop."""


@dataclass(frozen=True)
class Names:
    """What a sound file and its album are called; "" and 0 for what nothing tells."""

    path: Path
    title: str
    artist: str = ""
    number: int = 0
    disc: int = 0
    album_artist: str = ""
    album: str = ""
    """As its tags say."""
    file_album: str = ""
    """As its name says."""
    year: str = ""
    folder: FolderName = field(default_factory=FolderName)
    """Of the folder that all files of the drop are in."""
    cue_sheet: str = ""
    """Text of the one inside the file."""
    covers: tuple[bytes, ...] = ()
    """Pictures inside the file, the likeliest cover first, not yet known to be pictures."""


def read_names(sounds: Sequence[Path], sources: Sequence[Path], cancelled: Cancelled = never) -> list[Names]:
    """What the sound files of a drop are called.

    Args:
        sounds: the files, in their order.
        sources: what was dropped: the names of the folders above say nothing.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    raw = []
    covers = _Covers()
    for path in sounds:
        stop_if(cancelled)
        tags = raw_tags(path, cancelled)
        raw.append(replace(tags, covers=covers.held(tags.covers)))
    chains = [_folders_of(path, sources) for path in sounds]
    told = read_paths(sounds, [read_folder_names(chain) for chain in chains])
    whole = read_folder_names(_shared(chains))
    named = []
    for path, tags, name in zip(sounds, settled(raw), told, strict=True):
        title = tags.title
        if not title or (says_nothing(title) and not says_nothing(name.title)):
            title = name.title
        named.append(
            Names(
                path=path,
                title=title or clean(path.stem) or path.stem,
                artist=tags.artist or tags.album_artist or name.artist,
                number=tags.number or name.number,
                disc=tags.disc or name.disc,
                album_artist=tags.album_artist,
                album=tags.album,
                file_album=name.album,
                year=tags.year or name.year,
                folder=whole,
                cue_sheet=tags.cue_sheet,
                covers=tags.covers,
            )
        )
    return named


class _Covers:
    """The pictures inside the files of a drop: most albums have one, in every track, which is held once."""

    def __init__(self) -> None:
        self._held: dict[bytes, bytes] = {}
        self._bytes = 0

    def held(self, pictures: Sequence[bytes]) -> tuple[bytes, ...]:
        """Those of a file; without further ones where all of them would be too much: no more than one is the cover."""
        kept = []
        for picture in pictures:
            if picture not in self._held and self._bytes + len(picture) <= _MOST_COVER_BYTES:
                self._held[picture] = picture
                self._bytes += len(picture)
            if picture in self._held:
                kept.append(self._held[picture])
        return tuple(kept)


def songs_of(whole: Names, cut: Cut) -> list[Names]:
    """What the songs in one file are called, by its cue sheet."""
    sheet = cut.sheet
    return [
        replace(
            whole,
            path=path,
            title=track.title or f"Track {track.number:02}",
            artist=track.performer or sheet.performer or whole.artist,
            number=track.number,
            disc=sheet.disc or whole.disc,
            album_artist=sheet.performer or whole.album_artist,
            album=sheet.title or whole.album or whole.title,
            year=sheet.year or whole.year,
            cue_sheet="",
        )
        for track, path in cut.fragments()
    ]


def album_named(names: Sequence[Names]) -> Album:
    """Title, artist and year of the album that the tracks name; of their folder, where few of them name one."""
    if not names:
        return Album()
    folder = names[0].folder
    title = _most_common(one.album for one in names)
    of_album = [one for one in names if title and one.album == title]
    if 2 * len(of_album) < len(names):
        by_file = _most_common(one.file_album for one in names)
        shared = 2 * sum(one.file_album == by_file for one in names) >= len(names)
        better = (by_file if shared else "") or folder.album
        if better:
            title, of_album = better, list(names)
    artists = [one.album_artist or one.artist for one in of_album or names]
    artist = _most_common(artists) or folder.artist
    if any(artists) and 2 * artists.count(artist) <= len(artists):
        artist = ""
    year = _most_common(one.year for one in of_album) or (folder.year if title == folder.album else "")
    return Album(title=title, artist=artist, year=year)


def _folders_of(path: Path, sources: Sequence[Path]) -> tuple[str, ...]:
    """The names of the folders that a file lies in, from the one that was dropped to its own."""
    for source in sources:
        if path.is_relative_to(source) and path != source:
            return (source.name, *path.parent.relative_to(source).parts)
    return ()


def _shared(chains: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The folders that all of them begin with."""
    shared: list[str] = []
    for column in zip(*chains, strict=False):
        if len(set(column)) > 1:
            break
        shared.append(column[0])
    return tuple(shared)


def _most_common(values: Iterable[str]) -> str:
    counted = Counter(value for value in values if value)
    return counted.most_common(1)[0][0] if counted else ""
