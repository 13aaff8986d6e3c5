"""What the names of files say: number, disc, artist, album and title, whatever the habit.

One name says little: "Ordinal - Part 2" may be by Ordinal. The names of a folder, taken together, say what is meant by
what they share: that is the artist or the album, and never a title.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.studio.importing.folder_names import FolderName, disc_in, read_folder_name, year_in
from app.studio.one_line import clean

_MOST = 0.75
"""Share of the names from which on they are said to share something: a guest or a stray file is no reason to doubt."""

_BETWEEN = re.compile(r"\s+[-–—|~]+\s+")
_MARK = r"(?:(?:track|titel|piste|no|nr)\b\.?\s*|#\s*)?"
_DISC = r"(?:(?:cd|dis[ck]|lp)\s*)?(?P<disc>\d{1,2})(?:\s*-\s*|\.(?=\d\d(?!\d))|\s+(?=track\b))(?:track\s*)?"
_NUMBERED = re.compile(
    rf"[(\[]?{_MARK}(?:{_DISC})?(?P<number>\d{{1,3}})(?P<between>[)\]]?\s*[-–—._:)\]]+\s*|\s+|(?=[^\W\d]))(?P<title>\S.*)",
    re.IGNORECASE,
)
_NUMBER = re.compile(rf"[(\[]?{_MARK}(?:{_DISC})?(?P<number>\d{{1,3}})[)\].]?", re.IGNORECASE)
_SIDED = re.compile(
    r"[(\[]?(?P<side>[A-P])(?P<number>\d{1,2})(?P<between>[)\]]?\s*[-–—._:)\]]+\s*|\s+)(?P<title>\S.*)", re.I
)
_DISC_AND_TRACK = re.compile(r"^(?:cd|d|dis[ck]) ?(\d{1,2})[-. ]*t(?:rack)? ?(?=\d)(\d+)", re.IGNORECASE)
_TIGHT_NUMBER = re.compile(r"(?<=[^\W\d])-(\d\d)-(?=\S)")
_NAMED_SIDE = re.compile(r"side ([A-P])", re.IGNORECASE)
_SIDE = re.compile(r"[(\[]?(?P<side>[A-P])(?P<number>\d{0,2})[)\].]?")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|er|e|ème)\b", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\s*[(\[{]([^()\[\]{}]*)[)\]}]$")
_ASIDE = re.compile(
    r"\b(?:live|demos?|remaster(?:ed)?|(?:re)?mix(?:ed)?|instrumental|bonus|version|edit|mono|stereo|acoustic|session)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class FileName:
    """What the name of one file says; "" and 0 for what it does not."""

    title: str = ""
    artist: str = ""
    album: str = ""
    number: int = 0
    disc: int = 0
    year: str = ""


def read_file_names(stems: Sequence[str], folder: FolderName | None = None) -> tuple[FileName, ...]:
    """What the names of the files of one folder say, each in its place.

    Args:
        stems: names without their endings.
        folder: what the name of the folder says, where that is of use.
    """
    names = [_Name(name, _BETWEEN.split(name)) for name in map(clean, _spaced([clean(stem) for stem in stems]))]
    _take_discs(names)
    shared = _Shared()
    _take_brackets(names, shared)
    _take_front(names, shared)
    if not _take_numbers(names) and _take_leading_words(names, shared, folder):
        _take_numbers(names)
    _take_front(names, shared)
    _take_back(names, shared, folder)
    _tell_discs(names)
    return _told(names, shared, folder or FolderName())


@dataclass
class _Name:
    whole: str
    fields: list[str]
    """What is left of it, between its dashes."""
    number: int = 0
    disc: int = 0
    side: str = ""
    before: int = 0
    """How many fields stood before the number."""

    @property
    def first(self) -> str:
        return self.fields[0].casefold()


@dataclass
class _Shared:
    """What the names of a folder have in common."""

    front: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)
    disc: int = 0
    year: str = ""

    def sort(self, text: str, place: list[str]) -> None:
        """Years and discs are told apart from names."""
        if year := year_in(text):
            self.year = year
        elif disc := disc_in(text):
            self.disc = disc
        else:
            place.append(text)


def _spaced(stems: Sequence[str]) -> list[str]:
    """The names with spaces between their words, whatever else they have there."""
    names = [_DISC_AND_TRACK.sub(r"\1-\2", clean(stem.replace("_", " "))) for stem in stems]
    if not any(_BETWEEN.search(name) for name in names):
        names = [_TIGHT_NUMBER.sub(r" - \1 - ", name) for name in names]
        before = _shared_words([name.partition("-")[0] for name in names])
        if len(before) > 1 and len(names) > 1 and all(name.startswith(" ".join(before) + "-") for name in names):
            names = [name.replace("-", " - ", 1) for name in names]  # Tin Hearts-Cold Room
    if any(" " in stem for stem in stems) or len(stems) < 2:
        return names
    if all(stem.count(".") > 1 for stem in stems):
        return [name.replace(".", " ") for name in names]
    dashes = {name.count("-") for name in names}
    if any("_" in stem for stem in stems) and len(dashes) == 1 and not any(" -" in name for name in names):
        return [name.replace("-", " - ") for name in names]  # 01-tin_hearts-cold_room
    if all(name == name.lower() for name in names) and max(dashes) > 1:
        return [re.sub(r"(?<=[^\W\d])-(?=[^\W\d])", " ", name) for name in names]  # 01-cold-room
    return names


def _shared_words(texts: Sequence[str]) -> list[str]:
    """The words that all of them begin with."""
    columns = zip(*(text.split() for text in texts), strict=False)
    return [column[0] for column in itertools.takewhile(lambda column: len(set(column)) == 1, columns)]


def _take_discs(names: Sequence[_Name]) -> None:
    """Takes off the fields that name a disc or a side."""
    for name in names:
        for text in [text for text in name.fields if len(name.fields) > 1]:
            side = _NAMED_SIDE.fullmatch(text)
            if side or disc_in(text):
                name.side, name.disc = side[1].upper() if side else name.side, disc_in(text) or name.disc
                name.fields.remove(text)


def _take_brackets(names: Sequence[_Name], shared: _Shared) -> None:
    """What stands in brackets at the end of every name: the year, the format."""
    while len(names) > 1:
        ends = [_IN_BRACKETS.search(name.fields[-1]) for name in names]
        found = {end[1].casefold() for end in ends if end and end.start() > 0}
        if len(found) != 1 or not all(end and end.start() > 0 for end in ends):
            return
        shared.sort(ends[0][1] if ends[0] else "", [])
        for name in names:
            name.fields[-1] = _IN_BRACKETS.sub("", name.fields[-1])


def _take_front(names: Sequence[_Name], shared: _Shared) -> None:
    while most := _most([name.first for name in names if len(name.fields) > 1], len(names)):
        taken = [name for name in names if len(name.fields) > 1 and name.first == most]
        shared.sort(taken[0].fields[0], shared.front)
        for name in taken:
            del name.fields[0]


def _take_back(names: Sequence[_Name], shared: _Shared, folder: FolderName | None) -> None:
    while most := _most([name.fields[-1].casefold() for name in names if len(name.fields) > 1], len(names)):
        taken = [name for name in names if len(name.fields) > 1 and name.fields[-1].casefold() == most]
        last = taken[0].fields[-1]
        shared.sort(last, [] if _ASIDE.search(last) or last.casefold().startswith("www.") else shared.back)
        for name in taken:
            del name.fields[-1]


def _most(values: Sequence[str], count: int) -> str:
    """The value that most of `count` names have; "" for none."""
    if count < 2 or not values:
        return ""
    value, times = Counter(values).most_common(1)[0]
    return value if times >= max(2, _MOST * count) else ""


@dataclass(frozen=True)
class _Numbering:
    number: int
    disc: int = 0
    side: str = ""
    left: str = ""
    """Of the field, without the number."""
    certain: bool = False
    """Whether it cannot well be the beginning of a title."""
    digits: str = ""
    glued: bool = False


def _numbering(text: str) -> _Numbering | None:
    """The number that a field is, or begins with."""
    if match := _NUMBER.fullmatch(text):
        return _Numbering(int(match["number"]), int(match["disc"] or 0), certain=True, digits=match["number"])
    if match := _SIDE.fullmatch(text):
        return _Numbering(int(match["number"] or 1), side=match["side"], certain=True)
    if (match := _SIDED.fullmatch(text)) and (match["side"].isupper() or match["between"].strip()):
        side = match["side"].upper()
        return _Numbering(int(match["number"]), side=side, left=match["title"], certain=bool(match["between"].strip()))
    match = _NUMBERED.fullmatch(text)
    if match is None or _ORDINAL.match(text):
        return None
    certain = bool(match["between"].strip()) or match["number"].startswith("0") or bool(match["disc"])
    return _Numbering(
        int(match["number"]),
        int(match["disc"] or 0),
        left=match["title"],
        certain=certain,
        digits=match["number"],
        glued=not match["between"],
    )


def _take_numbers(names: Sequence[_Name]) -> bool:
    """Takes the number off every name that has one where most have it; whether any was found."""
    several = len(names) > 1
    places: Counter[int] = Counter()
    for name in names:
        for place, text in enumerate(name.fields):
            one = _numbering(text)
            if one and (several or (one.certain and (one.left or len(name.fields) > 1))):
                places[place] += 1
    if not places:
        return False
    place = min(places, key=lambda at: (-places[at], at))
    told = [_numbering(name.fields[place]) if place < len(name.fields) else None for name in names]
    if several and (2 * places[place] < len(names) or not _is_numbering(told)):
        return False
    width = min((len(one.digits) for one in told if one and one.digits.startswith("0")), default=0)
    for name, one in zip(names, told, strict=True):
        if one is None or (not one.certain and len(one.digits) < width):
            continue  # beside "01 Ordinal", "7 Words" is a title
        name.number, name.disc, name.side, name.before = one.number, one.disc or name.disc, one.side or name.side, place
        name.fields[place : place + 1] = [one.left] if one.left else []
    return True


def _is_numbering(told: Sequence[_Numbering | None]) -> bool:
    """Whether the numbers count: a year or a half of a title that all names share does not."""
    found = [one for one in told if one]
    glued = [one for one in found if one.left and not one.certain]
    if not any(one.digits.startswith("0") for one in found) and any(
        one.glued and one.left[0].islower() for one in found
    ):
        return False  # "2x4", "3am"
    distinct = {(one.disc, one.side, one.number) for one in found}
    if len(glued) == len(found) and any(one.side for one in found) and len(found) < len(told):
        return False
    return len(distinct) > 1 or len(found) == 1


def _take_leading_words(names: Sequence[_Name], shared: _Shared, folder: FolderName | None) -> bool:
    """Takes off the words that stand before every number, as in "Tin Hearts 01 Ordinal"."""
    if len(names) < 2:
        return False
    words = _shared_words([name.fields[0] for name in names])
    if not words:
        return False
    lead = " ".join(words)
    left = [name.fields[0][len(lead) :].strip() for name in names]
    told = [_numbering(text) for text in left]
    if not all(one and one.left for one in told) or not _is_numbering(told):
        return False
    known = folder is not None and lead.casefold() in (folder.artist.casefold(), folder.album.casefold())
    if not known and not any(one and one.digits.startswith("0") for one in told):
        return False  # "Opus 1 in C", "Opus 2 in D"
    shared.front.append(lead)
    for name, text in zip(names, left, strict=True):
        name.fields[0] = text
    return True


def _tell_discs(names: Sequence[_Name]) -> None:
    """Sides of records count on; of numbers like 101, 102, 201 the first digit is the disc."""
    sides = sorted({(name.side, name.number) for name in names if name.side})
    for name in names:
        if name.side:
            name.number = sides.index((name.side, name.number)) + 1
    numbers = [name.number for name in names if name.number]
    if len(numbers) > 1 and min(numbers) > 100 and not any(name.disc for name in names):
        discs = {number // 100 for number in numbers}
        if all(disc * 100 + 1 in numbers for disc in discs) and discs == set(range(1, len(discs) + 1)):
            for name in names:
                name.disc, name.number = divmod(name.number, 100)


def _told(names: Sequence[_Name], shared: _Shared, folder: FolderName) -> tuple[FileName, ...]:
    artist, album = _whose(shared, folder)
    within = read_folder_name(album)
    album, year = within.album if not within.artist else album, shared.year or within.year
    several = sum(len(name.fields) > 1 for name in names)
    dashed = not artist and 2 * several >= len(names) and several > 0
    told = []
    for name in names:
        by, of, fields = artist, album, name.fields
        if dashed and name.before > 1 and not album and len(fields) > 2:
            by, of, fields = fields[0], " - ".join(fields[1 : name.before]), fields[name.before :] or fields[-1:]
        elif dashed and len(fields) > 1:
            by, fields = fields[0], fields[1:]
        title = " - ".join(fields)
        if not any(letter.isalnum() for letter in title):
            title = name.whole
        told.append(
            FileName(
                title=_capitalised(title),
                artist=_capitalised(by),
                album=_capitalised(of),
                number=name.number,
                disc=name.disc or shared.disc,
                year=year,
            )
        )
    return tuple(told)


def _whose(shared: _Shared, folder: FolderName) -> tuple[str, str]:
    """Artist and album among what the names share."""
    fields = [*shared.front, *shared.back]
    known = folder.album.casefold()
    if len(fields) == 1:
        return ("", fields[0]) if known and fields[0].casefold() == known else (fields[0], "")
    if len(fields) > 1:
        artist, album = fields[0], " - ".join(fields[1:])
        return (album, artist) if known and artist.casefold() == known else (artist, album)
    return "", ""


def _capitalised(name: str) -> str:
    """File names in small letters get capitals; all others are left as they are."""
    if name != name.lower():
        return name
    return " ".join(word[:1].upper() + word[1:] for word in name.split(" "))


def read_paths(paths: Sequence[Path], folders: Sequence[FolderName]) -> tuple[FileName, ...]:
    """What the names of files say, each album's folder read for itself; the discs of their folders are added.

    Args:
        folders: for each file, what the names of its folders say.
    """
    members: defaultdict[Path, list[int]] = defaultdict(list)
    for place, path in enumerate(paths):
        members[path.parent.parent if disc_in(path.parent.name) else path.parent].append(place)
    told: dict[int, FileName] = {}
    for places in members.values():
        folder = folders[places[0]]
        for place, name in zip(places, read_file_names([paths[at].stem for at in places], folder), strict=True):
            told[place] = replace(name, disc=name.disc or folder.disc)
    return tuple(told[place] for place in range(len(paths)))
