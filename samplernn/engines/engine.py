"""The interface of the engines that generate."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from samplernn.engines.recurrent_state import RecurrentState
from samplernn.engines.sampling_request import SamplingRequest


class Engine(Protocol):
    """Generates several clips in parallel, sample by sample; each call goes on where the one before ended."""

    def make(self, request: SamplingRequest, odds: NDArray[np.float32] | None = None) -> NDArray[np.int64]:
        """The next samples of every clip, [clips, samples]: a whole number of frames of the slowest tier.

        `odds` [clips, samples, levels] is filled, when given, with the probabilities that every sample was drawn from,
        before any codes were left out.
        """
        ...

    def state(self) -> RecurrentState:
        """The recurrent state of the clips now; another engine can go on from it."""
        ...

    def load_state(self, state: RecurrentState) -> None:
        """Replaces the state of all clips by that of as many clips of this model."""
        ...
