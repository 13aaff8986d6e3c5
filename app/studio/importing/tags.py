"""What a sound file says of itself in its tags."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from app.studio.importing.embedded_covers import embedded_pictures, pictures_by_decoder
from app.studio.one_line import clean
from resources.progress import Cancelled, never
from samplernn.audio.reading import DecoderTags, call_in_worker, decoder_tags
from samplernn.errors import SoundError
from titles.code_pages import decode_together

# ID3, Vorbis comments, MP4, ASF, APEv2
_TITLE = ("TIT2", "title", "©nam", "Title")
_ARTIST = ("TPE1", "artist", "©ART", "Author", "Artist", "WM/AlbumArtist")
_ALBUM_ARTIST = ("TPE2", "albumartist", "album artist", "album_artist", "aART", "WM/AlbumArtist", "Album Artist")
_ALBUM = ("TALB", "album", "©alb", "WM/AlbumTitle", "Album")
_NUMBER = ("TRCK", "tracknumber", "trkn", "WM/TrackNumber", "Track")
_DISC = ("TPOS", "discnumber", "disk", "WM/PartOfSet", "Disc")
_YEAR = ("TDRC", "TDOR", "TYER", "date", "year", "originaldate", "©day", "WM/Year", "Year")
_CUE_SHEET = ("cuesheet", "Cuesheet")

# the decoder's own names, in small letters; Matroska says of what a name is
_DECODER = {
    "title": ("title", "track/title"),
    "artist": ("artist", "track/artist", "author", "performer"),
    "album_artist": ("album_artist", "albumartist", "album artist", "album/artist"),
    "album": ("album", "album/title"),
    "number": ("track", "tracknumber", "track/part_number", "part_number"),
    "disc": ("disc", "discnumber"),
    "year": ("date", "year", "date_released", "album/date_released"),
}

_YEAR_DIGITS = re.compile(r"(?<!\d)(1[89]|20)\d\d(?!\d)")
_PLACE = re.compile(r"\s*(?:(?P<disc>\d{1,2})[-.](?=\d))?(?P<side>[A-Pa-p](?=\d))?(?P<number>\d{1,4})")
_SIDE_ALONE = re.compile(r"\s*(?P<side>[A-P])\s*")
_NO_TITLE = re.compile(r"(?:(?:audio ?)?track|titel|piste|traccia|pista|untitled|unknown)? ?\d*", re.IGNORECASE)
_UNKNOWN = re.compile(r"(?:unknown|<unknown>|unbekannter|unknown artist|unknown album|no artist)", re.I)


@dataclass(frozen=True)
class Tags:
    """Tags of one file; "" and 0 for what is not there."""

    title: str = ""
    artist: str = ""
    album_artist: str = ""
    album: str = ""
    number: int = 0
    disc: int = 0
    side: str = ""
    """Of the record that the track is on, which its number counts on: "A", "B"."""
    year: str = ""
    cue_sheet: str = ""
    """The text of one, where the file is a whole album."""
    covers: tuple[bytes, ...] = ()
    """Pictures embedded in the file, the likeliest cover first, as found: not yet known to be pictures."""

    @property
    def says_most(self) -> bool:
        """Whether nothing is worth looking for elsewhere."""
        return bool(self.title and self.artist and self.album and self.number)

    def or_else(self, other: Tags) -> Tags:
        """These, and what they do not say from the others."""
        missing = {one.name: getattr(other, one.name) for one in fields(self) if not getattr(self, one.name)}
        if self.number:
            missing.pop("side", None)
        return replace(self, **missing)


def raw_tags(path: Path, cancelled: Cancelled = never) -> Tags:
    """The tags of one file; empty ones where it has none or they are damaged.

    Bytes whose code page is not known stand in them as lone surrogates, for `settled`.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    found = Tags()
    with suppress(SoundError):  # a track without tags is still a track
        # in a worker: of a tag that unpacks to gigabytes, or claims to be as large, mutagen would make as much
        found = _unpacked(call_in_worker(packed_tags, path, cancelled))
    if found.says_most and found.covers:
        return found
    with suppress(SoundError):
        said = decoder_tags(path, cancelled)
        if not found.says_most:
            found = found.or_else(_by_decoder(said))
        if not found.covers:
            found = replace(found, covers=pictures_by_decoder(said))
    return found


def packed_tags(path: Path) -> bytes:
    """The tags that mutagen finds in a file: JSON in a line, then the pictures. For a process of its own."""
    found = Tags()
    for source in (_by_mutagen, _by_id3, _by_ape):
        try:
            found = found.or_else(source(path))
        except MemoryError:
            break
        except Exception:  # damaged tags make the parsers raise nearly anything
            continue
        if found.says_most:
            break
    said = {one.name: getattr(found, one.name) for one in fields(found) if one.name != "covers"}
    head = json.dumps({**said, "covers": [len(cover) for cover in found.covers]})
    return b"".join([head.encode("ascii"), b"\n", *found.covers])


def _unpacked(packed: bytes) -> Tags:
    head, _, rest = packed.partition(b"\n")
    said = json.loads(head)
    ends = list(itertools.accumulate(said["covers"], initial=0))
    covers = tuple(rest[begin:end] for begin, end in itertools.pairwise(ends))
    return Tags(**{**said, "covers": covers})


def settled(tags: Sequence[Tags]) -> list[Tags]:
    """The tags of an album in the one code page that suits all of them, and its sides counted through."""
    texts = iter(
        decode_together([text for one in tags for text in (one.title, one.artist, one.album_artist, one.album)])
    )
    decoded = [
        replace(
            one,
            title=_told(next(texts)),
            artist=_told(next(texts)),
            album_artist=_told(next(texts)),
            album=_told(next(texts)),
        )
        for one in tags
    ]
    sides = sorted({(one.album, one.side, one.number) for one in decoded if one.side})
    of_album = {album: [place for place in sides if place[0] == album] for album, _, _ in sides}
    return [
        replace(one, number=of_album[one.album].index((one.album, one.side, one.number)) + 1) if one.side else one
        for one in decoded
    ]


def says_nothing(title: str) -> bool:
    """Whether it is what a program calls a track that it knows nothing of: "Track 03"."""
    return _NO_TITLE.fullmatch(title.strip()) is not None


def _told(text: str) -> str:
    """The text in one line; "" for what programs write where they know nothing."""
    line = clean(text)
    return "" if _UNKNOWN.fullmatch(line) else line


def _by_mutagen(path: Path) -> Tags:
    import mutagen

    file = mutagen.File(path)
    return Tags() if file is None else _of(file, file.tags)


def _by_id3(path: Path) -> Tags:
    """ID3 before formats in which mutagen does not look for it, such as ADTS."""
    from mutagen.id3 import ID3

    return _of(None, ID3(path))


def _by_ape(path: Path) -> Tags:
    """APEv2 behind formats in which mutagen does not look for it, such as MP3."""
    from mutagen.apev2 import APEv2

    return _of(None, APEv2(path))


def _by_decoder(said: DecoderTags) -> Tags:
    """What FFmpeg finds: RIFF INFO, Matroska, CAF, AIFF's own chunks and more."""
    return _made({name: _first_said(said.texts, keys) for name, keys in _DECODER.items()})


def _first_said(said: Mapping[str, str], keys: Iterable[str]) -> str:
    return next((said[key] for key in keys if key in said), "")


def _of(file: Any, tags: Any) -> Tags:
    if tags is None:
        return Tags(covers=embedded_pictures(file, {}))
    texts = {
        "title": _text(tags, _TITLE),
        "artist": _text(tags, _ARTIST),
        "album_artist": _text(tags, _ALBUM_ARTIST),
        "album": _text(tags, _ALBUM),
        "number": _text(tags, _NUMBER),
        "disc": _text(tags, _DISC),
        "year": _text(tags, _YEAR),
    }
    return replace(_made(texts), cue_sheet=_text(tags, _CUE_SHEET), covers=embedded_pictures(file, tags))


def _made(texts: Mapping[str, str]) -> Tags:
    place = _PLACE.match(texts["number"]) or _SIDE_ALONE.fullmatch(texts["number"])
    parts = place.groupdict() if place else {}
    disc = re.match(r"\s*(\d{1,4})", texts["disc"])
    year = _YEAR_DIGITS.search(texts["year"])
    return Tags(
        title=texts["title"],
        artist=texts["artist"],
        album_artist=texts["album_artist"],
        album=texts["album"],
        number=int(parts.get("number") or (1 if place else 0)),
        side=(parts.get("side") or "").upper(),
        disc=int(disc[1]) if disc else int(parts.get("disc") or 0),
        year=year[0] if year else "",
    )


def _text(tags: Any, keys: Iterable[str]) -> str:
    for value in _values(tags, keys):
        if isinstance(value, tuple):
            value = value[0] if value else 0
        text = str(value).partition("\x00")[0]
        if text.strip() and text != "0" and "\ufffd" not in text:  # the decoder still has the bytes of what is damaged
            return text
    return ""


def _values(tags: Any, keys: Iterable[str]) -> Iterator[Any]:
    for key in keys:
        try:
            value = tags[key]
        except (KeyError, ValueError, TypeError):
            continue
        if hasattr(value, "text"):  # an ID3 frame; Latin-1 is what programs write who know of no code pages
            first = next(iter(value.text), "")
            yield _undecided(str(first)) if int(getattr(value, "encoding", 3)) == 0 else first
        elif isinstance(value, list | tuple) or hasattr(value, "value"):
            yield next(iter(value), None) if isinstance(value, list | tuple) else value
        else:
            yield value


def _undecided(text: str) -> str:
    """The text with bytes in the place of its letters beyond ASCII."""
    try:
        return text.encode("latin-1").decode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return text
