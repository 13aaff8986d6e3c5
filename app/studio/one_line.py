"""Strangers' text as one line."""

from __future__ import annotations

import unicodedata

_LONGEST_TEXT = 300


def clean(text: str) -> str:
    """One line without control characters or needless spaces, of a sensible length."""
    visible = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") else letter for letter in text)
    return " ".join(unicodedata.normalize("NFC", visible).split())[:_LONGEST_TEXT]
