"""Cue sheets: which stretches of one long file are the songs of an album."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath

from app.studio.one_line import clean
from resources.files import is_there, open_regular
from samplernn.audio.media_fragment import MediaFragment
from titles.code_pages import text_of

_LARGEST = 2**20
"""Bytes of a cue sheet, or letters of one inside a sound file; none is longer."""
_MOST_TRACKS = 999
_FRAMES = 75
"""A second, as on a CD."""
_COMMAND = re.compile(r"(?P<name>[A-Za-z]+)\s*(?P<rest>.*)")
_QUOTED = re.compile(r'"(?P<text>.*)"(?P<rest>[^"]*)')
_TRACK = re.compile(r"(?P<number>\d{1,3})\s+(?P<kind>\S+)")
_INDEX = re.compile(r"(?P<number>\d{1,2})\s+(?P<minutes>\d{1,4}):(?P<seconds>\d{1,2}):(?P<frames>\d{1,2})")
_REMARK = re.compile(r"(?P<name>\w+)\s+(?P<text>.*)")


@dataclass
class CueTrack:
    """A song of a cue sheet."""

    number: int
    title: str = ""
    performer: str = ""
    start: float = math.nan
    """Seconds from the beginning of its file; not a number while no index tells it."""


@dataclass
class CueFile:
    """A file that a cue sheet names, and the songs in it, in their order."""

    name: str
    tracks: list[CueTrack] = field(default_factory=list)


@dataclass
class CueSheet:
    """What a cue sheet tells; "" and 0 for what it does not."""

    path: Path
    title: str = ""
    performer: str = ""
    year: str = ""
    disc: int = 0
    files: list[CueFile] = field(default_factory=list)


@dataclass(frozen=True)
class Cut:
    """A sound file that is several songs."""

    sound: Path
    sheet: CueSheet
    tracks: tuple[CueTrack, ...]

    def fragments(self) -> Iterator[tuple[CueTrack, Path]]:
        """Each song and the path of its fragment: from its own index to the next one's, the last to the end."""
        ends = [track.start for track in self.tracks[1:]] + [math.inf]
        for track, end in zip(self.tracks, ends, strict=True):
            yield track, MediaFragment(self.sound, track.start, end).path


def read_cue_sheet(path: Path) -> CueSheet:
    """What a cue sheet tells; nothing where it cannot be read, or is none."""
    raw = b""
    with suppress(OSError), open_regular(path) as file:
        raw = file.read(_LARGEST)
    return parse_cue_sheet(text_of(raw), path)


def parse_cue_sheet(text: str, path: Path) -> CueSheet:
    """What the text of a cue sheet tells."""
    sheet = CueSheet(path)
    track: CueTrack | None = None
    for line in text[:_LARGEST].splitlines():
        command = _COMMAND.fullmatch(line.strip())
        if command is None:
            continue
        name, rest = command["name"].upper(), command["rest"]
        if name == "FILE":
            sheet.files.append(CueFile(_file_name(rest)))
            track = None
        elif name == "TRACK":
            track = _track(rest)
            if track is not None and sheet.files and len(sheet.files[-1].tracks) < _MOST_TRACKS:
                sheet.files[-1].tracks.append(track)
        elif name == "TITLE" and (track or not sheet.files):
            (track or sheet).title = _text(rest)
        elif name == "PERFORMER" and (track or not sheet.files):
            (track or sheet).performer = _text(rest)
        elif name == "INDEX" and track is not None:
            _take_index(track, rest)
        elif name == "REM":
            _take_remark(sheet, rest)
    for file in sheet.files:
        file.tracks = list(_in_order(file.tracks))
    return sheet


def cuts_of(sounds: Sequence[Path], sheets: Sequence[CueSheet]) -> tuple[list[Cut], list[Path]]:
    """The sound files that are to be cut, and those whose songs lie beside them already, cut.

    A file is found beside its sheet by its name, by its name with another ending, by the name of the sheet, or as the
    only one that is there.
    """
    cuts: dict[Path, Cut] = {}
    for sheet in sheets:
        for file in sheet.files:
            sound = _sound_of(file, sheet, sounds)
            if sound is not None and len(file.tracks) > 1:
                cuts.setdefault(sound, Cut(sound, sheet, tuple(file.tracks)))
    doubled = []
    for sound, cut in cuts.items():
        beside = [other for other in sounds if other.parent == sound.parent and other not in cuts]
        if len(beside) >= len(cut.tracks):
            doubled.append(sound)
    return [cut for sound, cut in cuts.items() if sound not in doubled], doubled


def sounds_beside(sheet: CueSheet) -> list[Path]:
    """The files that a sheet names and that lie beside it."""
    beside = [sheet.path.with_name(file.name) for file in sheet.files if file.name]
    return [path for path in beside if is_there(path)]


def _sound_of(file: CueFile, sheet: CueSheet, sounds: Sequence[Path]) -> Path | None:
    beside = [sound for sound in sounds if sound.parent == sheet.path.parent]
    wanted = file.name.casefold()
    by_name = [sound for sound in beside if sound.name.casefold() == wanted]
    by_stem = [sound for sound in beside if sound.stem.casefold() == Path(wanted).stem]
    named_as_sheet = [sound for sound in beside if sound.stem.casefold() == sheet.path.stem.casefold()]
    alone = beside if len(beside) == 1 else []
    if len(sheet.files) > 1:  # which of several the sheet or the folder means nobody knows
        named_as_sheet = alone = []
    return next(iter([*by_name, *by_stem, *named_as_sheet, *alone]), None)


def _file_name(rest: str) -> str:
    """Of the file, without the folders of whoever made the sheet, and without what kind it is."""
    quoted = _QUOTED.fullmatch(rest)
    name = quoted["text"] if quoted else rest.rpartition(" ")[0] or rest
    name = PurePosixPath(PureWindowsPath(name).name).name.replace("\0", "")
    return "" if name in ("", ".", "..") else name


def _text(rest: str) -> str:
    quoted = _QUOTED.fullmatch(rest)
    return clean(quoted["text"] if quoted else rest.strip('"'))


def _track(rest: str) -> CueTrack | None:
    match = _TRACK.fullmatch(rest)
    return CueTrack(int(match["number"])) if match and match["kind"].upper() == "AUDIO" else None


def _take_index(track: CueTrack, rest: str) -> None:
    """Index 1 is where the song begins; one that has only an index 0 begins there."""
    match = _INDEX.fullmatch(rest)
    if match is None or int(match["number"]) > 1 or (int(match["number"]) == 0 and not math.isnan(track.start)):
        return
    track.start = int(match["minutes"]) * 60 + int(match["seconds"]) + int(match["frames"]) / _FRAMES


def _take_remark(sheet: CueSheet, rest: str) -> None:
    match = _REMARK.fullmatch(rest)
    if match is None:
        return
    text = _text(match["text"])
    if match["name"].upper() == "DATE" and (year := re.search(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)", text)):
        sheet.year = year[0]
    elif match["name"].upper() == "DISCNUMBER" and (disc := re.fullmatch(r"\d{1,2}", text)):
        sheet.disc = int(disc[0])


def _in_order(tracks: Sequence[CueTrack]) -> Iterator[CueTrack]:
    """Those that begin later than the one before; what a damaged sheet tells otherwise is left out."""
    before = -1.0
    for track in tracks:
        if track.start > before:
            before = track.start
            yield track
