"""Song titles that a person typed or pasted."""

from __future__ import annotations


def titles_in(text: str) -> tuple[str, ...]:
    """The titles in a text with one a line, without numbering and the like, each only once."""
    from titles import clean

    return clean(text.splitlines())
