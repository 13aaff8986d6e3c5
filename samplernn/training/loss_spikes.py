"""Detects a training loss that is not finite or has jumped."""

from __future__ import annotations

import math

_FAST_DECAY, _SLOW_DECAY = 0.9, 0.998
"""Of the two exponential moving averages of the loss, per step."""
_SETTLED = 200
"""Steps before a rise means anything."""
_RISE = 1.0
"""Bits by which the fast average may exceed the slow one before it counts as a spike."""


class LossSpikeDetector:
    """Compares a fast with a slow exponential moving average of the loss; a spike has to last some twenty steps."""

    def __init__(self) -> None:
        self._fast = self._slow = 0.0
        self._steps = 0

    def accepts(self, bits: float) -> bool:
        """Takes the loss of the next step, in bits; False once the training has to be rolled back."""
        if not math.isfinite(bits):
            return False
        self._steps += 1
        self._fast += (bits - self._fast) * max(1 - _FAST_DECAY, 1 / self._steps)
        self._slow += (bits - self._slow) * max(1 - _SLOW_DECAY, 1 / self._steps)
        return self._steps < _SETTLED or self._fast < self._slow + _RISE

    def reset(self) -> None:
        """Starts anew after a roll-back: the losses seen so far no longer count."""
        self._fast, self._steps = self._slow, 0

    def state_dict(self) -> tuple[float, float, int]:
        """Fast average, slow average and number of steps, as the state file of a run keeps them."""
        return self._fast, self._slow, self._steps

    def load_state_dict(self, state: tuple[float, float, int]) -> None:
        """Goes on from an earlier `state_dict`.

        Raises:
            TypeError, ValueError: it is not one.
        """
        fast, slow, steps = state
        self._fast, self._slow, self._steps = float(fast), float(slow), int(steps)
