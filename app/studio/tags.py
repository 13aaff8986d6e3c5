"""What a sound file says of itself in its tags, and what its name says where the tags are silent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LONGEST_TEXT = 300
_LARGEST_COVER = 64 * 2**20
_FRONT_COVER = 3

# ID3, Vorbis comments, MP4, ASF, APEv2
_TITLE = ("TIT2", "title", "©nam", "Title")
_ARTIST = ("TPE1", "artist", "©ART", "Author", "Artist", "WM/AlbumArtist")
_ALBUM_ARTIST = ("TPE2", "albumartist", "aART", "WM/AlbumArtist", "Album Artist")
_ALBUM = ("TALB", "album", "©alb", "WM/AlbumTitle", "Album")
_NUMBER = ("TRCK", "tracknumber", "trkn", "WM/TrackNumber", "Track")
_DISC = ("TPOS", "discnumber", "disk", "WM/PartOfSet", "Disc")
_YEAR = ("TDRC", "TDOR", "TYER", "date", "year", "©day", "WM/Year", "Year")

_NUMBERED = re.compile(r"(?:(?P<disc>\d)-)?(?P<number>\d{1,3})(?P<between>\s*[-–—._)\]]+\s*|\s+)(?P<title>\S.*)")
_DASH = " - "
_YEAR_DIGITS = re.compile(r"(?<!\d)(1[89]|20)\d\d(?!\d)")


@dataclass(frozen=True)
class Tags:
    """Tags of one file; "" and 0 for what is not there."""

    title: str = ""
    artist: str = ""
    album_artist: str = ""
    album: str = ""
    number: int = 0
    disc: int = 0
    year: str = ""
    cover: bytes = b""
    """The front cover embedded in the file, as found: not yet known to be a picture."""


def read_tags(path: Path) -> Tags:
    """The tags of a sound file; empty ones where it has none or they are damaged."""
    import mutagen

    try:
        file = mutagen.File(path)
        if file is None:
            return Tags()
        tags = file.tags if file.tags is not None else {}
        return Tags(
            title=_text(tags, _TITLE),
            artist=_text(tags, _ARTIST),
            album_artist=_text(tags, _ALBUM_ARTIST),
            album=_text(tags, _ALBUM),
            number=_whole_number(tags, _NUMBER),
            disc=_whole_number(tags, _DISC),
            year=_year(_text(tags, _YEAR)),
            cover=_embedded_cover(file, tags),
        )
    except Exception:  # damaged tags make the parsers raise nearly anything, and a track without tags is still a track
        return Tags()


@dataclass(frozen=True)
class Habits:
    """How the files of a drop are named; one odd name says little, many of a kind say what is meant."""

    numbered: bool = False
    """Most begin with a number, so "6 Words" is number 6; else it is a title."""
    dashed: bool = False
    """Most have a dash inside, so "Intro - Part 2" is by Intro; else it is a title."""

    @staticmethod
    def of(stems: Sequence[str]) -> Habits:
        """The habits behind file names without their endings."""
        matches = [_NUMBERED.fullmatch(_spaced(stem)) for stem in stems]
        titles = [match["title"] if match else _spaced(stem) for match, stem in zip(matches, stems, strict=True)]
        return Habits(
            numbered=len(stems) > 1 and 2 * sum(map(bool, matches)) >= len(stems),
            dashed=2 * sum(_DASH in title for title in titles) >= len(stems),
        )


def from_name(stem: str, habits: Habits) -> Tags:
    """What a file name says: "06_-_Elveszett_Lelkek" is number 6, "Elveszett Lelkek".

    Args:
        stem: the file name without its ending.
        habits: of the files that came with it.
    """
    name = _spaced(stem)
    number = disc = 0
    match = _NUMBERED.fullmatch(name)
    if match and (habits.numbered or match["between"].strip() or match["number"].startswith("0")):
        number, disc, name = int(match["number"]), int(match["disc"] or 0), match["title"]
    artist, dash, title = name.partition(_DASH)
    if not dash or not habits.dashed:
        artist, title = "", name
    return Tags(title=_capitalised(clean(title)), artist=_capitalised(clean(artist)), number=number, disc=disc)


def _spaced(stem: str) -> str:
    return clean(stem.replace("_", " "))


def clean(text: str) -> str:
    """One line without control characters or needless spaces, of a sensible length."""
    visible = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") else letter for letter in text)
    return " ".join(unicodedata.normalize("NFC", visible).split())[:_LONGEST_TEXT]


def _capitalised(name: str) -> str:
    """File names in small letters get capitals; all others are left as they are."""
    if name != name.lower():
        return name
    return " ".join(word[:1].upper() + word[1:] for word in name.split(" "))


def _first(tags: Any, keys: Iterable[str]) -> Any:
    for key in keys:
        try:
            value = tags[key]
        except (KeyError, ValueError):
            continue
        if isinstance(value, list | tuple) or hasattr(value, "text"):
            value = next(iter(getattr(value, "text", value)), None)
        if value is not None and str(value).strip():
            return value
    return None


def _text(tags: Any, keys: Iterable[str]) -> str:
    value = _first(tags, keys)
    return "" if value is None else clean(str(value).partition("\x00")[0])


def _whole_number(tags: Any, keys: Iterable[str]) -> int:
    value = _first(tags, keys)
    if isinstance(value, tuple):
        value = value[0] if value else 0
    match = re.match(r"\s*(\d{1,4})", str(value))
    return int(match[1]) if match else 0


def _year(text: str) -> str:
    match = _YEAR_DIGITS.search(text)
    return match[0] if match else ""


def _embedded_cover(file: Any, tags: Any) -> bytes:
    """The front cover, or else the first picture of a reasonable size."""
    pictures = [*getattr(file, "pictures", []), *_id3_pictures(tags), *_other_pictures(tags)]
    pictures.sort(key=lambda picture: getattr(picture, "type", _FRONT_COVER) != _FRONT_COVER)
    found = (bytes(getattr(picture, "data", picture)) for picture in pictures)
    return next((data for data in found if 0 < len(data) <= _LARGEST_COVER), b"")


def _id3_pictures(tags: Any) -> list[Any]:
    return list(tags.getall("APIC")) if hasattr(tags, "getall") else []


def _other_pictures(tags: Any) -> list[Any]:
    """Pictures in Vorbis comments, MP4 and APEv2."""
    import base64

    from mutagen.flac import Picture

    found: list[Any] = []
    if hasattr(tags, "getall"):
        return found
    for coded in _all(tags, "metadata_block_picture"):
        try:
            found.append(Picture(base64.b64decode(coded)))
        except Exception:  # as in read_tags: one damaged picture is no reason to lose the tags
            continue
    found += _all(tags, "covr")
    for item in _all(tags, "Cover Art (Front)"):
        found.append(bytes(item).partition(b"\x00")[2] if isinstance(item, bytes) else item.value.partition(b"\x00")[2])
    return found


def _all(tags: Any, key: str) -> list[Any]:
    try:
        value = tags[key]
    except (KeyError, ValueError):
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
