"""Settings by which clips are sampled: temperature, top-k, top-p, and help out of degeneration."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from samplernn.errors import SoundError

TEMPERATURE = 0.98
"""A little under 1 keeps clips from running away into noise; much less lets them fall into a quiet hum."""
COLDEST, HOTTEST = 0.05, 5.0


@dataclass(frozen=True, slots=True)
class SamplingParameters:
    """How a clip is sampled from the probabilities that the network gives."""

    temperature: float | tuple[tuple[float, float], ...] = TEMPERATURE
    """A number, or an envelope: points (seconds, temperature), straight lines between them, level before and after."""
    top_k: int = 0
    """Only so many of the likeliest codes can be drawn; 0 for all."""
    top_p: float = 1.0
    """Only the likeliest codes that together have this probability can be drawn; 1 for all."""
    escape: bool = False
    """Whether a clip that is stuck is helped out."""

    def __post_init__(self) -> None:
        points = self.points
        if not points or not all(COLDEST <= value <= HOTTEST for _, value in points):
            raise SoundError(f"The temperature has to lie between {COLDEST:g} and {HOTTEST:g}.")
        times = [seconds for seconds, _ in points]
        if not all(math.isfinite(time) and time >= 0.0 for time in times) or any(
            later <= sooner for sooner, later in itertools.pairwise(times)
        ):
            raise SoundError("The points of a temperature curve have to follow one another in time.")
        if not 0 <= self.top_k < 2**31 or not 0.0 < self.top_p <= 1.0:
            raise SoundError("Of the likeliest values, take a whole number (0 for all) or a share above 0, up to 1.")

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """The envelope; a single point where the temperature is a number."""
        return self.temperature if isinstance(self.temperature, tuple) else ((0.0, float(self.temperature)),)

    def temperatures(self, begin: int, count: int, rate: int) -> NDArray[np.float32]:
        """The temperatures of `count` samples from sample `begin` of the clip on, at `rate` Hz, [count]."""
        if not isinstance(self.temperature, tuple):
            return np.full(count, self.temperature, dtype=np.float32)
        times, values = zip(*self.points, strict=True)
        at: NDArray[np.float32] = np.interp(np.arange(begin, begin + count) / rate, times, values).astype(np.float32)
        return at


DEFAULT_PARAMETERS = SamplingParameters()
