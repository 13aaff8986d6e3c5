"""What is drawn on the picture of a guide by hand: some of its bands louder or softer at some moments."""

from __future__ import annotations

from dataclasses import dataclass

STEPS_PER_SECOND = 25
"""Moments that can be drawn on: every 40 ms."""
GUIDE_BANDS = 20
"""From low to high, as guides have them."""
LOUDER_DB, SOFTER_DB = 9.0, -15.0
"""By so much one stroke of the brush changes what it touches."""
MOST_DB = 24.0
"""Several strokes on one cell change it by no more than this."""
MOST_TOUCHES = 400

Cell = tuple[int, int]
"""The moment, in steps from the beginning of the clip, and the band."""


@dataclass(frozen=True, slots=True)
class Touch:
    """One stroke of the brush, from pressing the button of the mouse to letting it go.

    Attributes:
        cells: what it touched; each once, however often the brush went over it.
        db: by how much that is louder.

    Raises:
        ValueError: a cell lies outside, or the level is none.
    """

    cells: frozenset[Cell]
    db: float

    def __post_init__(self) -> None:
        if any(step < 0 or not 0 <= band < GUIDE_BANDS for step, band in self.cells):
            raise ValueError("a cell lies outside the guide")
        if not abs(self.db) <= MOST_DB:
            raise ValueError("a stroke of the brush is too loud")


Touches = tuple[Touch, ...]


def with_touch(touches: Touches, touch: Touch) -> Touches:
    """One stroke more; the same where it touched nothing, or where there are as many as there can be."""
    return (*touches, touch) if touch.cells and len(touches) < MOST_TOUCHES else touches


def cells_between(begin: Cell, end: Cell, reach: int) -> frozenset[Cell]:
    """Cells on the way of the brush from one to the other, each with its neighbours in time up to `reach` steps away.

    Bands beyond the lowest and the highest, and moments before the beginning, are left out.
    """
    (first, low), (last, high) = begin, end
    count = max(abs(last - first), abs(high - low), 1)
    way = {
        (first + round((last - first) * place / count), low + round((high - low) * place / count))
        for place in range(count + 1)
    }
    return frozenset(
        (step + beside, band)
        for step, band in way
        for beside in range(-reach, reach + 1)
        if step + beside >= 0 and 0 <= band < GUIDE_BANDS
    )
