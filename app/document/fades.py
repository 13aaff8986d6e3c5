"""The curves of fades: one formula for drawing and for mixing."""

from __future__ import annotations

import math
from typing import get_args

from app.document.model import FadeCurve

FADE_CURVES: tuple[FadeCurve, ...] = get_args(FadeCurve)
EVEN_POWER = 2
"""The levels of two round fades over each other, to this power, add up to 1 (sin² + cos² = 1)."""


def fade_level(curve: FadeCurve, share: float) -> float:
    """The level, 0..1, when so much of a rising fade (0..1) has passed; a falling one runs backwards.

    Round is a quarter of a sine, so that two fades over each other keep the power; straight is a line; slow, a
    parabola, begins the most gently.
    """
    match curve:
        case "round":
            return math.sin(share * math.pi / 2)
        case "straight":
            return share
        case "slow":
            return share * share


def next_curve(curve: FadeCurve) -> FadeCurve:
    """The one after it, round and round."""
    return FADE_CURVES[(FADE_CURVES.index(curve) + 1) % len(FADE_CURVES)]
