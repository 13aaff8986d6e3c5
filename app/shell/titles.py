"""Titles to learn from, for the shell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.document.errors import UserError
from app.shell.running import complain
from app.studio.titles.catalogue import find_artists, look_up
from resources.progress import Cancelled, Report


def corpus_of(files: Sequence[Path], artist: str | None, report: Report, cancelled: Cancelled) -> tuple[str, ...]:
    """The titles in the files, and those of the artist by that name as MusicBrainz lists them.

    Raises:
        TitleError, UserError: where there are none, or one of them cannot be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    from titles import read_titles

    if not files and artist is None:
        raise UserError(
            "There is nothing to learn from.", "Name a text file, or an artist with --artist; --help tells more."
        )
    titles = [title for path in files for title in read_titles(path)]
    if artist is not None:
        first, *others = find_artists(artist, cancelled)
        if others and first.name.casefold() == others[0].name.casefold():
            complain(f"There are several artists called “{first.name}”; this is the {first.about or 'first'}.")
        catalogue = look_up(first, report, cancelled)
        if catalogue.note:
            complain(catalogue.note)
        titles += catalogue.titles
    return tuple(titles)
