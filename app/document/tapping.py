"""Beats that are tapped on a key: their tempo, and the steps of a grid that they are on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2, sqrt

from app.document.beat_grid import (
    BARS,
    STEPS_PER_BAR,
    STEPS_PER_BEAT,
    STROKES,
    STRONG,
    BeatGrid,
    with_bars,
    with_bpm,
    with_row,
)
from app.document.pattern import Stroke

_SLOWEST, _FASTEST = 60.0, 180.0
"""Beats a minute that taps are taken for."""
_FINENESS = 1.01
"""From one tempo that is tried to the next."""
_USUAL, _UNUSUAL = 110.0, 0.05
"""A tempo, and how much an octave from there weighs against it."""
_OFF_BEAT, _BETWEEN = 0.10, 0.20
"""How much a tap on an eighth, or between eighths, weighs against a tempo, in steps."""
_FIRST = 16
"""Taps by which the tempo is found."""
_TOGETHER = 0.04
"""Seconds within which taps are one."""


@dataclass(frozen=True, slots=True)
class Tap:
    """A stroke on a key."""

    seconds: float
    """By any clock."""
    stroke: Stroke


def tapped(grid: BeatGrid, taps: Sequence[Tap]) -> BeatGrid:
    """The grid with the strokes that were tapped instead of all others of their rows. The first tap is its beginning.

    The tempo is that of the taps; where other rows have strokes, theirs stays, and so does the length.
    """
    if not taps:
        return grid
    rows = {tap.stroke for tap in taps}
    kept = any(any(row) for stroke, row in zip(STROKES, grid.rows, strict=True) if stroke not in rows)
    fit = None if kept else _fit([tap.seconds for tap in taps])
    if fit is not None:
        grid = with_bpm(grid, fit.bpm)
        at = fit.step_of
    else:
        first, length = min(tap.seconds for tap in taps), grid.step_seconds

        def at(seconds: float) -> int:
            return round((seconds - first) / length)

    steps = [(at(tap.seconds), tap.stroke) for tap in taps]
    needed = _bars_for([step for step, _ in steps])
    grid = with_bars(grid, max(grid.bars, needed) if kept else needed)
    for stroke in rows:
        struck = {step % grid.steps for step, each in steps if each == stroke}
        grid = with_row(grid, stroke, tuple(STRONG if step in struck else 0.0 for step in range(grid.steps)))
    return grid


def bpm_of_taps(seconds: Sequence[float]) -> float | None:
    """The tempo at which taps fall on sixteenths as nearly as they can, and rather on beats than between them; None
    for less than two taps.
    """
    fit = _fit(seconds)
    return None if fit is None else fit.bpm


@dataclass(frozen=True, slots=True)
class _Fit:
    """Taps on a grid: their times, one for those of several fingers, and the step of each, the first on 0."""

    times: list[float]
    steps: list[int]
    bpm: float

    def step_of(self, seconds: float) -> int:
        """Of the tap that is nearest to this time."""
        nearest = min(range(len(self.times)), key=lambda place: abs(self.times[place] - seconds))
        return self.steps[nearest]


def _fit(seconds: Sequence[float]) -> _Fit | None:
    """The first taps tell the tempo: each one that is tried is made precise by the straight line through steps and
    times (least squares). Further taps are put on the grid one after the other, so that it goes with them where they
    drift.
    """
    times = _apart(seconds)
    steps = _first_steps(times[:_FIRST])
    if steps is None:
        return None
    for place in range(len(steps), len(times)):
        length, zero, _ = _line(steps[-_FIRST:], times[place - _FIRST : place])
        steps.append(max(round((times[place] - zero) / length), steps[-1]))
    length, _, _ = _line(steps, times)
    return _Fit(times, steps, 60 / length / STEPS_PER_BEAT)


def _first_steps(times: Sequence[float]) -> list[int] | None:
    """The steps of these taps at the tempo that costs least; None for less than two taps, or two on one step."""
    best, least = None, float("inf")
    bpm = _SLOWEST
    while len(times) > 1 and bpm <= _FASTEST:
        step = 60 / bpm / STEPS_PER_BEAT
        steps = [round((time - times[0]) / step) for time in times]
        if len(set(steps)) == len(steps):
            length, _, off = _line(steps, times)
            place = sum(_BETWEEN if each % 2 else _OFF_BEAT if each % STEPS_PER_BEAT else 0.0 for each in steps)
            precise = 60 / length / STEPS_PER_BEAT
            cost = off / length + place / len(steps) + _UNUSUAL * abs(log2(precise / _USUAL))
            if cost < least:
                best, least = steps, cost
        bpm *= _FINENESS
    return best


def _apart(seconds: Sequence[float]) -> list[float]:
    """The times in their order, those of several fingers as one."""
    times: list[float] = []
    for time in sorted(seconds):
        if not times or time - times[-1] > _TOGETHER:
            times.append(time)
    return times


def _line(steps: Sequence[int], times: Sequence[float]) -> tuple[float, float, float]:
    """Seconds to a step, the time of step 0, and how far off the taps are (root of the mean square, in seconds)."""
    count = len(steps)
    middle, centre = sum(steps) / count, sum(times) / count
    spread = sum((step - middle) ** 2 for step in steps)
    length = sum((step - middle) * (time - centre) for step, time in zip(steps, times, strict=True)) / spread
    off = sum((time - centre - length * (step - middle)) ** 2 for step, time in zip(steps, times, strict=True))
    return length, centre - length * middle, sqrt(off / count)


def _bars_for(steps: Sequence[int]) -> int:
    """The least number of bars that holds these steps; one that begins the next bar is where it all comes again."""
    last = max(steps)
    needed = last / STEPS_PER_BAR if last and last % STEPS_PER_BAR == 0 else last // STEPS_PER_BAR + 1
    return next((bars for bars in BARS if bars >= needed), BARS[-1])
