"""How the next codes of clips are sampled from the probabilities that the network gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from samplernn.network.conditioning import GuideFrames


@dataclass(frozen=True, slots=True)
class SamplingRequest:
    """The random numbers and sampling settings for the next samples of several clips.

    The odds of a sample are the softmax of logits / temperature. `top_k` leaves the most likely codes (of equal ones
    the lower first); of what is left, `top_p` leaves the fewest of the most likely whose share reaches it. Drawn is
    the first code, in their order, at which the running sum exceeds chance * total.
    """

    chances: NDArray[np.float32]
    """Uniform random numbers in 0..1, [clips, samples]."""
    temperature: NDArray[np.float32]
    """The logits are divided by it; above 0, [clips, samples]."""
    top_k: NDArray[np.int32]
    """So many of the most likely codes stay, [clips]; 0 for all codes."""
    top_p: NDArray[np.float32]
    """Share of the probability that the codes that stay have together, [clips]; 1 for all codes."""
    guide: GuideFrames | None = None
    """What a network with guides is told of these samples, a frame for every `GUIDE_HOP` of them; None without."""

    @property
    def cuts(self) -> bool:
        """Whether `top_k` or `top_p` leaves out codes of any clip."""
        return bool((self.top_k > 0).any() or (self.top_p < 1.0).any())
