"""What can be wrong with lists of titles, in plain words."""

from __future__ import annotations


class TitleError(Exception):
    """Bad input: what is wrong and what to do, as plain sentences.

    Args:
        what: what is wrong.
        todo: what to do about it; may be empty.
    """

    def __init__(self, what: str, todo: str = "") -> None:
        super().__init__(f"{what} {todo}".strip())
        self.what = what
        self.todo = todo
