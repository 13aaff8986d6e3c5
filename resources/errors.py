"""The one base of all errors that the person at the screen or the shell can do something about."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from resources.refusals import fault_in, plainly


class PlainError(Exception):
    """Something the person can mend: what is wrong and what to do, in plain words.

    Each package raises a subclass of its own. `str()` gives both sentences.

    Args:
        what: what is wrong, as a sentence.
        what_to_do: what to do about it, as a sentence; may be empty.
    """

    def __init__(self, what: str, what_to_do: str = "") -> None:
        super().__init__(f"{what} {what_to_do}".strip())
        self.what = what
        self.what_to_do = what_to_do

    @classmethod
    def from_os_error(cls, what: str, error: OSError, what_to_do: str = "") -> Self:
        """What could not be done, as "“a.wav” cannot be read", with the reason that the system gave, in plain words.

        Args:
            what: the beginning of the sentence, to which the reason is added after a colon.
            what_to_do: what to do about it, where that is not what one usually does.
        """
        why, usual = plainly(error)
        return cls(f"{what}: {why}.", what_to_do or usual)


def in_plain_words(error: Exception) -> str | None:
    """What is wrong and what to do, where it is the input or the system that is at fault; None where we are.

    An error of the system is best told by whoever asked it, who knows what for; this is for the rest.
    """
    if isinstance(error, PlainError):
        return str(error)
    fault = fault_in(error)
    if fault is None:
        return None
    name = "" if fault.filename is None else Path(str(fault.filename)).name
    # a file of ours that is not finished yet has a name that no one knows
    is_known = name and not name.endswith(".part")
    return str(PlainError.from_os_error(f"“{name}” cannot be used" if is_known else "The work had to end", fault))
