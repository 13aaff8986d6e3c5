"""Track lists as they are pasted: the titles among numbers, durations, bullets and columns.

What belongs to a title and what to the list cannot be told from one line ("7 Words", "Psalm 23:4"); the lines of a
list, taken together, say it.

The lines are strangers' text of any length: the patterns try a run of blanks or marks only from its beginning, and
keep all of it (`++`), so that none takes more than a time that grows with the line.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

_TIME = r"\d{1,3}(?::|[′'](?=\d\d[″\"]))[0-5]\d(?::[0-5]\d)?(?:[.,]\d{1,3})?[″\"]?"
_MARKS = "[-–—|,;•·.…]"
_BEFORE_TIME = rf"(?<!\s)\s++(?:{_MARKS}++\s*+)?|(?<!{_MARKS}){_MARKS}++\s*+"
_TIME_AT_END = re.compile(rf"(?:{_BEFORE_TIME})?(?:[(\[]\s*+{_TIME}\s*+[)\]]|(?<=[\s\-–—|,;.…]){_TIME})\s*+$")
_TIME_AT_START = re.compile(rf"^[(\[]?{_TIME}[)\]]?(?:\s*[-–—|]+\s*|\s+)(?=\S)")
_ONLY_TIME = re.compile(rf"[(\[]?{_TIME}[)\]]?")
_BULLET = re.compile(r"^(?:[-–—*•·‣▪●○♪♫►▶>+]+\s+|[•·‣▪●○♪♫►▶]+)(?=\S)")
_NUMBER = re.compile(
    r"^(?:(?:track|nr|no)\b\.?\s*|#\s*)?[(\[]?(?P<number>\d{1,3})(?:[)\]]?\s*[-–—.:)\]|]+\s*|\s+)(?=\S)", re.I
)
_SIDE = re.compile(r"^[A-P]\d{1,2}(?:\s*[-–—.:)|]+\s*|\s+)(?=\S)")
_ONLY_NUMBER = re.compile(r"(?:[A-P]|#)?\d{1,4}[.)]?|\d{1,2}[-/]\d{1,3}")
_HEADING = re.compile(
    r"(?:track ?list(?:ing)?|songs(?=:)|set ?list|(?:side|disc|disk|cd|lp) (?:[a-p]|\d{1,2}|one|two|three|four)"
    r"|total(?: (?:time|length|running time))?|(?:no\.?|#)?\s*title\s(?:.*\s)?(?:length|time|duration))"
    rf"[:.]?\s*(?:{_TIME})?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"(?<!\s)\s++[-–—|]\s++")
_MOST_COLUMNS = 100
_HEADERS = ("title", "track title", "song title", "song", "track", "track name", "song name", "name")


def lines_of(text: str) -> list[str]:
    """The titles in a list with one a line, or in columns parted by tabs, still to be cleaned one by one."""
    lines = [stripped for line in text.splitlines() if (stripped := line.strip()) and not _HEADING.fullmatch(stripped)]
    if lines and 2 * sum("\t" in line for line in lines) > len(lines):
        lines = _best_column([line.split("\t") for line in lines])
    for alone in (_ONLY_TIME, _ONLY_NUMBER):  # pages that show tables are often pasted with each cell in its own line
        if 5 * sum(alone.fullmatch(line) is not None for line in lines) > len(lines) > 3:
            lines = [line for line in lines if not alone.fullmatch(line)] or lines
    lines = _without(_BULLET, lines)
    lines = _without(_TIME_AT_START, lines)
    lines = _without_numbers(lines)
    lines = _without(_TIME_AT_START, lines)
    lines = _without(_TIME_AT_END, lines)
    return _without_shared(lines)


def column_of(text: str) -> list[str]:
    """The titles in a table: the column with such a header, else the first that holds words, not always the same."""
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    except csv.Error:
        return lines_of(text)
    header = [cell.strip().casefold() for cell in rows[0]] if rows else []
    for name in _HEADERS:
        if name in header:
            column = header.index(name)
            return [row[column] for row in rows[1:] if len(row) > column]
    return lines_of("\n".join(_best_column(rows)))


def _best_column(rows: Sequence[Sequence[str]]) -> list[str]:
    for column in range(min(max(map(len, rows), default=0), _MOST_COLUMNS)):
        cells = [row[column].strip() for row in rows if len(row) > column and row[column].strip()]
        words = [cell for cell in cells if not (_ONLY_NUMBER.fullmatch(cell) or _ONLY_TIME.fullmatch(cell))]
        varied = len(set(cells)) > 1 or len(rows) == 1
        if varied and 2 * len(words) > len(cells) and 2 * len(cells) > len(rows):
            return cells
    return [" ".join(row) for row in rows]


def _without(pattern: re.Pattern[str], lines: Sequence[str]) -> list[str]:
    """The lines without it where most of them have it."""
    found = sum(pattern.search(line) is not None for line in lines)
    if 2 * found <= len(lines):
        return list(lines)
    return [shorter if any(map(str.isalnum, shorter := pattern.sub("", line))) else line for line in lines]


def _without_numbers(lines: Sequence[str]) -> list[str]:
    """The lines without their numbers where these count on; with a dot behind them `clean` takes them off anyway."""
    if 2 * sum(_SIDE.match(line) is not None for line in lines) > len(lines) > 1:
        return _without(_SIDE, lines)
    numbers = [int(match["number"]) for line in lines if (match := _NUMBER.match(line))]
    counting = sum(after == before + 1 for before, after in pairwise(numbers))
    if 2 * len(numbers) > len(lines) > 1 and 2 * counting >= len(numbers) - 1:
        return _without(_NUMBER, lines)
    return list(lines)


def _without_shared(lines: Sequence[str]) -> list[str]:
    """The lines without the artist whom nearly all of them name before a dash, or after one."""
    parts = [_BETWEEN.split(line) for line in lines]
    for place, rest in ((0, slice(1, None)), (-1, slice(None, -1))):
        ends = Counter(part[place].casefold() for part in parts if len(part) > 1)
        shared, times = ends.most_common(1)[0] if ends else ("", 0)
        if times > 2 and 4 * times >= 3 * len(lines):
            return [
                " - ".join(part[rest]) if len(part) > 1 and part[place].casefold() == shared else line
                for part, line in zip(parts, lines, strict=True)
            ]
    return list(lines)
