"""How wide the stereo picture is, and what is left of it in mono."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.document.model import SONG_RATE
from app.studio.audio.mix import Mixer, Sound
from resources.progress import Cancelled, never, stop_if

_WHOLE_SECONDS = 90
"""Of a longer song as many seconds are heard, spread over all of it."""
_SILENCE = 1e-12


@dataclass(frozen=True, slots=True)
class Stereo:
    """Attributes:
    correlation: of left and right: 1 is mono, 0 two takes that know nothing of each other, below that they cancel.
    width: share of the power that differs between the sides: 0 is mono, 1 is all out of phase.
    mono_db: how much louder (quieter, below 0) the mean of both sides is than they were; -inf where nothing is left.
    """

    correlation: float
    width: float
    mono_db: float


class StereoMeter:
    """Listens to stereo block by block."""

    def __init__(self) -> None:
        self._left = self._right = self._both = 0.0

    def feed(self, block: Sound) -> None:
        """Takes float32 [frames, 2]."""
        left, right = block[:, 0].astype(np.float64), block[:, 1].astype(np.float64)
        self._left += float(left @ left)
        self._right += float(right @ right)
        self._both += float(left @ right)

    def stereo(self) -> Stereo | None:
        """None for silence."""
        power = self._left + self._right
        if power <= _SILENCE:
            return None
        sides = np.sqrt(self._left * self._right)
        correlation = self._both / sides if sides > _SILENCE else 0.0
        mono = 0.5 + self._both / power
        return Stereo(
            correlation=float(np.clip(correlation, -1.0, 1.0)),
            width=float(np.clip(0.5 - self._both / power, 0.0, 1.0)),
            mono_db=float(10 * np.log10(mono)) if mono > 1e-9 else float("-inf"),
        )


def stereo_of(mixer: Mixer, start: int = 0, end: int | None = None, cancelled: Cancelled = never) -> Stereo | None:
    """Of a song, or of what of it lies between two frames; None for silence.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    meter = StereoMeter()
    for at in _seconds(start, mixer.frames if end is None else end):
        stop_if(cancelled)
        meter.feed(mixer.read(at, SONG_RATE))
    return meter.stereo()


def _seconds(start: int, end: int) -> Iterator[int]:
    """The frames at which the seconds that are heard begin."""
    whole = -(-max(end - start, 0) // SONG_RATE)
    heard = min(whole, _WHOLE_SECONDS)
    return (start + place * whole // heard * SONG_RATE for place in range(heard))
