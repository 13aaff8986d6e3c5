"""The rest of the artist's catalogue, out of texts and files and from MusicBrainz."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.document.words import isolated
from app.jobs.job import Job, JobList
from app.studio.titles.catalogue import find_artists, look_up, titles_in, titles_of
from resources.progress import Cancelled, Report

if TYPE_CHECKING:
    from titles.musicbrainz import Artist, Catalogue

__all__ = ["ask_artists", "ask_titles", "read_title_files", "titles_in"]

_NAME = "Looking up titles"


def ask_artists(jobs: JobList, name: str) -> Job:
    """Starts asking MusicBrainz who bears this name; the job finishes with artists (`id`, `name`, `about`)."""

    def work(report: Report, cancelled: Cancelled) -> tuple[Artist, ...]:
        report(0.0, f"Asking MusicBrainz for “{name}”")
        return find_artists(name, cancelled)

    return jobs.start(_NAME, work)


def ask_titles(jobs: JobList, artist: Artist, *, afresh: bool) -> Job:
    """Starts asking for the songs of one of these; it finishes with a catalogue (`titles`, `looked_up`, `note`)."""

    def work(report: Report, cancelled: Cancelled) -> Catalogue:
        report(0.0, f"Asking MusicBrainz for the songs of {isolated(artist.name)}")
        return look_up(artist, report, cancelled, afresh=afresh)

    return jobs.start(_NAME, work)


def read_title_files(jobs: JobList, paths: Sequence[Path]) -> Job:
    """Starts reading text files and tables; finishes with (titles, a plain sentence for each file without any)."""

    def work(report: Report, cancelled: Cancelled) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return titles_of(paths)

    return jobs.start("Reading titles", work, quiet=True)
