"""What the shell prints can be shown on any terminal, whatever letters its code page has."""

from __future__ import annotations

import codecs
import io
import sys
import unicodedata
from types import MappingProxyType

_PLAIN = MappingProxyType(
    {
        **dict.fromkeys("‘’", "'"),
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‐‑–—−·", "-"),
        **dict.fromkeys("•★", "*"),
        **dict.fromkeys("\u2068\u2069", ""),  # what keeps a name of another direction together
        "‚": ",", "×": "x", "☆": ".", "≈": "~", "ß": "ss",
    }
)  # fmt: skip
_WIDE = ("utf-16", "utf-32", "utf_16", "utf_32")
_HANDLER = "resources.streams"


def show_anything() -> None:
    """From now on, nothing that is written to stdout or stderr fails for the letters in it.

    A letter that the terminal lacks is written as its nearest (a dash for a long dash, e for é), else as "?". The bytes
    of a file's name that were no text are written as they were.
    """
    codecs.register_error(_HANDLER, nearest)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def can_show(text: str) -> bool:
    """Whether stdout has every letter of it."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def nearest(error: UnicodeError) -> tuple[str | bytes, int]:
    """An error handler of `codecs`: what to write for a letter that an encoding lacks, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letter, after = error.object[error.start], error.start + 1
    if "\udc80" <= letter <= "\udcff" and not error.encoding.startswith(_WIDE):
        return bytes([ord(letter) - 0xDC00]), after
    if letter in _PLAIN:
        return _PLAIN[letter], after
    if unicodedata.combining(letter):
        return "", after
    return "".join(filter(str.isascii, unicodedata.normalize("NFKD", letter))) or "?", after
