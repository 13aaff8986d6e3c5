"""What stands in lists beside the titles themselves, taken off."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 200
"""Letters; what is longer is no title."""

_ASIDE = (
    r"live|remaster(?:ed)?|re-?master(?:ed)?|bonus(?: track)?|demos?|mono|stereo|instrumental|acoustic|deluxe|explicit"
    r"|remix(?:ed)?|mix|edit|version|single|outtake|rehearsal|session|anniversary|reissue|re-?recorded|unreleased"
    r"|feat\.?|ft\.?|featuring"
)
_BRACKETED = re.compile(
    rf"\s*[(\[{{](?=[^()\[\]{{}}]*\b(?:{_ASIDE})(?:\b|(?<=\.)))[^()\[\]{{}}]*[)\]}}]", re.IGNORECASE
)
_AFTER_DASH = re.compile(
    rf"\s+[-–—]\s+(?:(?:\d{{4}}|album|single|radio|studio|digital(?:ly)?|original|new|the|take \d+)\s+)*"
    rf"(?:{_ASIDE})\b.*$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^(?:\d{1,3}\s*[.):]\s+|\d{1,3}\s+[-–—]\s+|0\d\s+|[A-D]\d{1,2}[.):]\s+)")
_SAME_MARKS = str.maketrans(dict.fromkeys("’‘`´", "'") | dict.fromkeys("“”", '"') | dict.fromkeys("‐‑–—", "-"))
_SOUND_FILE = re.compile(r"\.(?:mp3|flac|ogg|opus|wav|m4a|aiff?|wma)$", re.IGNORECASE)


def clean(titles: Iterable[str]) -> tuple[str, ...]:
    """The titles without numbering, "(Live)", "- Remastered 2011", "[Bonus Track]" and the like, each only once.

    The first of several that differ only in case or in the shape of their quotes and dashes is kept. Accents and other
    scripts stay as they are.
    """
    kept: dict[str, str] = {}
    for title in titles:
        bare = _bare(title)
        if bare:
            kept.setdefault(bare.casefold().translate(_SAME_MARKS), bare)
    return tuple(kept.values())


def one_line(text: str) -> str:
    """A stranger's text in one line of no more than `LONGEST` letters that can be seen."""
    text = unicodedata.normalize("NFC", text[: 20 * LONGEST])
    seen = "".join(letter for letter in text if letter.isprintable() or letter.isspace())
    return " ".join(seen.split())[:LONGEST].rstrip()


def _bare(title: str) -> str:
    text = " ".join(title.split())
    if len(text) > 5 * LONGEST:  # accents without end take square time to normalise
        return ""
    text = unicodedata.normalize("NFC", text)
    text = "".join(letter for letter in text if letter.isprintable() or letter.isspace())
    text = " ".join(text.split()).strip('"“”„«» \t')
    if " " not in text:
        text = " ".join(text.replace("_", " ").split())  # a file name
    for pattern in (_SOUND_FILE, _NUMBER, _BRACKETED, _AFTER_DASH, _BRACKETED):
        shorter = pattern.sub("", text).strip()
        if any(letter.isalnum() for letter in shorter):
            text = shorter
    if len(text) > LONGEST or not any(letter.isalnum() for letter in text):
        return ""
    return text
