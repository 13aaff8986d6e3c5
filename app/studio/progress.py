"""Progress of work that is made of parts."""

from __future__ import annotations

from samplernn.progress import Report


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
