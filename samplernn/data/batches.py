"""The order in which a model hears its training music: lanes that each follow one stretch, then jump elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samplernn.config import NO_AUGMENTATION, Augmentation, Law
from samplernn.data.augmentation import augmented_excerpt
from samplernn.data.quantise import encode, zero_code
from samplernn.errors import SoundError


class Lanes:
    """Endless batches of windows, in which every lane goes on where its last window ended.

    A lane starts at a random sample of the spans, follows the music for `length` samples or up to the end of its span,
    and starts anew; the first stretches are shorter at random, so that the lanes do not all jump at once. With
    `chunks` a lane follows one chunk after another instead: all chunks once in a random order, then in another.
    """

    def __init__(
        self,
        sound: NDArray[np.float32],
        spans: Sequence[tuple[int, int]],
        *,
        batch: int,
        window: int,
        context_length: int,
        length: int,
        levels: int,
        law: Law,
        seed: int,
        chunks: Sequence[tuple[int, int]] = (),
        augmentation: Augmentation = NO_AUGMENTATION,
    ) -> None:
        """`context_length` samples before each window come with it.

        Raises:
            SoundError: where no span holds a window.
        """
        self._sound = sound
        self._spans = [(start, stop) for start, stop in spans if stop - start >= window]
        self._chunks = [(start, stop) for start, stop in chunks if stop - start >= window]
        if not self._spans:
            raise SoundError("There is too little music to learn from.", "Add more tracks.")
        self._window, self._context_length, self._length = window, context_length, max(length, window)
        self._levels, self._law, self._augmentation = levels, law, augmentation
        self._random = np.random.default_rng(seed)
        self._place = np.zeros(batch)
        self._end = np.zeros(batch, dtype=np.int64)
        self._gain, self._speed = np.ones(batch), np.ones(batch)
        self._past = np.full((batch, context_length), zero_code(levels), dtype=np.int64)
        self._deck: list[int] = []
        self._young = True

    def next(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Codes [batch, context_length + window] and which lanes start anew, [batch]."""
        fresh = self._place + self._window * self._speed + self._around > self._end
        for lane in np.flatnonzero(fresh):
            self._jump(int(lane))
        self._young = False
        lanes = range(len(self._place))
        sound = np.stack([self._excerpt(lane, self._place[lane], self._window) for lane in lanes])
        codes = np.concatenate([self._past, self._encoded(sound)], axis=1)
        self._past = codes[:, self._window :].copy()
        self._place += self._window * self._speed
        return codes, fresh

    def position(self) -> dict[str, Any]:
        """Where the lanes are, as plain values for JSON; see `go_to`."""
        return plain(self.mark())

    def mark(self) -> dict[str, Any]:
        """As `position`, which takes a while, in arrays; see `plain`."""
        return {
            "place": self._place.copy(),
            "end": self._end.copy(),
            "gain": self._gain.copy(),
            "speed": self._speed.copy(),
            "past": self._past.copy(),
            "deck": list(self._deck),
            "random": self._random.bit_generator.state,
        }

    def go_to(self, position: dict[str, Any]) -> None:
        """Goes on exactly from an earlier `position`.

        Raises:
            KeyError, TypeError, ValueError: it is not one of these lanes.
        """
        batch = len(self._place)
        self._place = np.array(position["place"], dtype=np.float64)
        self._end = np.array(position["end"], dtype=np.int64)
        # runs from before there was augmentation tell nothing of these
        self._gain = np.array(position.get("gain", [1.0] * batch), dtype=np.float64)
        self._speed = np.array(position.get("speed", [1.0] * batch), dtype=np.float64)
        self._past = np.array(position["past"], dtype=np.int64)
        self._deck = list(position.get("deck", []))
        self._random.bit_generator.state = position["random"]
        self._young = not self._end.any()
        if not self._makes_sense(batch):
            raise ValueError("a position of other lanes")

    def _makes_sense(self, batch: int) -> bool:
        each = (self._place, self._end, self._gain, self._speed)
        if any(values.shape != (batch,) for values in each) or self._past.shape != (batch, self._context_length):
            return False
        places = np.concatenate([self._place, self._end])
        return bool(
            ((places >= 0) & (places <= len(self._sound))).all()
            and (np.abs(self._gain) <= 1.0).all()
            and ((self._speed > 0.5) & (self._speed < 2.0)).all()
            and ((self._past >= 0) & (self._past < self._levels)).all()
            and all(type(chunk) is int and 0 <= chunk < len(self._chunks) for chunk in self._deck)
        )

    def _jump(self, lane: int) -> None:
        start, place, end = self._chunk() if self._chunks else self._stretch()
        self._gain[lane], self._speed[lane] = self._augmentation.draw(self._random)
        if place + self._window * self._speed[lane] + self._around[lane] > end:
            self._speed[lane] = 1.0
        self._place[lane], self._end[lane] = place, end
        before = max(min(self._context_length, int((place - start - self._around[lane] / 2) / self._speed[lane])), 0)
        self._past[lane] = zero_code(self._levels)
        if before:
            excerpt = self._excerpt(lane, place - before * self._speed[lane], before)
            self._past[lane, -before:] = self._encoded(excerpt)

    @property
    def _around(self) -> NDArray[np.int64]:
        """Samples beyond a window that are read where they do not lie on samples of the sound, [batch]."""
        return np.where(self._speed == 1.0, 0, 2)

    def _stretch(self) -> tuple[int, int, int]:
        """A random stretch of the spans: where its span starts, where it starts and where it ends."""
        starts = np.array([stop - start - self._window + 1 for start, stop in self._spans])
        place = int(self._random.integers(starts.sum()))
        which = int(np.searchsorted(np.cumsum(starts), place, side="right"))
        start, stop = self._spans[which]
        place += start - int(starts[:which].sum())
        length = int(self._random.integers(self._window, self._length + 1)) if self._young else self._length
        return start, place, min(place + length, stop)

    def _chunk(self) -> tuple[int, int, int]:
        """The next chunk of the deck, as `_stretch`; nothing is heard before its first sample."""
        if not self._deck:
            self._deck = self._random.permutation(len(self._chunks)).tolist()
        start, stop = self._chunks[self._deck.pop()]
        return start, start, stop

    def _excerpt(self, lane: int, place: float, count: int) -> NDArray[np.float32]:
        return augmented_excerpt(self._sound, place, count, float(self._gain[lane]), float(self._speed[lane]))

    def _encoded(self, sound: NDArray[np.float32]) -> NDArray[np.int64]:
        dither = self._random.uniform(-0.5, 0.5, sound.shape) if self._augmentation.dither else 0.0
        return encode(sound, self._levels, self._law, dither)


def plain(mark: dict[str, Any]) -> dict[str, Any]:
    """The position that a mark stands for."""
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in mark.items()}
