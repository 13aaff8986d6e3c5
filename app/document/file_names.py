"""Names of files and folders that every system, player and shop takes."""

from __future__ import annotations

import re
import unicodedata

_MOST_BYTES = 120
"""Half of what systems take, so that there is room for numbers, endings, and what is written beside the file."""
_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d\u00b9\u00b2\u00b3])(\s*(?:\..*)?)", re.IGNORECASE
)


def file_name(text: str, instead: str = "Untitled") -> str:
    """A title as a name: nothing that Windows, macOS or Linux forbids, at most 120 bytes; `instead` if none is left.

    What cannot be seen goes too, as it could turn the reading direction of the name. A name made of a name is the same.
    """
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s*[/\\|]\s*", "-" if not re.search(r"\s[/\\|]\s", text) else " - ", text)
    text = re.sub(r"\s*:\s*", " - ", text)
    text = "".join(sign for sign in text if sign not in '*?"<>' and unicodedata.category(sign)[0] != "C")
    text = re.sub(r"\s+", " ", text).strip(". ")
    if device := _DEVICE.fullmatch(text):
        text = f"{device[1]}_{device[2]}"
    return _shortened(text, _MOST_BYTES).rstrip(". ") or instead


def is_device(name: str) -> bool:
    """Whether Windows opens a device by this name, whatever folder it lies in and whatever ending it has."""
    return _DEVICE.fullmatch(name) is not None


def _shortened(text: str, most: int) -> str:
    return text.encode("utf-8")[:most].decode("utf-8", "ignore")
