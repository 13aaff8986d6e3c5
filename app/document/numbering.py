"""Ids that count up: c0001, c0002 ... for clips, s1, s2 ... for songs."""

from __future__ import annotations

_MOST_DIGITS = 12


def number_of(id: str) -> int:
    """The number behind the first letter of an id; 0 where there is none, or one that nobody can have counted to.

    The next one after such a number would be too long to be an id, or the name of a file.
    """
    digits = id[1:]
    return int(digits) if digits.isdecimal() and len(digits) <= _MOST_DIGITS else 0
