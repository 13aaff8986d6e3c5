"""What can be wrong with pictures, in plain words."""

from __future__ import annotations

from resources.refusals import plainly


class PictureError(Exception):
    """Bad input: what is wrong and what to do, as plain sentences.

    Args:
        what: what is wrong.
        todo: what to do about it; may be empty.
    """

    def __init__(self, what: str, todo: str = "") -> None:
        super().__init__(f"{what} {todo}".strip())
        self.what = what
        self.todo = todo


def refused(what: str, error: OSError, todo: str = "") -> PictureError:
    """What could not be done, as "“a.wav” cannot be read", with the reason that the system had, in plain words.

    Args:
        todo: what to do about it, where that is not what one usually does.
    """
    why, usual = plainly(error)
    return PictureError(f"{what}: {why}.", todo or usual)
