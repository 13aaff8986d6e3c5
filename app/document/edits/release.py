"""Edits of the release: its name, formats, loudness, gaps and finish."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from app.document.model import FORMAT_TITLES, LONGEST_GAP, LOUDEST_ALBUM, QUIETEST_ALBUM, FinishChoice, Project
from app.document.names import clean_name


def name_release(project: Project, title: str, artist: str) -> Project:
    """Sets the title and the artist of the release."""
    return replace(project, release=replace(project.release, title=clean_name(title), artist=clean_name(artist)))


def set_formats(project: Project, formats: Iterable[str]) -> Project:
    """The file formats to write, in the order of `FORMAT_TITLES`; there is always at least FLAC."""
    wanted = set(formats)
    known = tuple(name for name in FORMAT_TITLES if name in wanted)
    return replace(project, release=replace(project.release, formats=known or ("flac",)))


def set_loudness(project: Project, loudness: float | None) -> Project:
    """Album loudness in LUFS, or None to leave it as made."""
    if loudness is not None:
        loudness = min(max(loudness, QUIETEST_ALBUM), LOUDEST_ALBUM)
    return replace(project, release=replace(project.release, loudness=loudness))


def set_finish(project: Project, finish: FinishChoice) -> Project:
    """What is put on clips where they are heard and exported."""
    return replace(project, release=replace(project.release, finish=finish))


def set_gap(project: Project, seconds: float) -> Project:
    """Silence after each song."""
    return replace(project, release=replace(project.release, gap_seconds=min(max(seconds, 0.0), LONGEST_GAP)))
