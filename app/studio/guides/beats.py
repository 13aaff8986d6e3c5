"""Beat tracking: the times of beats and bars, also where the tempo drifts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.document.model import BEATS_PER_BAR
from app.studio.analysis.onsets import STEPS_PER_SECOND, Strength
from app.studio.analysis.tempo import pulses_of, spread, tempo_of

_TIGHT = 100.0
"""Cost of a beat off the tempo, in units of onset strength; alpha in Ellis (2007)."""


@dataclass(frozen=True, slots=True, eq=False)
class Beats:
    """The beats of one piece of music.

    Attributes:
        seconds: where each is, [n].
        downbeat: which of the first four begins a bar.
    """

    seconds: NDArray[np.float64]
    downbeat: int

    @property
    def bars(self) -> NDArray[np.float64]:
        """Where whole bars begin, and the last of them ends, in seconds."""
        return self.seconds[self.downbeat :: BEATS_PER_BAR]


def beats_of(strength: Strength) -> Beats | None:
    """The beats of sound with this onset strength: strong onsets at even distances, by dynamic
    programming (Ellis, "Beat Tracking by Dynamic Programming", 2007). None where there is no tempo.
    """
    tempo = tempo_of(strength)
    if tempo is None:
        return None
    period = 60.0 / tempo.bpm * STEPS_PER_SECOND
    pulses = spread(pulses_of(strength))
    score, back = _best_ways(pulses / max(float(pulses.std()), 1e-9), period)
    tail = max(len(score) - round(period), 0)
    steps = [tail + int(np.argmax(score[tail:]))]
    while back[steps[-1]] >= 0:
        steps.append(int(back[steps[-1]]))
    beats = np.array(steps[::-1], np.float64)
    # the bar begins where beats gather most strength
    gathered = [float(np.mean(pulses[beats[first::BEATS_PER_BAR].astype(int)])) for first in range(min(4, len(beats)))]
    return Beats(beats / STEPS_PER_SECOND, int(np.argmax(gathered)))


def _best_ways(pulses: NDArray[np.float64], period: float) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """For every step the score of the best beats that end there, and the beat before it (-1 for the first)."""
    lags = np.arange(max(round(period / 2), 1), round(2 * period) + 1)
    cost = _TIGHT * np.log(lags / period) ** 2
    score = pulses.astype(np.float64).copy()
    back = np.full(len(pulses), -1, np.int64)
    for step in range(int(lags[0]), len(pulses)):
        reach = lags[lags <= step]
        ways = score[step - reach] - cost[: len(reach)]
        best = int(np.argmax(ways))
        if ways[best] > 0:
            score[step] += ways[best]
            back[step] = step - reach[best]
    return score, back
