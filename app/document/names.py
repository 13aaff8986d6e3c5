"""Names as people give them, in one line and in letters that can be seen: the one cleaning for all that is a name."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 300
"""Letters; of anything that has a name."""

_BREAKS = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Control characters, tab and all line breaks among them; halves of letters; line and paragraph separators."""
_UNSEEN = re.compile("[\u00ad\u200b\u2028-\u202e\u2060\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]")
"""Soft hyphens, blanks without width, and what turns the reading direction of all that follows.

The marks of Hebrew and Arabic text (200e, 200f, 061c) stay, as do the joiners that emoji and Persian need.
"""


def clean_name(text: str) -> str:
    """The text in one line, without control characters and needless blanks, no longer than a name may be.

    Any line break, also U+2028, U+2029, U+0085 and the vertical tab, becomes a blank, so that a name can be put into a
    playlist, a cue sheet or a tag as it is. A clean name comes out as it went in.
    """
    line = text
    if not line.isprintable():
        line = "".join(" " if unicodedata.category(letter) in _BREAKS else letter for letter in line)
        line = _UNSEEN.sub("", line)
    if "  " in line:
        line = re.sub(" {2,}", " ", line)
    line = line.strip()[: 4 * LONGEST_NAME]  # accents without end take square time to normalise
    if not unicodedata.is_normalized("NFC", line):
        line = unicodedata.normalize("NFC", line)
    line = line.strip()
    return line if len(line) <= LONGEST_NAME else line[:LONGEST_NAME].rstrip()
