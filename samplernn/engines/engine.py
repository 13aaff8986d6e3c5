"""What every engine that generates can do."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from samplernn.engines.draw import Draw
from samplernn.engines.state import Moment


class Sampler(Protocol):
    """Makes the sound of several clips, sample by sample; goes on where it was at every call."""

    def make(self, draw: Draw, odds: NDArray[np.float32] | None = None) -> NDArray[np.int64]:
        """The next samples of every clip, [clips, samples]: a whole number of frames of the slowest tier.

        `odds` [clips, samples, levels] is filled, when given, with the probabilities that every sample was drawn from,
        before any codes were left out.
        """
        ...

    def moment(self) -> Moment:
        """Where the clips are now; another sampler can go on from there."""
        ...

    def go_to(self, moment: Moment) -> None:
        """Goes on from another moment of as many clips of this model."""
        ...
