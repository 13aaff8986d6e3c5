"""Which of the dropped files are music, pictures and lists of titles."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.document.errors import UserError
from app.document.store import SUFFIX
from app.document.words import plural
from resources.progress import Cancelled, never, stop_if
from resources.refusals import not_found

# fmt: off
_SOUND = frozenset((
    ".3g2", ".3gp", ".aac", ".ac3", ".aif", ".aifc", ".aiff", ".alac", ".amr", ".ape", ".asf", ".au", ".avi", ".caf",
    ".dsf", ".dts", ".eac3", ".ec3", ".flac", ".m2ts", ".m4a", ".m4b", ".m4r", ".m4v", ".mka", ".mkv", ".mov", ".mp1",
    ".mp2", ".mp3", ".mp4", ".mpc", ".mts", ".oga", ".ogg", ".opus", ".rf64", ".snd", ".tak", ".ts", ".tta", ".w64",
    ".wav", ".wave", ".webm", ".wma", ".wmv", ".wv",
))
_PICTURE = frozenset((
    ".avif", ".bmp", ".gif", ".jfif", ".jpe", ".jpeg", ".jpg", ".jp2", ".png", ".tga", ".tif", ".tiff", ".webp",
))
_UNREAD_PICTURE = frozenset((
    ".3fr", ".ai", ".arw", ".cr2", ".cr3", ".dng", ".eps", ".heic", ".heics", ".heif", ".hif", ".jxl", ".jxr", ".kra",
    ".nef", ".orf", ".pef", ".psb", ".psd", ".raf", ".raw", ".rw2", ".sr2", ".srw", ".svg", ".svgz", ".xcf",
))
_UNREAD_SOUND = frozenset((
    ".aa", ".aax", ".it", ".kar", ".la", ".m4p", ".mid", ".midi", ".mod", ".ofr", ".ra", ".rm", ".s3m", ".shn", ".xm",
))
_BESIDE_MUSIC = frozenset((
    ".accurip", ".asd", ".cue", ".db", ".ffp", ".ini", ".log", ".lrc", ".lnk", ".m3u", ".m3u8", ".md5", ".nfo",
    ".pdf", ".pls", ".sfk", ".sfv", ".torrent", ".url", ".xml",
))
"""What lies in album folders and is of no use here; in a drop it is passed over where there is anything else."""
# fmt: on
_CUE = ".cue"
_TITLES = frozenset({".txt", ".csv", ".tsv"})
_PLAYLISTS = frozenset({".m3u", ".m3u8", ".pls"})

_NOT_TITLES = re.compile(
    r"(attribution|authors|changelog|copying|copyright|credits|info|licen[cs]e|lyrics|notes|notice|readme|sources)\b",
    re.I,
)
_NAMED_TITLES = re.compile(r"(titles|songs|set ?list|track ?list|song ?list|song ?titles)", re.I)
_COVER = re.compile(r"(cover|front|folder|artwork|album ?art)(?![a-z])|albumart|.*\b(cover|front)\W*$", re.I)
_NOT_PHOTOGRAPH = re.compile(
    r"(back|booklet|cd|disc|disk|inlay|inside|label|matrix|obi|spine|thumb|tray)( cover)?\W*\d*$", re.I
)
_JUNK_FOLDERS = frozenset({"__macosx", "$recycle.bin", "system volume information"})


@dataclass(frozen=True)
class Refused:
    """A file that was not taken, and why, in one or two plain sentences."""

    path: Path
    why: str


@dataclass
class Found:
    """The files of a drop by what they are, each in natural order, the order of the drop kept."""

    sounds: list[Path] = field(default_factory=list)
    covers: list[Path] = field(default_factory=list)
    pictures: list[Path] = field(default_factory=list)
    titles: list[Path] = field(default_factory=list)
    cue_sheets: list[Path] = field(default_factory=list)
    unread: dict[str, list[Path]] = field(default_factory=dict)
    """Pictures and music of kinds that cannot be read, by their endings."""
    refused: list[Refused] = field(default_factory=list)


def find(sources: Sequence[Path], cancelled: Cancelled = never) -> Found:
    """Sorts dropped files and everything in dropped folders.

    Hidden files are passed over, as is what usually lies about in an album folder; links are followed, but no folder
    is entered twice; one file is taken once.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    found = Found()
    seen: set[tuple[int, int]] = set()
    several = len(sources) > 1
    for source in sources:
        stop_if(cancelled)
        known = _status(source, found, " ".join(not_found(show(source))))
        if known is None:
            continue
        if not stat.S_ISDIR(known.st_mode):
            _sort_dropped(source, known, found, seen, several)
        elif (known.st_dev, known.st_ino) in seen:
            continue
        elif source.name.lower().endswith(SUFFIX):
            found.refused.append(Refused(source, f"“{show(source)}” is a project. Open it instead of dropping it in."))
        else:
            _sort_folder(source, found, seen, cancelled)
    found.refused += [_unread(ending, paths) for ending, paths in found.unread.items()]
    return found


def natural(path: Path) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts "2" before "10" and capitals with small letters."""
    parts = re.split(r"(\d+)", path.name.casefold())
    return tuple((0, int(part[:18]), part) if part.isdecimal() else (1, 0, part) for part in parts if part)


def show(path: Path) -> str:
    """The name of a file, printable whatever its bytes are."""
    return path.name.encode("utf-8", "replace").decode("utf-8")


def _unread(ending: str, paths: Sequence[Path]) -> Refused:
    """One sentence for all files of a kind."""
    kind = ending[1:].upper()
    if ending in _UNREAD_PICTURE:
        what, todo = plural(len(paths), f"{kind} picture", f"{kind} pictures"), "as JPEG"
    else:
        what, todo = plural(len(paths), f"{kind} file", f"{kind} files"), "as FLAC or WAV"
    one = len(paths) == 1
    name = f" (“{show(paths[0])}”)" if one else ""
    return Refused(
        paths[0],
        f"{what}{name} cannot be read. Save {'it' if one else 'them'} {todo} and drop {'that' if one else 'those'} in.",
    )


def _sort_dropped(path: Path, known: os.stat_result, found: Found, seen: set[tuple[int, int]], several: bool) -> None:
    """A file that was dropped by itself: meant to be used, unless it came along with others."""
    ending = path.suffix.lower()
    name = f"“{show(path)}”"
    if not _taken_once(path, known, found, seen):
        return
    if ending in _PICTURE:
        _sort_picture(path, found)
    elif ending in _TITLES and not _NOT_TITLES.match(path.stem):
        found.titles.append(path)
    elif ending in _SOUND or not ending:
        found.sounds.append(path)
    elif ending == _CUE:
        found.cue_sheets.append(path)
    elif ending in _UNREAD_PICTURE | _UNREAD_SOUND:
        found.unread.setdefault(ending, []).append(path)
    elif several and (ending in _BESIDE_MUSIC | _TITLES or path.name.startswith(".")):
        return
    elif ending in _TITLES:
        why = f"{name} looks like a note, not a list of titles. Rename it to titles{ending} if it is one."
        found.refused.append(Refused(path, why))
    elif ending in _PLAYLISTS:
        found.refused.append(Refused(path, f"{name} is only a list of files. Drop in the sound files themselves."))
    else:
        found.refused.append(
            Refused(path, f"{name} is not music, a picture or a list of titles. Drop in FLAC, WAV, MP3, Ogg or M4A.")
        )


def _sort_folder(folder: Path, found: Found, seen: set[tuple[int, int]], cancelled: Cancelled) -> None:
    inside = Found(refused=found.refused)
    texts = []
    nothing = True
    for path, known in _files(folder, inside, seen, cancelled):
        ending = path.suffix.lower()
        if ending == _CUE:
            found.cue_sheets.append(path)
        if ending not in _SOUND | _PICTURE | _TITLES | _UNREAD_PICTURE | _UNREAD_SOUND:
            continue
        nothing = nothing and ending in _TITLES
        if not _taken_once(path, known, inside, seen):
            continue
        if ending in _SOUND:
            inside.sounds.append(path)
        elif ending in _UNREAD_PICTURE | _UNREAD_SOUND:
            found.unread.setdefault(ending, []).append(path)
        elif ending in _PICTURE:
            _sort_picture(path, inside)
        elif _NAMED_TITLES.search(path.stem):
            inside.titles.append(path)
        elif not _NOT_TITLES.match(path.stem):
            texts.append(path)
    if not inside.sounds and not inside.covers and not inside.pictures:
        inside.titles += texts  # a folder of nothing but lists
    if nothing and not inside.titles:
        found.refused.append(
            Refused(folder, f"There is no music in “{show(folder)}”. Drop in a folder that holds some.")
        )
    found.sounds += inside.sounds
    found.covers += inside.covers
    found.pictures += inside.pictures
    found.titles += inside.titles


def _files(
    folder: Path, found: Found, seen: set[tuple[int, int]], cancelled: Cancelled
) -> Iterator[tuple[Path, os.stat_result]]:
    """All files under a folder: its own first, then those of its folders."""
    waiting = [folder]
    while waiting:
        stop_if(cancelled)
        folder = waiting.pop()
        known = _status(folder, found)
        if known is None or (known.st_dev, known.st_ino) in seen:
            continue
        seen.add((known.st_dev, known.st_ino))
        try:
            entries = sorted(folder.iterdir(), key=natural)
        except OSError as error:
            why = str(UserError.from_os_error(f"“{show(folder)}” cannot be opened", error))
            found.refused.append(Refused(folder, why))
            continue
        inner = []
        for entry in _visible(entries):
            known = _status(entry, found)
            if known is None:
                continue
            if stat.S_ISDIR(known.st_mode):
                inner.append(entry)
            else:
                yield entry, known
        waiting += reversed(inner)


def _visible(entries: Iterable[Path]) -> Iterator[Path]:
    for entry in entries:
        name = entry.name.lower()
        if not name.startswith(".") and name not in _JUNK_FOLDERS and not name.endswith(SUFFIX):
            yield entry


def _status(path: Path, found: Found, missing: str = "") -> os.stat_result | None:
    """Of a file or folder; tells why there is none.

    Args:
        missing: what to tell where it is not there, of what its folder did not just list.
    """
    try:
        return path.stat()
    except FileNotFoundError:
        gone = f"“{show(path)}” is not there any more. Put it back, and drop it in again."
        found.refused.append(Refused(path, missing or gone))
    except OSError as error:
        why = str(UserError.from_os_error(f"“{show(path)}” cannot be opened", error))
        found.refused.append(Refused(path, why))
    return None


def _taken_once(path: Path, known: os.stat_result, found: Found, seen: set[tuple[int, int]]) -> bool:
    """Whether the file is a real one, met for the first time, whose name can be written down."""
    if not stat.S_ISREG(known.st_mode):
        found.refused.append(Refused(path, f"“{show(path)}” is not a file. Drop in sound files or folders."))
        return False
    if (known.st_dev, known.st_ino) in seen:
        return False
    seen.add((known.st_dev, known.st_ino))
    return can_be_named(path, found.refused)


def can_be_named(path: Path, refused: list[Refused]) -> bool:
    """Whether its name can be written into a document; says so where it cannot."""
    try:
        str(path.absolute()).encode("utf-8")
    except UnicodeEncodeError:
        refused.append(Refused(path, f"“{show(path)}” has letters in its name that cannot be read. Rename it."))
        return False
    return True


def _sort_picture(path: Path, found: Found) -> None:
    name = path.stem.replace("_", " ").replace("-", " ")
    if _NOT_PHOTOGRAPH.search(name):
        return
    (found.covers if _COVER.match(name) else found.pictures).append(path)
