"""Applies the finish to a stream of sound, block by block."""

from __future__ import annotations

import numpy as np

from app.studio.finish.applying import REACH, FinishProcessor
from app.studio.finish.spectra import Floats


class FinishStream:
    """Takes mono sound at `SONG_RATE` as it comes; gives it back in stereo, `REACH` frames later."""

    def __init__(self, finishing: FinishProcessor) -> None:
        self._finishing = finishing
        self._kept = np.zeros(0, np.float32)
        self._begin = 0
        """Of what is kept, in frames since the sound began."""
        self._given = 0

    def add(self, block: Floats) -> Floats:
        """Adds frames [n]; gives the output that no later frame can change, [m, 2]."""
        self._kept = np.concatenate([self._kept, block])
        settled = max(self._begin + len(self._kept) - REACH, self._given)
        out = self._finishing.process(self._kept, self._begin, self._given, settled - self._given)
        self._given = settled
        old = max(self._given - REACH - self._begin, 0)
        self._kept, self._begin = self._kept[old:], self._begin + old
        return out
