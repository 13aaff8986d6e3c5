"""The equaliser that brings what a model plays to the strokes of a guide, while it plays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import fft

from samplernn.guides.strokes import (
    PER_SECOND,
    Floats,
    hop_of,
    levels_of,
    over_bins,
    spectra_of,
    strokes_at,
    window_of,
)

_LEAST_DB, _MOST_DB = -40.0, 20.0
_SWING = 0.15
"""By how much more than the guide the second equaliser moves: windows smear strokes a little."""
_AROUND = PER_SECOND // 4
_LINEAR = 0.75
"""Up to this amplitude sound passes as it is; what would be louder than 1 is bent below it."""


class Equaliser:
    """Gives clips [clips, n] the strokes [frames, 20] of their guides, block by block; what goes in comes out later.

    Every window of the sound is brought to its guide's level in each band, as far as `follow` (0..1) says, by 20 dB up
    and 40 dB down at most. However the sound is cut into blocks, it comes out the same up to rounding.
    """

    def __init__(self, strokes: Sequence[Floats], rate: int, follow: float = 1.0) -> None:
        self._strokes, self._rate, self._follow = strokes, rate, np.float32(follow)
        self._hop, self._window = hop_of(rate), window_of(rate)
        # the first window ends with the first hop of sound: its middle is a hop before that
        self._skip = len(self._window) - self._hop
        self._rest = np.zeros((len(strokes), self._skip), np.float32)
        self._sum = np.zeros((len(strokes), self._skip), np.float32)
        self._next = -1

    def push(self, sound: Floats) -> Floats:
        """What is ready after `sound` [clips, n] went in: [clips, m]."""
        self._rest = np.concatenate([self._rest, sound], axis=1)
        count = max((self._rest.shape[1] - len(self._window)) // self._hop + 1, 0)
        if not count:
            return self._rest[:, :0]
        spectra = spectra_of(self._rest[:, : (count - 1) * self._hop + len(self._window)], self._rate)
        self._rest = self._rest[:, count * self._hop :]
        moments = np.arange(self._next, self._next + count) * (self._hop * PER_SECOND / self._rate)
        self._next += count
        wanted = np.stack([strokes_at(strokes, moments) for strokes in self._strokes])
        gains = np.clip(self._follow * (wanted - levels_of(spectra, self._rate)), _LEAST_DB, _MOST_DB)
        spectra *= 10 ** ((gains @ over_bins(self._rate)) / 20)
        return self._added(fft.irfft(spectra, len(self._window), axis=-1) * self._window)

    def end(self) -> Floats:
        """The last of it: as much as went in, and some silence, has come out then."""
        return self.push(np.zeros((len(self._rest), 2 * len(self._window)), np.float32))

    def _added(self, frames: Floats) -> Floats:
        clips, count, length = frames.shape
        total = np.zeros((clips, (count - 1) * self._hop + length), np.float32)
        total[:, : self._sum.shape[1]] += self._sum
        for part in range(0, length, self._hop):
            piece = frames[:, :, part : part + self._hop].reshape(clips, -1)
            total[:, part : part + piece.shape[1]] += piece
        ready, self._sum = total[:, : count * self._hop], total[:, count * self._hop :]
        skipped = min(self._skip, ready.shape[1])
        self._skip -= skipped
        return ready[:, skipped:]


class Follower:
    """Brings clips to their guides: two equalisers, one behind the other, and nothing louder than 1.

    On noise shaped as an album, followed closely, strokes are those of the guide at 0.94, of one equaliser alone 0.89.
    """

    def __init__(self, strokes: Sequence[Floats], rate: int, follow: float = 1.0) -> None:
        self._first = Equaliser(strokes, rate, follow)
        self._second = Equaliser([swung(each, 1.0 + _SWING * follow) for each in strokes], rate, follow)

    def push(self, sound: Floats) -> Floats:
        """As `Equaliser.push`."""
        return bent(self._second.push(self._first.push(sound)))

    def end(self) -> Floats:
        """As `Equaliser.end`."""
        return bent(np.concatenate([self._second.push(self._first.end()), self._second.end()], axis=1))


def swung(strokes: Floats, swing: float) -> Floats:
    """Strokes [frames, 20] that move so many times as far around their mean of half a second, as loud as before."""
    if not len(strokes):
        return strokes
    length = 2 * _AROUND + 1
    sums = np.cumsum(np.pad(strokes, ((_AROUND + 1, _AROUND), (0, 0)), mode="edge"), axis=0, dtype=np.float64)
    mean = (sums[length:] - sums[:-length]) / length
    moved = mean + (strokes - mean) * swing
    louder = 10 * np.log10(np.mean(10 ** (moved / 10), axis=0) / np.mean(10 ** (strokes / 10), axis=0))
    as_loud: Floats = (moved - louder).astype(np.float32)
    return as_loud


def bent(sound: Floats) -> Floats:
    """Sound within -1..1: what is louder than 0.75 is bent (by a hyperbolic tangent), what is not stays as it is."""
    over = np.abs(sound) - _LINEAR
    if not (over > 0).any():
        return sound
    room = 1 - _LINEAR
    bent_down = np.sign(sound) * (_LINEAR + room * np.tanh(np.maximum(over, 0) / room))
    quiet: Floats = np.where(over > 0, bent_down, sound).astype(np.float32)
    return quiet
