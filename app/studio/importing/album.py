"""A drop of files and folders becomes an album."""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from app.document.checking import fits
from app.document.errors import UserError
from app.document.model import Album, Track
from app.document.store import ProjectFolder
from app.document.words import isolated
from app.studio.analysis.peaks import Peaks, PeaksBuilder, keep_peaks
from app.studio.importing.album_cover import keep_cover, read_pictures, sort_pictures
from app.studio.importing.album_names import Names, album_named, read_names, songs_of
from app.studio.importing.cue_sheets import CueSheet, cuts_of, parse_cue_sheet, read_cue_sheet, sounds_beside
from app.studio.importing.scan import Found, Refused, can_be_named, find, natural, show
from resources.errors import PlainError
from resources.progress import Cancelled, Report, never, no_report, stop_if
from samplernn.audio.fingerprints import fingerprints
from samplernn.audio.media_fragment import display_name, file_of, fragment_of
from samplernn.audio.reading import MonoSound, SoundInfo, heard_in_mono
from samplernn.audio.signal_statistics import AmplitudeMeter, ClippingMeter
from samplernn.data.report import MOSTLY_SILENCE, track_warnings

log = logging.getLogger(__name__)

__all__ = ["Imported", "Refused", "import_album", "import_pictures"]

_ZERO = re.compile(r"0+(?!\d)")
_HASHED_AT_ONCE = 2**20
"""Bytes; a few milliseconds' work."""


@dataclass(frozen=True)
class Imported:
    """What came of a drop."""

    album: Album
    refused: tuple[Refused, ...]
    """In the order in which they were met; none of them stopped the rest."""


@dataclass(frozen=True)
class _Read:
    """A track with the names that its record has no place for."""

    track: Track
    names: Names


def import_album(
    sources: Sequence[Path], folder: Path, report: Report = no_report, cancelled: Cancelled = never
) -> Imported:
    """Reads files and folders: music, its tags and covers, photographs, lists of titles.

    Every sound file is decoded once from start to end, so that its length and the remarks on it are true, and its
    waveform is put into the project's cache. The cover is copied into the project; all else stays where it is.

    Args:
        sources: files and folders, several albums if need be.
        folder: of the project.
        report: gets how far it is.
        cancelled: polled many times a second.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`; nothing but cached waveforms is left behind.
    """
    report(0.0, "Looking through the files")
    sources = [Path(os.path.abspath(source)) for source in sources]
    found = find(sources, cancelled)
    refused = list(found.refused)
    names = _cut(read_names(_with_cue_sheets(found, refused), sources, cancelled), found, refused)
    read = _read_tracks(names, ProjectFolder(folder).cache, refused, report, cancelled)
    embedded = [one.names.covers for one in read]
    report(1.0, "Reading titles and pictures")
    titles = _read_titles(found.titles, refused, cancelled)
    pictures = sort_pictures(
        found.covers, found.pictures, embedded, refused, with_music=bool(read), cancelled=cancelled
    )
    stop_if(cancelled)
    cover = keep_cover(pictures.cover, pictures.lossless, ProjectFolder(folder)) if pictures.cover else ""
    album = replace(
        album_named([one.names for one in read]),
        tracks=tuple(replace(one.track, id=f"t{number}") for number, one in enumerate(read, 1)),
        cover=cover,
        titles=titles,
        photographs=tuple(str(path) for path in pictures.photographs),
    )
    return Imported(album, tuple(refused))


def _with_cue_sheets(found: Found, refused: list[Refused]) -> list[Path]:
    """The sound files of a drop, and those that cue sheets name which were dropped without them."""
    beside: list[Path] = []
    for sheet in found.cue_sheets:
        with _refusing(sheet, refused):
            beside += sounds_beside(read_cue_sheet(sheet))
    return list(dict.fromkeys((*found.sounds, *beside)))


def _cut(names: Sequence[Names], found: Found, refused: list[Refused]) -> list[Names]:
    """The songs: files that are several songs, by their cue sheets, become as many."""
    sheets: list[CueSheet] = []
    for path in found.cue_sheets:
        with _refusing(path, refused):
            sheets.append(read_cue_sheet(path))
    for one in names:
        with _refusing(one.path, refused):
            sheets.append(parse_cue_sheet(one.cue_sheet, one.path))
    cuts, doubled = cuts_of([one.path for one in names], sheets)
    for path in doubled:
        why = f"“{show(path)}” holds the same songs as the files beside it, by its cue sheet. It was left out."
        refused.append(Refused(path, why))
    if not names:
        for path in found.cue_sheets:
            why = f"“{show(path)}” names no sound file that lies beside it. Drop in the sound files themselves."
            refused.append(Refused(path, why))
    by_sound = {cut.sound: cut for cut in cuts}
    songs: list[Names] = []
    for one in names:
        if one.path in by_sound:
            with _refusing(one.path, refused):
                songs += songs_of(one, by_sound[one.path])
        elif one.path not in doubled:
            songs.append(one)
    return songs


def import_pictures(paths: Sequence[Path], folder: Path, *, as_cover: bool, cancelled: Cancelled = never) -> Imported:
    """Pictures alone, whatever they are called: the first is the cover where one is wanted, the others photographs.

    Raises:
        UserError: where the cover cannot be kept in the project.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    refused: list[Refused] = []
    absolute = [Path(os.path.abspath(path)) for path in paths]
    sources = [path for path in absolute if can_be_named(path, refused)]
    cover, photographs = read_pictures(sources, folder, refused, as_cover=as_cover, cancelled=cancelled)
    return Imported(Album(cover=cover, photographs=tuple(map(str, photographs))), tuple(refused))


def _read_tracks(
    names: Sequence[Names],
    cache: Path,
    refused: list[Refused],
    report: Report,
    cancelled: Cancelled,
) -> list[_Read]:
    """All tracks that can be heard, in the order of the album."""
    sounds = [named.path for named in names]
    sizes = {path: _size(path) for path in sounds}
    total = sum(sizes.values())
    twins = _Twins()
    done = 0
    read: list[_Read] = []
    for named in names:
        stop_if(cancelled)
        path = named.path
        size = sizes[path]
        share = _Share(
            report, done / max(total, 1), size / max(total, 1), f"Listening to {isolated(display_name(path))}"
        )
        with _refusing(path, refused):
            twin = None if fragment_of(path).is_part else twins.of(path, size, cancelled)
            if twin is not None:
                refused.append(Refused(path, f"“{path.name}” is the same recording as “{twin.name}”."))
            else:
                read.append(_read_track(named, cache, share, cancelled))
        done += size
    prints = fingerprints([Path(one.track.path) for one in read], cancelled)
    read = [_Read(replace(one.track, fingerprint=now), one.names) for one, now in zip(read, prints, strict=True)]
    folders = {folder: place for place, folder in enumerate(dict.fromkeys(path.parent for path in sounds))}
    return sorted(read, key=lambda one: (folders[Path(one.track.path).parent], *_place_in_album(one)))


def _size(path: Path) -> int:
    """In bytes; 1 where it cannot be known, or is nothing."""
    try:
        return max(1, file_of(path).stat().st_size)
    except OSError:
        return 1


@contextmanager
def _refusing(path: Path, refused: list[Refused]) -> Iterator[None]:
    """Whatever goes wrong with one file is the refusal of that file, and the import goes on."""
    try:
        yield
    except CancelledError:
        raise
    except PlainError as error:
        refused.append(Refused(path, str(error)))
    except Exception:
        log.exception("cannot import %s", path)
        refused.append(Refused(path, f"“{show(path)}” cannot be read. Try another copy of it."))


def _place_in_album(read: _Read) -> tuple[int, int, tuple[tuple[int, int, str], ...]]:
    """By disc, number and name; what has no number comes last, unless that is 0."""
    path = Path(read.track.path)
    unnumbered = 0 if _ZERO.match(path.stem) else 10**6
    return read.names.disc, read.track.number or unnumbered, natural(path)


@dataclass(frozen=True)
class _Share:
    """Reports on one file as a part of the whole."""

    report: Report
    begin: float
    size: float
    doing: str

    def __call__(self, fraction: float) -> None:
        self.report(self.begin + self.size * min(1.0, fraction), self.doing)


class _Twins:
    """Finds files that are the same byte for byte; reads only those of equal size."""

    def __init__(self) -> None:
        self._first: dict[int, Path] = {}
        self._hashed: dict[bytes, Path] = {}

    def of(self, path: Path, size: int, cancelled: Cancelled) -> Path | None:
        """The file met before that is the same as this one.

        Raises:
            concurrent.futures.CancelledError: once `cancelled()`.
        """
        first = self._first.setdefault(size, path)
        if first == path:
            return None
        try:
            self._hashed.setdefault(_hash(first, cancelled), first)
            twin = self._hashed.setdefault(_hash(path, cancelled), path)
        except OSError:
            return None
        return twin if twin != path else None


def _hash(path: Path, cancelled: Cancelled) -> bytes:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_HASHED_AT_ONCE):
            stop_if(cancelled)
            digest.update(block)
    return digest.digest()


def _read_track(names: Names, cache: Path, share: _Share, cancelled: Cancelled) -> _Read:
    share(0.0)
    path = names.path

    def hear(sound: MonoSound) -> tuple[SoundInfo, Peaks, AmplitudeMeter, ClippingMeter, tuple[str, ...]]:
        info = sound.info
        peaks, amplitude, clipping = PeaksBuilder(info.rate), AmplitudeMeter(info.rate), ClippingMeter()
        for block, mono in sound.blocks(cancelled):
            peaks.add(block)
            clipping.add(block)
            amplitude.add(mono)
            if info.seconds:
                share(amplitude.seconds / info.seconds)
        return info, peaks.peaks(), amplitude, clipping, sound.notes

    info, peaks, amplitude, clipping, remarked = heard_in_mono(path, hear, cancelled)
    keep_peaks(path, cache, peaks)
    sounding = sum(span.length for span in amplitude.sounding(amplitude.peak)) / info.rate
    notes = (*track_warnings(amplitude.seconds, sounding, clipping.fraction), *remarked)
    track = Track(
        id="",
        path=str(path),
        title=names.title,
        artist=names.artist,
        number=names.number,
        seconds=amplitude.seconds,
        rate=info.rate,
        channels=info.channels,
        format=info.format,
        on=MOSTLY_SILENCE not in notes,
        notes=notes,
    )
    if not fits(replace(track, id="t")):
        raise UserError(f"“{show(path)}” says things of itself that cannot be.", "Try another copy of it.")
    return _Read(track, names)


def _read_titles(paths: Sequence[Path], refused: list[Refused], cancelled: Cancelled) -> tuple[str, ...]:
    if not paths:
        return ()
    from titles import read_titles

    titles: dict[str, None] = {}
    for path in paths:
        stop_if(cancelled)
        with _refusing(path, refused):
            titles.update(dict.fromkeys(read_titles(path)))
    return tuple(titles)
