"""How far to shift one sound so that its accents fall onto those of another.

The offset is searched over onset strength: the shift at which the two are most alike (normalised cross-correlation over
what they share), with a parabola through the best three for what lies between two steps. Levels play no part in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.studio.analysis.onsets import STEPS_PER_SECOND, Strength, top_of_parabola
from app.studio.analysis.tempo import PULSE, pulses_of, spread

REACH = 2.0
"""Seconds that are searched either way."""
_LEAST_SHARED = 0.5
"""Seconds; what shares less says nothing."""
_FAR_IS_WORSE = 0.04
"""So much less alike, as a share, must be what lies a whole reach away: of equals the nearest is taken."""

Values = NDArray[np.float64]
Known = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fit:
    """Attributes:
    seconds: how much later the moving sound should begin.
    likeness: correlation of the two onset strengths then, -1..1.
    before: the same without a shift.
    """

    seconds: float = 0.0
    likeness: float = 0.0
    before: float = 0.0


def best_shift(
    still: Strength,
    moving: Strength,
    reach: float = REACH,
    *,
    pulse: int = PULSE,
    still_known: Known | None = None,
    moving_known: Known | None = None,
) -> Fit:
    """The shift of `moving` at which its accents fall onto those of `still`; none where nothing is alike.

    Args:
        still, moving: onset strengths of the same length and from the same moment on.
        reach: seconds either way.
        pulse: steps within which accents meet.
        still_known, moving_known: where there is any sound; everywhere, if not given.
    """
    if len(still) != len(moving):
        raise ValueError("both must be of one length")
    steps = round(reach * STEPS_PER_SECOND)
    alike, shared = _likeness(
        spread(pulses_of(still), pulse),
        spread(pulses_of(moving), pulse),
        np.ones(len(still), bool) if still_known is None else still_known,
        np.ones(len(still), bool) if moving_known is None else moving_known,
        steps,
    )
    least = min(_LEAST_SHARED * STEPS_PER_SECOND, len(still) / 2)
    most = max(float(shared.max(initial=0.0)), 1.0)
    # what shares little is easily alike by chance
    sure = np.where(shared >= least, np.sqrt(shared / most), 0.0)
    shifts = np.arange(-steps, steps + 1)
    score = alike * sure * (1.0 - _FAR_IS_WORSE * np.abs(shifts) / max(steps, 1))
    best = int(np.argmax(score))
    if score[best] <= 0.0:
        return Fit(before=float(alike[steps]))
    inside = 0 < best < len(alike) - 1
    between = float(top_of_parabola(*alike[best - 1 : best + 2])) if inside else 0.0
    return Fit(float(shifts[best] + between) / STEPS_PER_SECOND, float(alike[best]), float(alike[steps]))


def _likeness(
    still: Values, moving: Values, still_known: Known, moving_known: Known, steps: int
) -> tuple[Values, Values]:
    """For each shift from -steps to steps: the correlation over what is known of both, and how many steps that is."""
    there, here = still_known.astype(np.float64), moving_known.astype(np.float64)
    still, moving = still * there, moving * here

    def meet(one: Values, other: Values) -> Values:
        return _correlated(one, other, steps)

    shared = np.maximum(meet(there, here), 0.0)
    count = np.maximum(shared, 1.0)
    one, other = meet(still, here), meet(there, moving)
    together = meet(still, moving) - one * other / count
    spread_one = np.maximum(meet(still**2, here) - one**2 / count, 0.0)
    spread_other = np.maximum(meet(there, moving**2) - other**2 / count, 0.0)
    spread = np.sqrt(spread_one * spread_other)
    likeness = np.divide(together, spread, out=np.zeros_like(together), where=spread > 1e-9)
    return np.clip(likeness, -1.0, 1.0), shared


def _correlated(one: Values, other: Values, steps: int) -> Values:
    """The sum over t of one[t] * other[t - shift], for each shift from -steps to steps."""
    size = 1 << (len(one) + steps).bit_length()
    whole = np.fft.irfft(np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size)), size)
    return np.concatenate([whole[-steps:] if steps else whole[:0], whole[: steps + 1]])
