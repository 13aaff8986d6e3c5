"""A beat on a grid of sixteen steps to the bar, as it is drawn: a pattern of strokes, and back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import get_args

from app.document.model import BEATS_PER_BAR
from app.document.pattern import Pattern, PatternEvent, Stroke

STEPS_PER_BAR = 16
STEPS_PER_BEAT = STEPS_PER_BAR // BEATS_PER_BAR
BARS = (1, 2, 4)
"""Lengths that a grid can have, in bars."""
STROKES: tuple[Stroke, ...] = get_args(Stroke)
"""The rows, from low to high."""
SLOWEST, FASTEST = 40.0, 240.0
"""Beats a minute of a grid; a pattern or a clip may go beyond."""
STRONG, SOFT = 1.0, 0.5
"""Strengths (amplitudes) of the strokes that are drawn."""
DRAWN_NAME, TAPPED_NAME = "the beat you drew", "the beat you tapped"
_OFF_STEPS = 0.01
"""By so much of a step an event may lie beside one, as times are rounded in files."""

Row = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class BeatGrid:
    """How strong each stroke is at each step.

    Attributes:
        bpm: tempo.
        rows: one for each of `STROKES`, with a strength for each step, 0 for none.
    """

    bpm: float = 120.0
    rows: tuple[Row, ...] = ((0.0,) * STEPS_PER_BAR,) * len(STROKES)

    @property
    def steps(self) -> int:
        """Number of steps."""
        return len(self.rows[0])

    @property
    def bars(self) -> int:
        """Number of bars."""
        return self.steps // STEPS_PER_BAR

    @property
    def is_empty(self) -> bool:
        """Whether there is no stroke at all."""
        return not any(map(any, self.rows))

    @property
    def step_seconds(self) -> float:
        """From one step to the next, in seconds."""
        return 60 / self.bpm / STEPS_PER_BEAT


def with_stroke(grid: BeatGrid, stroke: Stroke, step: int, strength: float) -> BeatGrid:
    """Puts a stroke at a step; a strength of 0 takes it away."""
    place = STROKES.index(stroke)
    row = grid.rows[place]
    return with_row(grid, stroke, (*row[:step], strength, *row[step + 1 :]))


def with_row(grid: BeatGrid, stroke: Stroke, row: Row) -> BeatGrid:
    """Gives a stroke these strengths and no others; there is one for each step."""
    place = STROKES.index(stroke)
    return replace(grid, rows=(*grid.rows[:place], row, *grid.rows[place + 1 :]))


def with_bars(grid: BeatGrid, bars: int) -> BeatGrid:
    """The grid cut off or repeated to a number of bars."""
    steps = bars * STEPS_PER_BAR
    return replace(grid, rows=tuple((row * (steps // len(row) + 1))[:steps] for row in grid.rows))


def with_bpm(grid: BeatGrid, bpm: float) -> BeatGrid:
    """Another tempo, or the nearest that a grid can have."""
    return replace(grid, bpm=min(max(bpm, SLOWEST), FASTEST))


def without_strokes(grid: BeatGrid) -> BeatGrid:
    """As long and as fast, but empty."""
    return replace(grid, rows=((0.0,) * grid.steps,) * len(STROKES))


def pattern_of_grid(grid: BeatGrid, name: str = DRAWN_NAME) -> Pattern | None:
    """The strokes in the order of their times; None where there are none."""
    events = [
        PatternEvent(at=step * grid.step_seconds, stroke=stroke, strength=row[step])
        for step in range(grid.steps)
        for stroke, row in zip(STROKES, grid.rows, strict=True)
        if row[step]
    ]
    seconds = grid.steps * grid.step_seconds
    return Pattern(name=name, seconds=seconds, events=tuple(events), bpm=grid.bpm) if events else None


def grid_of_pattern(pattern: Pattern) -> BeatGrid | None:
    """The grid that a pattern was drawn on; None where it fits none, or has notes."""
    if pattern.bpm is None or not SLOWEST <= pattern.bpm <= FASTEST or pattern.has_notes:
        return None
    grid = BeatGrid(pattern.bpm)
    bars = next((each for each in BARS if _is_near(pattern.seconds / grid.step_seconds, each * STEPS_PER_BAR)), None)
    if bars is None:
        return None
    grid = with_bars(grid, bars)
    for event in pattern.events:
        step = event.at / grid.step_seconds
        if event.stroke is None or not _is_near(step, round(step)) or round(step) >= grid.steps:
            return None
        grid = with_stroke(grid, event.stroke, round(step), event.strength)
    return grid


def _is_near(steps: float, whole: int) -> bool:
    return abs(steps - whole) <= _OFF_STEPS
