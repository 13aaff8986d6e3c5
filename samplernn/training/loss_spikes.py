"""Tells when training has gone wrong."""

from __future__ import annotations

import math

_QUICK, _SLOW = 0.9, 0.998
_SETTLED = 200
"""Steps before a rise means anything."""
_RISE = 1.0
"""Bits over the long mean that the short mean may rise before it counts as a spike."""


class Guard:
    """Watches the loss: not a number, or far above its own long mean for some twenty steps."""

    def __init__(self) -> None:
        self._quick = self._slow = 0.0
        self._seen = 0

    def accepts(self, bits: float) -> bool:
        """False once the training has to go back."""
        if not math.isfinite(bits):
            return False
        self._seen += 1
        self._quick += (bits - self._quick) * max(1 - _QUICK, 1 / self._seen)
        self._slow += (bits - self._slow) * max(1 - _SLOW, 1 / self._seen)
        return self._seen < _SETTLED or self._quick < self._slow + _RISE

    def forget(self) -> None:
        """After going back: what was seen no longer counts."""
        self._quick, self._seen = self._slow, 0

    def position(self) -> tuple[float, float, int]:
        return self._quick, self._slow, self._seen

    def go_to(self, position: tuple[float, float, int]) -> None:
        quick, slow, seen = position
        self._quick, self._slow, self._seen = float(quick), float(slow), int(seen)
