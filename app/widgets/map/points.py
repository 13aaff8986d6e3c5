"""What the map shows: a point for each excerpt."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.document.excerpt import Excerpt


def _none() -> NDArray[np.float32]:
    return np.zeros(0, np.float32)


@dataclass(frozen=True, eq=False)
class MapPoints:
    """The points in one order; every array has one row for each.

    Attributes:
        places: [n, 2], 0..1 both ways.
        ages: 0..1, of the checkpoint of a clip; anything for the album's own.
        stars: 0..5, of the clip.
        faint: those that are rejected, stuck or copied.
        shown: the others are left out.
    """

    excerpts: tuple[Excerpt, ...] = ()
    places: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 2), np.float32))
    ages: NDArray[np.float32] = field(default_factory=_none)
    stars: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))
    faint: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    shown: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))

    def __len__(self) -> int:
        return len(self.excerpts)

    def place_of(self, excerpt: Excerpt | None) -> int:
        """Which point an excerpt is; -1 where it is none of them."""
        try:
            return self.excerpts.index(excerpt) if excerpt is not None else -1
        except ValueError:
            return -1
