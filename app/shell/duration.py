"""Lengths of time as a person types and reads them."""

from __future__ import annotations

import re

from app.document.errors import UserError
from app.document.words import duration_in_words

_LONGEST = 10 * 365 * 86400.0
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_TEXT = re.compile(r"(?:\d+(?:\.\d+)?[smhd])+|\d+(?:\.\d+)?")
_PART = re.compile(r"(\d+(?:\.\d+)?)([smhd]?)")


def parse_duration(text: str) -> float:
    """Seconds from "90s", "10m", "2h", "1h30m", "1d" or a bare number of seconds; no more than ten years.

    Raises:
        UserError: for anything else, and for no time at all.
    """
    tidy = text.strip().lower().replace(" ", "")
    if _TEXT.fullmatch(tidy):
        seconds = sum(float(number) * _UNITS[unit or "s"] for number, unit in _PART.findall(tidy))
        if 0 < seconds <= _LONGEST:
            return seconds
    raise UserError(f"“{text}” is not a length of time.", "Write for example 90s, 10m, 2h or 1h30m.")


def say_duration(seconds: float) -> str:
    """ "45 s", "3 min 20 s", "2 h 05 min"."""
    return duration_in_words(seconds, minute="min")
