"""Titles out of files: text with one a line, or a table."""

from __future__ import annotations

from pathlib import Path

from resources.refusals import not_found
from titles.cleaning import clean
from titles.code_pages import text_of
from titles.errors import TitleError
from titles.track_lists import column_of, lines_of

LARGEST_FILE = 8 * 2**20
"""Bytes; a list of titles is never longer."""
_TABLES = (".csv", ".tsv")


def read_titles(path: Path) -> tuple[str, ...]:
    """The cleaned titles in a text file (one a line) or a .csv or .tsv table.

    A table's titles stand in the column whose header is "title", "track", "song" or "name", else in the first that
    holds words. Text may be UTF-8, UTF-16 or in an older code page, which is guessed.

    Raises:
        TitleError: where the file is missing, too large, not text, or holds no titles.
    """
    text = _decode(_read(path), path.name)
    lines = column_of(text) if path.suffix.lower() in _TABLES else lines_of(text)
    titles = clean(lines)
    if not titles:
        raise TitleError(f"There are no titles in “{path.name}”.", "Use a text file with one title a line.")
    return titles


def titles_in(text: str) -> tuple[str, ...]:
    """The cleaned titles in a text with one a line, such as a track list that was pasted; each only once."""
    return clean(lines_of(text))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise TitleError(*not_found(path.name)) from None
    except OSError as error:
        raise TitleError.from_os_error(f"“{path.name}” cannot be read", error, "Choose another file.") from error
    if len(raw) > LARGEST_FILE:
        raise TitleError(f"“{path.name}” is too large for a list of titles.", "Keep it under 8 MB.")
    return raw


def _decode(raw: bytes, name: str) -> str:
    text = text_of(raw)
    odd = sum(letter == "\ufffd" or not (letter.isprintable() or letter.isspace()) for letter in text)
    if odd > 0.02 * len(text):
        raise TitleError(f"“{name}” is not a text file.", "Use a text file with one title a line, or a CSV table.")
    return text
