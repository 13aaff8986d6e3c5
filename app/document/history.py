"""Undo: the values that a document has had."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

from app.document.model import Project


@dataclass(frozen=True)
class _Step:
    name: str
    value: Project
    """The document on the other side of the step."""
    gesture: Hashable = None


class History:
    """The present document, what it was before each edit, and what was undone.

    Edits are choices of the artist and can be undone. Facts (a clip has been made, an epoch has ended) cannot: they
    are absorbed into every value, past and future, so that undoing an edit never loses what a job has made since.
    """

    def __init__(self, value: Project) -> None:
        self.value = value
        self._past: list[_Step] = []
        self._future: list[_Step] = []

    def edit(self, name: str, value: Project, *, gesture: Hashable = None) -> bool:
        """Makes `value` the present; False where it changes nothing.

        Args:
            gesture: edits in a row with the same gesture (one drag, one turn of a knob) are undone as one.
        """
        if value == self.value:
            return False
        merges = gesture is not None and bool(self._past) and self._past[-1].gesture == gesture
        if not merges:
            self._past.append(_Step(name, self.value, gesture))
        elif self._past[-1].value == value:  # the hand has gone back to where it began
            self._past.pop()
        self._future.clear()
        self.value = value
        return True

    def absorb(self, fact: Callable[[Project], Project]) -> None:
        """Applies `fact` to the present, the past and the future."""
        self.value = fact(self.value)
        self._past = [_Step(step.name, fact(step.value), step.gesture) for step in self._past]
        self._future = [_Step(step.name, fact(step.value), step.gesture) for step in self._future]

    @property
    def undo_name(self) -> str:
        """What would be undone, or ""."""
        return self._past[-1].name if self._past else ""

    @property
    def redo_name(self) -> str:
        return self._future[-1].name if self._future else ""

    @property
    def names(self) -> list[str]:
        """Of all steps, the first ever first: those made and, after them, those undone."""
        return [step.name for step in self._past] + [step.name for step in reversed(self._future)]

    @property
    def place(self) -> int:
        """How many of the steps are made now."""
        return len(self._past)

    def go_to(self, place: int) -> bool:
        """Undoes or redoes until so many steps are made; False where that changes nothing."""
        before = self.place
        while self.place > max(place, 0):
            self.undo()
        while self.place < place and self.redo():
            pass
        return self.place != before

    def undo(self) -> bool:
        if not self._past:
            return False
        step = self._past.pop()
        self._future.append(_Step(step.name, self.value))
        self.value = step.value
        if self._past:  # a drag that is gone back to is over
            self._past[-1] = replace(self._past[-1], gesture=None)
        return True

    def redo(self) -> bool:
        if not self._future:
            return False
        step = self._future.pop()
        self._past.append(_Step(step.name, self.value))
        self.value = step.value
        return True
