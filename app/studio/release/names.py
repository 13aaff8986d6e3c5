"""Where a release and its songs lie."""

from __future__ import annotations

from pathlib import Path

from app.document.file_names import file_name


def song_name(number: int, songs: int, title: str, suffix: str) -> str:
    """As "01 Title.flac", with as many digits as the last of the `songs` needs: every player sorts them rightly."""
    return f"{number:0{max(len(str(songs)), 2)}} {file_name(title)}.{suffix}"


def free_place(parent: Path, artist: str, title: str, kind: str = "") -> Path:
    """A path "Artist - Title" in `parent` that is not taken, with "(2)", "(3)" ... where it has to be.

    Args:
        kind: stands behind the title in brackets, however long that is; "" for nothing.
    """
    name = file_name(" - ".join(filter(None, (artist.strip(), title.strip()))), "Album")
    name += f" ({kind})" if kind else ""
    place, number = parent / name, 1
    while place.exists() or place.is_symlink():
        number += 1
        place = parent / f"{name} ({number})"
    return place
