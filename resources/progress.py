"""How long work says how far it is, and learns that it is no longer wanted; for every part of the house."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import TypeAlias

Report: TypeAlias = Callable[[float, str], None]
"""Gets the fraction done, 0..1, and what is being done, in plain words."""

Cancelled: TypeAlias = Callable[[], bool]
"""True once the work is no longer wanted."""


def no_report(fraction: float, doing: str) -> None:
    """For callers that do not want to know."""


def never() -> bool:
    """For callers that never cancel."""
    return False


def stop_if(cancelled: Cancelled) -> None:
    """Raises `concurrent.futures.CancelledError` where the work is no longer wanted."""
    if cancelled():
        raise CancelledError


def between(report: Report, start: float, end: float) -> Report:
    """A report for a part of the work, which lies between two fractions of the whole."""
    return lambda fraction, doing: report(start + (end - start) * min(max(fraction, 0.0), 1.0), doing)


def forward_only(report: Report) -> Report:
    """A report that stays where it is while work is done over, rather than going back."""
    furthest = 0.0

    def forward(fraction: float, doing: str) -> None:
        nonlocal furthest
        furthest = max(furthest, fraction)
        report(furthest, doing)

    return forward
