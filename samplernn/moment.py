"""Where the sound of clips is: all that a generator has to know to go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Moment:
    """A place between two frames of the slowest tier, for each of several clips."""

    states: tuple[tuple[NDArray[np.float32], NDArray[np.float32]], ...]
    """Hidden and cell values of every tier, the slowest first, [layers, clips, width] each."""
    past: NDArray[np.int64]
    """The codes right before, [clips, reach]."""

    @property
    def clips(self) -> int:
        return len(self.past)

    def take(self, clips: Sequence[int]) -> Moment:
        """The moment of some of the clips, in this order; the same one may be taken several times."""
        which = list(clips)
        states = tuple((hidden[:, which], cell[:, which]) for hidden, cell in self.states)
        return Moment(states, self.past[which])
