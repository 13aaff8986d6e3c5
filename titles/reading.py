"""Titles out of files: text with one a line, or a table."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

from titles.cleaning import clean
from titles.errors import TitleError

LARGEST_FILE = 8 * 2**20
"""Bytes; a list of titles is never longer."""
_HEADERS = ("title", "track title", "song title", "song", "track", "track name", "song name", "name")
_TABLES = (".csv", ".tsv")


def read_titles(path: Path) -> tuple[str, ...]:
    """The cleaned titles in a text file (one a line) or a .csv or .tsv table.

    A table's titles stand in the column whose header is "title", "track", "song" or "name", else in the first.
    Text may be UTF-8, UTF-16 or Latin-1.

    Raises:
        TitleError: where the file is missing, too large, not text, or holds no titles.
    """
    text = _decode(_read(path), path.name)
    lines = _column(text) if path.suffix.lower() in _TABLES else text.splitlines()
    titles = clean(lines)
    if not titles:
        raise TitleError(f"There are no titles in “{path.name}”.", "Use a text file with one title a line.")
    return titles


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise TitleError(f"“{path.name}” is not there any more.", "Choose another file.") from None
    except OSError as error:
        raise TitleError(f"“{path.name}” cannot be read: {error.strerror}.", "Choose another file.") from error
    if len(raw) > LARGEST_FILE:
        raise TitleError(f"“{path.name}” is too large for a list of titles.", "Keep it under 8 MB.")
    return raw


def _decode(raw: bytes, name: str) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    elif raw[1:200:2].count(0) > len(raw[:200]) // 4:
        encodings = ("utf-16-le",)
    elif raw[0:200:2].count(0) > len(raw[:200]) // 4:
        encodings = ("utf-16-be",)
    else:
        encodings = ("utf-8-sig", "cp1252", "latin-1")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        odd = sum(not letter.isprintable() and not letter.isspace() for letter in text)
        if odd <= 0.02 * len(text):
            return text
    raise TitleError(f"“{name}” is not a text file.", "Use a text file with one title a line, or a CSV table.")


def _column(text: str) -> list[str]:
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    except csv.Error:
        return text.splitlines()
    header = [cell.strip().casefold() for cell in rows[0]] if rows else []
    for name in _HEADERS:
        if name in header:
            column = header.index(name)
            return [row[column] for row in rows[1:] if len(row) > column]
    return [row[0] for row in rows]
