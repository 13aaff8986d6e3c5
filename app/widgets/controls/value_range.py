"""Which values a slider or a dragged number offers, and how it words them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Number = TypeVar("Number", int, float)


@dataclass(frozen=True)
class ValueRange(Generic[Number]):
    """Values from `least` to `most`, both included."""

    least: Number
    most: Number
    usual: Number
    """What the control shows at first, and goes back to."""
    words: Callable[[Number], str]
    """A value as it is shown."""
    step: Number = 1
    """By which arrow keys and the wheel change a `DragNumber`; sliders go by 1."""
    limits: tuple[str, str] = ("", "")
    """Why it goes no lower, and no higher, in a sentence each; "" for a sentence made of the range."""

    def notes(self, name: str) -> tuple[str, str]:
        """The two sentences of `limits`, for a control that is called `name`."""
        whole = f"{name} goes from {self.words(self.least)} to {self.words(self.most)}."
        return self.limits[0] or whole, self.limits[1] or whole
