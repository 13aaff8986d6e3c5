"""Titles for songs, albums and artists, invented from what a project knows."""

from __future__ import annotations

from app.document.model import Project, Title
from resources.progress import Cancelled, never
from titles import TitleSettings, invent, invent_name


def corpus(project: Project) -> tuple[str, ...]:
    """Everything the titles are learnt from: those of the album's tracks, then the rest of the catalogue."""
    return (*(track.title for track in project.album.tracks), *project.album.titles)


def invent_titles(
    project: Project,
    *,
    count: int = 1000,
    order: int = 3,
    by: str = "letter",
    seed: int = 0,
    cancelled: Cancelled = never,
) -> tuple[tuple[Title, ...], str]:
    """Up to `count` titles that the project does not have yet, best first, and a remark ("" where there is none).

    Args:
        order: how many letters or words each follows from.
        by: "letter" or "word".

    Raises:
        TitleError: where the project has no titles to learn from.
        concurrent.futures.CancelledError: soon after `cancelled()`.
    """
    already = [title.text for title in project.titles] + [song.title for song in project.songs]
    invented = invent(
        corpus(project), count, TitleSettings(order=order, by=by, seed=seed), besides=already, cancelled=cancelled
    )
    return tuple(Title(text=text) for text in invented.titles), invented.note


def album_name(project: Project, *, seed: int = 0) -> str:
    """A name for the release in the manner of the catalogue.

    Raises:
        TitleError: where the project knows neither titles nor the album's name.
    """
    return invent_name(corpus(project), like=project.album.title, seed=seed)


def artist_name(project: Project, *, seed: int = 0) -> str:
    """A name for the machine that plays like the artist.

    Raises:
        TitleError: where the project knows neither titles nor the artist's name.
    """
    return invent_name(corpus(project), like=project.album.artist, seed=seed)
