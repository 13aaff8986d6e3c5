"""Numbers and names within the sentences that people read, in the window and in the shell."""

from __future__ import annotations

import re
import unicodedata

from resources.words import counted, plural

__all__ = ["counted", "duration_in_words", "isolate_names", "isolated", "plural"]

_FIRST, _POP = "\u2068", "\u2069"
_REACHING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Embeddings, overrides and isolates: one that is never closed would reach beyond the name."""
_TURNING = frozenset({"R", "AL", "AN"})
_QUOTED = re.compile("“([^“”]*)”")


def isolated(name: str) -> str:
    """A name to be put into a line: one that is written from right to left leaves the rest of the line as it is.

    Names written from left to right stay the same string (Unicode Standard Annex 9, first strong isolates).
    """
    plain = name.translate(_REACHING)
    turns = any(unicodedata.bidirectional(letter) in _TURNING for letter in plain)
    return f"{_FIRST}{plain}{_POP}" if turns else plain


def isolate_names(text: str) -> str:
    """A message with all names in it, which stand in quotes, isolated."""
    return _QUOTED.sub(lambda found: f"“{isolated(found[1])}”", text)


def duration_in_words(seconds: float, minute: str) -> str:
    """ "48 s", "2 min 36 s", "10 h 06 min", where `minute` is "min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} {minute} {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} {minute}"
