"""What the person at the screen or the shell is told."""

from __future__ import annotations

from resources.refusals import plainly


class UserError(Exception):
    """Something the person can mend: what happened and what to do, in plain words.

    Args:
        what: what is wrong, as a sentence.
        todo: what to do about it, as a sentence; may be empty.
    """

    def __init__(self, what: str, todo: str = "") -> None:
        super().__init__(f"{what} {todo}".strip())
        self.what = what
        self.todo = todo


class InUseError(UserError):
    """Another program, or another window of this one, has the project open."""


def refused(what: str, error: OSError, todo: str = "") -> UserError:
    """What could not be done, as "“a.wav” cannot be read", with the reason that the system had, in plain words.

    Args:
        todo: what to do about it, where that is not what one usually does.
    """
    why, usual = plainly(error)
    return UserError(f"{what}: {why}.", todo or usual)
