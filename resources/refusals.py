"""What a system says when it refuses a file, in plain words: one table for every part of the house."""

from __future__ import annotations

import errno
import os
import re
from types import MappingProxyType

_NO_PERMISSION = ("you have no permission", "Change its permissions, or choose another place.")
_TOO_MANY = ("too many files are open", "Close other programs and try again.")
_IN_USE = ("another program is using it", "Close that program and try again.")
_LOST = ("the disk that it is on cannot be reached", "Connect that disk and try again.")
_WORDS = MappingProxyType(
    {
        "ENOSPC": ("the disk is full", "Make room on it and try again."),
        "EDQUOT": ("your share of the disk is used up", "Make room and try again."),
        "EFBIG": ("no file may be as large as that there", "Choose another place."),
        "EACCES": _NO_PERMISSION,
        "EPERM": _NO_PERMISSION,
        "EROFS": ("the disk can only be read", "Choose a place on another disk."),
        "ENOENT": ("it is not there", "Check the name, or choose another one."),
        "ENOTDIR": ("a part of its path is not a folder", "Check the name, or choose another one."),
        "EEXIST": ("there is something of that name already", "Choose another name."),
        "EISDIR": ("it is a folder", "Choose a file."),
        "ENOTEMPTY": ("there is something in that folder already", "Choose another name."),
        "ENAMETOOLONG": ("its name is too long", "Choose a shorter one."),
        "ELOOP": ("its links lead round in a circle", "Choose another file."),
        "EINVAL": ("such a name is not possible there", "Choose another name."),
        "EMFILE": _TOO_MANY,
        "ENFILE": _TOO_MANY,
        "EBUSY": _IN_USE,
        "ETXTBSY": _IN_USE,
        "EIO": ("the disk does not answer as it should", "Copy what is on it to another one, and try again."),
        "ENXIO": _LOST,
        "ENODEV": _LOST,
        "ENOTCONN": _LOST,
        "ESTALE": _LOST,
        "EHOSTDOWN": _LOST,
        "ETIMEDOUT": _LOST,
        "ENOMEM": ("the memory is full", "Close other programs and try again."),
    }
)
_PLAIN = {getattr(errno, name): words for name, words in _WORDS.items() if hasattr(errno, name)}
"""By number; not every system knows all of them."""
_IN_TEXT = re.compile(r"\(os error (\d+)\)")


def plainly(error: OSError) -> tuple[str, str]:
    """Why the system refused, to be put behind a colon, and what to do, as a sentence."""
    if error.errno in _PLAIN:
        return _PLAIN[error.errno]
    return error.strerror or "the system refused it", "Look whether it is there and may be used, and try again."


def not_found(*names: str) -> tuple[str, str]:
    """What to say of names that lead to nothing, and what to do, as sentences; they may never have led to anything."""
    *most, last = (f"“{name}”" for name in dict.fromkeys(names))
    if not most:
        return f"{last} is not there.", _PLAIN[errno.ENOENT][1]
    return f"{', '.join(most)} and {last} are not there.", "Check the names, or choose other ones."


def fault_in(error: Exception) -> OSError | None:
    """The refusal of the system that a library tells of in its own error, "(os error 28)"; None where there is none."""
    if isinstance(error, OSError):
        return error
    number = _IN_TEXT.search(str(error))
    return OSError(int(number[1]), os.strerror(int(number[1]))) if number else None
