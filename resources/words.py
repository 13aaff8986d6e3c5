"""Numbers within sentences, for every part of the house."""

from __future__ import annotations


def counted(number: int) -> str:
    """A whole number with thin spaces between the thousands."""
    return f"{number:,}".replace(",", "\u2009")


def plural(number: int, one: str, many: str = "") -> str:
    """How many of something: "1 section", "2 sections"; `many` where an "s" is not enough."""
    return f"{counted(number)} {one if number == 1 else many or one + 's'}"
