"""Song titles for the catalogue: typed, pasted, out of files, or looked up by the artist's name."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.metadata import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from resources.progress import Cancelled, Report
from titles import TitleError, clean, read_titles, titles_in

if TYPE_CHECKING:
    from titles.musicbrainz import Artist, Catalogue, MusicBrainz

__all__ = ["find_artists", "look_up", "titles_in", "titles_of"]

MIRROR = "DEEPCUTS_MUSICBRAINZ"
"""Environment: the address of another server that speaks MusicBrainz's language, such as a mirror of one's own."""


def titles_of(paths: Sequence[Path]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The titles in text files and tables, each only once, and a plain sentence for each file that has none."""
    titles: list[str] = []
    refused: list[str] = []
    for path in paths:
        try:
            titles += read_titles(path)
        except TitleError as error:
            refused.append(str(error))
    return clean(titles), tuple(refused)


def find_artists(name: str, cancelled: Cancelled) -> tuple[Artist, ...]:
    """Asks MusicBrainz for the artists of a name, the likeliest first.

    Raises:
        TitleError: where there is none, or it cannot be asked.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    return _musicbrainz().artists(name, cancelled)


def look_up(artist: Artist, report: Report, cancelled: Cancelled, *, afresh: bool = False) -> Catalogue:
    """The titles of all songs of an artist: as they were looked up before, or from MusicBrainz.

    Raises:
        TitleError: where there are none, or it cannot be asked.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    return _musicbrainz().titles(artist, report, cancelled, afresh=afresh)


def _musicbrainz() -> MusicBrainz:
    from titles.musicbrainz import SITE, MusicBrainz

    site = os.environ.get(MIRROR, "") or SITE
    kept = platformdirs.user_cache_path("deepcuts", appauthor=False) / "musicbrainz"
    return MusicBrainz(kept, _agent(), site=site, pause=1.0 if site == SITE else 0.0)


def _agent() -> str:
    """Who asks: name and version, and where to complain once the package names such a place (`[project.urls]`)."""
    about = metadata("deepcuts")
    homes = [url.partition(",")[2].strip() for url in about.get_all("Project-URL") or ()]
    return f"DeepCuts/{about['Version']}" + (f" ( {homes[0]} )" if homes else "")
