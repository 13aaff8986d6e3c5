"""What is repeated until a clip ends, and whether it still keeps time."""

from __future__ import annotations

from app.document.model import BEATS_PER_BAR

_OFF_BARS = 0.02
"""By so many bars something may be longer or shorter than whole ones, and still keep time where it is repeated."""


def bpm_repeated(bpm: float | None, length: float, seconds: float) -> float | None:
    """The tempo of what is `length` seconds long and comes again and again for `seconds`; None where none is known, or
    where bars would begin anew amid others.
    """
    if bpm is None or seconds <= length:
        return bpm
    bars = length * bpm / 60 / BEATS_PER_BAR
    return bpm if abs(bars - round(bars)) <= _OFF_BARS else None
