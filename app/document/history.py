"""Undo: the values that a document has had."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

import msgspec

from app.document.changes import Changes, changes_between
from app.document.checking import check_change
from app.document.model import Project, Title

Update = Callable[[Project], Project]
"""A change that undo does not touch."""


@dataclass(frozen=True)
class _Step:
    name: str
    value: Project
    """The document on the other side of the step, with the updates made until then."""
    updates: int
    """How many updates that were."""
    gesture: Hashable = None
    keeps_titles: bool = False
    """Whether the invented titles are the same on both sides of it: then `value` is without them."""


class History:
    """The present document, what it was before each edit, and what was undone.

    Edits are choices of the artist and can be undone. Updates (a clip has been made, titles have been invented) cannot:
    undoing an edit never loses what a job has made since. An update is kept once, and applied to a value of the past or
    the future when undo or redo goes there; so it costs the same however many steps there are. Thousands of titles
    are not kept again for every step: only the steps that change them, with a star or by clearing, hold them.
    """

    def __init__(self, value: Project) -> None:
        self.value = value
        self._updates: list[Update] = []
        self._past: list[_Step] = []
        self._future: list[_Step] = []

    def edit(self, name: str, value: Project, *, gesture: Hashable = None) -> Changes:
        """Makes `value` the present; gives what it changes, which may be nothing.

        Args:
            gesture: edits in a row with the same gesture (one drag, one turn of a knob) are undone as one.

        Raises:
            UserError: a document cannot be so; the present stays.
        """
        changes = changes_between(self.value, value)
        if not changes:
            return changes
        check_change(self.value, value)
        merges = gesture is not None and bool(self._past) and self._past[-1].gesture == gesture
        keeps_titles = not changes.touch("titles")
        if not merges:
            step = _Step(name, self.value, len(self._updates), gesture)
            self._past.append(_without_titles(step) if keeps_titles else step)
        elif self._reached(self._past[-1]) == value:  # the hand has gone back to where it began
            self._past.pop()
        elif self._past[-1].keeps_titles and not keeps_titles:
            self._past[-1] = _with_titles(self._past[-1], self.value.titles)
        self._future.clear()
        self.value = value
        return changes

    def update(self, update: Update) -> Changes:
        """Applies `update` to the present, the past and the future; gives what it changes in the present.

        Raises:
            UserError: a document cannot be so; the present stays.
        """
        value = update(self.value)
        changes = changes_between(self.value, value)
        check_change(self.value, value)
        self.value = value
        if self._steps_need(changes):
            self._updates.append(update)
        return changes

    def _steps_need(self, changes: Changes) -> bool:
        """Whether an update has to be applied to the steps of undo, too: one of titles only to those that hold them."""
        steps = [*self._past, *self._future]
        if changes.parts <= {"titles"}:
            return any(not step.keeps_titles for step in steps)
        return bool(steps)

    @property
    def undo_name(self) -> str:
        """What would be undone, or ""."""
        return self._past[-1].name if self._past else ""

    @property
    def redo_name(self) -> str:
        """What would be redone, or ""."""
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
        """Undoes or redoes until so many steps are made; False where so many are made already."""
        place = min(max(place, 0), len(self._past) + len(self._future))
        if place == self.place:
            return False
        here, titles = _Step("", self.value, len(self._updates)), self.value.titles
        while self.place != place:
            steps, others = (self._past, self._future) if self.place > place else (self._future, self._past)
            step = steps.pop()
            back = replace(here, name=step.name, gesture=None)
            others.append(_without_titles(back) if step.keeps_titles else _with_titles(back, titles))
            here = step
            if not step.keeps_titles:
                titles = self._with_updates(step).titles
        self.value = msgspec.structs.replace(self._with_updates(here), titles=titles)
        if self._past:  # a drag that is gone back to is over
            self._past[-1] = replace(self._past[-1], gesture=None)
        return True

    def undo(self) -> bool:
        """Goes one step back; False where there is none."""
        return self.go_to(self.place - 1)

    def redo(self) -> bool:
        """Goes one step forth; False where there is none."""
        return self.go_to(self.place + 1)

    def _reached(self, step: _Step) -> Project:
        """The document on the other side of the last step."""
        value = self._with_updates(step)
        return msgspec.structs.replace(value, titles=self.value.titles) if step.keeps_titles else value

    def _with_updates(self, step: _Step) -> Project:
        value = step.value
        for update in self._updates[step.updates :]:
            value = update(value)
        return value


def _without_titles(step: _Step) -> _Step:
    return replace(step, value=msgspec.structs.replace(step.value, titles=()), keeps_titles=True)


def _with_titles(step: _Step, titles: tuple[Title, ...]) -> _Step:
    return replace(step, value=msgspec.structs.replace(step.value, titles=titles), keeps_titles=False)
