"""The order in which a model hears its training music: lanes that each follow one stretch, then jump elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samplernn.config import Law
from samplernn.errors import SoundError
from samplernn.quantise import encode, zero_code


class Lanes:
    """Endless batches of windows, in which every lane goes on where its last window ended.

    A lane starts at a random sample of the spans, follows the music for `length` samples or up to the end of its span,
    and starts anew; the first stretches are shorter at random, so that the lanes do not all jump at once.
    """

    def __init__(
        self,
        sound: NDArray[np.float32],
        spans: Sequence[tuple[int, int]],
        *,
        batch: int,
        window: int,
        reach: int,
        length: int,
        levels: int,
        law: Law,
        seed: int,
    ) -> None:
        """`reach` samples before each window come with it.

        Raises:
            SoundError: where no span holds a window.
        """
        self._sound = sound
        self._spans = [(start, stop) for start, stop in spans if stop - start >= window]
        if not self._spans:
            raise SoundError("There is too little music to learn from.", "Add more tracks.")
        self._window, self._reach, self._length = window, reach, max(length, window)
        self._levels, self._law = levels, law
        self._random = np.random.default_rng(seed)
        self._place = np.zeros(batch, dtype=np.int64)
        self._end = np.zeros(batch, dtype=np.int64)
        self._past = np.full((batch, reach), zero_code(levels), dtype=np.int64)
        self._young = True

    def next(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Codes [batch, reach + window] and which lanes start anew, [batch]."""
        fresh = self._place + self._window > self._end
        for lane in np.flatnonzero(fresh):
            self._jump(int(lane))
        self._young = False
        sound = np.stack([self._sound[place : place + self._window] for place in self._place])
        codes = np.concatenate([self._past, encode(sound, self._levels, self._law)], axis=1)
        self._past = codes[:, self._window :].copy()
        self._place += self._window
        return codes, fresh

    def position(self) -> dict[str, Any]:
        """Where the lanes are, as plain values for JSON; see `go_to`."""
        return {
            "place": self._place.tolist(),
            "end": self._end.tolist(),
            "past": self._past.tolist(),
            "random": self._random.bit_generator.state,
        }

    def go_to(self, position: dict[str, Any]) -> None:
        """Goes on exactly from an earlier `position`."""
        self._place = np.array(position["place"], dtype=np.int64)
        self._end = np.array(position["end"], dtype=np.int64)
        self._past = np.array(position["past"], dtype=np.int64)
        self._random.bit_generator.state = position["random"]
        self._young = not self._end.any()

    def _jump(self, lane: int) -> None:
        starts = np.array([stop - start - self._window + 1 for start, stop in self._spans])
        place = int(self._random.integers(starts.sum()))
        which = int(np.searchsorted(np.cumsum(starts), place, side="right"))
        start, stop = self._spans[which]
        place += start - int(starts[:which].sum())
        length = int(self._random.integers(self._window, self._length + 1)) if self._young else self._length
        self._place[lane], self._end[lane] = place, min(place + length, stop)
        before = self._sound[max(start, place - self._reach) : place]
        self._past[lane] = zero_code(self._levels)
        if len(before):
            self._past[lane, -len(before) :] = encode(before, self._levels, self._law)
