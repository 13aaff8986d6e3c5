"""Measuring: medians of repeats, and ratios of things run side by side."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured number.

    Args:
        spread: (largest - smallest) / median of the repeats.
    """

    value: float
    unit: str
    spread: float = 0.0
    note: str = ""


def seconds_of(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    began = clock()
    work()
    return clock() - began


def timed(work: Callable[[], object], *, repeats: int = 5) -> Figure:
    """Seconds per call, after one call to warm up."""
    work()
    return _figure([seconds_of(work) for _ in range(repeats)], "s")


def rate(
    work: Callable[[], object],
    amount: float,
    unit: str,
    *,
    repeats: int = 5,
    clock: Callable[[], float] = time.perf_counter,
) -> Figure:
    """How much of `amount` per second, after one call to warm up.

    Args:
        clock: `time.thread_time` leaves out what other programs take of the processor, for work of one thread.
    """
    work()
    return _figure([amount / seconds_of(work, clock) for _ in range(repeats)], unit)


def ratio(ours: Callable[[], object], theirs: Callable[[], object], *, repeats: int = 5) -> Figure:
    """How many times faster `ours` is for the same result; the two take turns, so that both see the same machine."""
    ours()
    theirs()
    return _figure([seconds_of(theirs) / seconds_of(ours) for _ in range(repeats)], "x")


def _figure(values: list[float], unit: str) -> Figure:
    median = statistics.median(values)
    return Figure(median, unit, (max(values) - min(values)) / median if median else 0.0)
