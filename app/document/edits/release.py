"""Edits of the release: its name, formats, loudness, gaps, finish, and what shops ask of it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from app.document.codes import date_of, isrc_of, upc_of
from app.document.model import FORMAT_TITLES, LONGEST_GAP, LOUDEST_ALBUM, QUIETEST_ALBUM, FinishChoice, Project
from app.document.names import clean_name
from app.document.release_facts import ReleaseFacts
from app.document.tree import change_song


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


def set_each_song(project: Project, each_song: bool) -> Project:
    """Whether every song has a gain of its own."""
    return replace(project, release=replace(project.release, each_song=each_song))


def set_limiter(project: Project, allowed: bool) -> Project:
    """Whether peaks may be held back where the loudness asks for it."""
    return replace(project, release=replace(project.release, limiter=allowed))


def set_facts(project: Project, facts: ReleaseFacts) -> Project:
    """What shops and archives ask of the release, brought into one form.

    Raises:
        UserError: a date or a code that is none.
    """
    cleaned = replace(
        facts,
        genre=clean_name(facts.genre),
        date=date_of(facts.date),
        upc=upc_of(facts.upc),
        composer=clean_name(facts.composer),
        label=clean_name(facts.label),
    )
    return replace(project, release=replace(project.release, facts=cleaned))


def confirm_rights(project: Project, confirmed: bool) -> Project:
    """Whether the artist says that they hold, or were granted, the rights in what the model learnt from."""
    facts = replace(project.release.facts, rights=confirmed)
    return replace(project, release=replace(project.release, facts=facts))


def set_isrc(project: Project, song: str, isrc: str) -> Project:
    """Gives a song its ISRC, or takes it away with "".

    Raises:
        UserError: it is none.
        KeyError: there is no such song.
    """
    code = isrc_of(isrc)
    return change_song(project, song, lambda song: replace(song, isrc=code))
