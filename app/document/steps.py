"""Undo of what is not in the document: the values that something has had while it is being chosen."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Steps(Generic[Value]):
    """A value, what it was before each step, and what was undone.

    Attributes:
        value: the present one.
    """

    def __init__(self, value: Value) -> None:
        self.value = value
        self._past: list[Value] = []
        self._future: list[Value] = []
        self._gesture: Hashable = None

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step that was undone."""
        return bool(self._future)

    def put(self, value: Value, gesture: Hashable = None) -> bool:
        """Makes this the present value; False where it is already.

        Args:
            gesture: steps in a row of the same gesture (one stroke of the mouse) are undone as one.
        """
        if value == self.value:
            return False
        if gesture is None or gesture != self._gesture:
            self._past.append(self.value)
        self._gesture = gesture
        self._future.clear()
        self.value = value
        return True

    def undo(self) -> bool:
        """Goes one step back; False where there is none."""
        return self._go(self._past, self._future)

    def redo(self) -> bool:
        """Goes one step forth; False where there is none."""
        return self._go(self._future, self._past)

    def _go(self, there: list[Value], here: list[Value]) -> bool:
        if not there:
            return False
        here.append(self.value)
        self.value = there.pop()
        self._gesture = None
        return True
