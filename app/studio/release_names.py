"""Names of files and folders that every system, player and shop takes."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

_MOST_BYTES = 120
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def clean_name(text: str, instead: str = "Untitled") -> str:
    """A title as a name: nothing that Windows, macOS or Linux forbids, at most 120 bytes; `instead` if none is left."""
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"\s*[/\\|]\s*", "-" if not re.search(r"\s[/\\|]\s", text) else " - ", text)
    text = re.sub(r"\s*:\s*", " - ", text)
    text = "".join(sign for sign in text if sign not in '*?"<>' and unicodedata.category(sign)[0] != "C")
    text = _shortened(re.sub(r"\s+", " ", text).lstrip(". "), _MOST_BYTES)
    text = text.rstrip(". ")
    if _RESERVED.fullmatch(text):
        text += "_"
    return text or instead


def song_name(number: int, songs: int, title: str, suffix: str) -> str:
    """As "01 Title.flac", with as many digits as the last of the `songs` needs: every player sorts them rightly."""
    return f"{number:0{max(len(str(songs)), 2)}} {clean_name(title)}.{suffix}"


def free_place(parent: Path, artist: str, title: str) -> Path:
    """A path "Artist - Title" in `parent` that is not taken, with "(2)", "(3)" ... where it has to be."""
    name = clean_name(" - ".join(filter(None, (artist.strip(), title.strip()))), "Album")
    place, number = parent / name, 1
    while place.exists() or place.is_symlink():
        number += 1
        place = parent / f"{name} ({number})"
    return place


def _shortened(text: str, most: int) -> str:
    return text.encode("utf-8")[:most].decode("utf-8", "ignore")
