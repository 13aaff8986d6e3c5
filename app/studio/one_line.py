"""Strangers' text as one line."""

from __future__ import annotations

from app.document.names import clean_name


def clean(text: str) -> str:
    """A name as the document takes it, with plain blanks alone between its words."""
    return clean_name(" ".join(text.split()))
