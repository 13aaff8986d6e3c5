"""What the names of an album's folders say: artist, album, year and disc."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.studio.one_line import clean

_NO_ALBUM_NAMES = frozenset({"desktop", "documents", "download", "downloads", "music", "my music", "audio", "tmp"})

_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_ONLY_YEAR = re.compile(rf"[(\[]?({_YEAR.pattern})(?:[-./]\d\d?){{0,2}}[)\]]?")
_DISC = re.compile(r"(?:cd|dis[ck]|lp|vinyl|volume|vol\.?)\s*[#-]?\s*(\d{1,2})", re.IGNORECASE)
_LAST_DISC = re.compile(r"[\s,:(\[-]+(?:cd|dis[ck])\s*[#-]?\s*(\d{1,2})[)\]]?$", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*[(\[{]([^()\[\]{}]*)[)\]}]\s*")
_MADE = re.compile(
    r"(?:flac|mp3|aac|alac|ogg|opus|wav|aiff?|wma|ape|m4a|lossless|lossy|cbr|vbr|v[0-2]|\d{2,3}\s?k(?:bps)?"
    r"|\d\d[- ]?bits?|web|(?:\d\d[-/ ])?[\d.]+\s?k(?:hz)?|\d\d[-/]\d{2,3}|vinyl(?: ?rip)?|cd(?:[- ]?rip)?|lp|ep"
    r"|dsd\d*|sacd|hi-?res|24|16|44\.1|96|192|bandcamp|itunes|deezer|qobuz|retail|promo|scans?|log|cue)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[\s,+_/&-]+")
_BETWEEN = re.compile(r"\s+[-–—|~]+\s+")
_YEAR_BEFORE = re.compile(rf"({_YEAR.pattern})-(?=[^\W\d])")
"""2019-live-tapes, but not the date in 2019-05-12-rehearsal."""


@dataclass(frozen=True)
class FolderName:
    """What the name of a folder says; "" and 0 for what it does not."""

    artist: str = ""
    album: str = ""
    year: str = ""
    disc: int = 0


def year_in(text: str) -> str:
    """The year that the text is, and nothing else; "" for none."""
    match = _ONLY_YEAR.fullmatch(text.strip())
    return match[1] if match else ""


def disc_in(text: str) -> int:
    """The disc that the text names, and nothing else ("CD1"); 0 for none."""
    match = _DISC.fullmatch(text.strip().strip("()[]"))
    return int(match[1]) if match else 0


def read_folder_name(name: str) -> FolderName:
    """What a name says: "Tin Hearts - Slow Rust (1998) [FLAC]".

    A hyphen without spaces belongs to a word, as in "64-bit", and parts artist and album only in the names that
    release groups give, which tell year and format in the same way.
    """
    if clean(name).casefold() in _NO_ALBUM_NAMES:
        return FolderName()
    spaced = name.replace("_", " ")
    if _is_of_release_group(name):
        spaced = spaced.replace("-", " - ")
    if before := _YEAR_BEFORE.match(spaced):
        spaced = f"{before[1]} - {spaced[before.end() :]}"
    text = clean(spaced)
    year, disc = "", 0
    for match in reversed(list(_BRACKETS.finditer(text))):
        inside = match[1]
        year = year or year_in(inside) or (_first_year(inside) if _is_how_made(_YEAR.sub("", inside)) else "")
        disc = disc or disc_in(inside)
        if year_in(inside) or disc_in(inside) or _is_how_made(_YEAR.sub("", inside)):
            text = clean(f"{text[: match.start()]} {text[match.end() :]}")
    if last := _LAST_DISC.search(text):
        disc, text = disc or int(last[1]), text[: last.start()]
    names: list[str] = []
    for part in _BETWEEN.split(text.strip(" -")):
        if year_in(part):
            year = year or year_in(part)
        elif disc_in(part):
            disc = disc or disc_in(part)
        elif part and not (names and _is_how_made(part)):
            names.append(part)
    if not names:
        return FolderName(album="" if disc else year, year=year, disc=disc)
    artist = names[0] if len(names) > 1 else ""
    return FolderName(artist, " - ".join(names[1:]) or names[0], year, disc)


def read_folder_names(names: Sequence[str]) -> FolderName:
    """What the names of folders within each other say, from the outer to the inner: Tin Hearts / Slow Rust / CD1."""
    told = [read_folder_name(name) for name in names]
    disc = next((one.disc for one in reversed(told) if one.disc), 0)
    albums = [one for one in told if one.album]
    albums = [one for one in albums if not _is_how_made(one.album)] or albums  # Slow Rust / FLAC
    if not albums:
        return FolderName(disc=disc)
    album = albums[-1]
    artist = album.artist or (albums[-2].artist or albums[-2].album if len(albums) > 1 else "")
    return FolderName(artist, album.album, album.year, disc)


def _is_of_release_group(name: str) -> bool:
    """Whether the name is like Tin_Hearts-Slow_Rust-CD-FLAC-1998: artist, album, format and year, "_" for a space."""
    names, about = name.split("-")[:2], name.split("-")[2:]
    years = sum(bool(year_in(part)) for part in about)
    return (
        " " not in name
        and "_" in "".join(names)
        and 0 < years < len(about)
        and all(year_in(part) or disc_in(part) or _is_how_made(part) for part in about)
    )


def _first_year(text: str) -> str:
    match = _YEAR.search(text)
    return match[0] if match else ""


def _is_how_made(text: str) -> bool:
    """Whether the text tells of the format of the files, and of nothing else."""
    words = [word for word in _WORDS.split(text) if word]
    return bool(words) and all(_MADE.fullmatch(word) for word in words)
