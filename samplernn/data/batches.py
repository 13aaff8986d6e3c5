"""Batches of the training music for truncated backpropagation through time (TBPTT)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samplernn.config import NO_AUGMENTATION, Augmentation, Law, Preset
from samplernn.data.augmentation import augmented_excerpt
from samplernn.data.quantise import encode, zero_code
from samplernn.errors import SoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamConfig:
    """How the training music is cut into batches."""

    batch: int
    """Number of streams, the rows of a batch."""
    tbptt_length: int
    """Samples of each stream in a batch."""
    context_length: int
    """Samples right before those that the model sees as well."""
    stretch_length: int
    """Samples that a stream follows the music for, at most, before it starts anew elsewhere."""
    levels: int
    """Quantisation levels."""
    law: Law
    augmentation: Augmentation = NO_AUGMENTATION

    @staticmethod
    def of(preset: Preset) -> StreamConfig:
        """What a preset says of it."""
        model, training = preset.model, preset.train
        return StreamConfig(
            batch=training.batch,
            tbptt_length=training.window,
            context_length=model.context_length,
            stretch_length=round(training.lane_seconds * preset.rate),
            levels=model.levels,
            law=model.law,
            augmentation=training.augmentation,
        )


class Streams:
    """Endless batches, in which every row (a stream) goes on where it ended in the batch before.

    A stream starts at a random sample of the spans, follows the music for `stretch_length` samples or up to the end of
    its span, and starts anew; the first stretches are shorter at random, so that the streams do not all start anew at
    once. With `chunks` a stream follows one chunk after another instead: all chunks once in a random order, then in
    another.

    Attributes:
        newest_places: where in the sound the streams of the newest batch begin, [batch].
    """

    def __init__(
        self,
        sound: NDArray[np.float32],
        spans: Sequence[tuple[int, int]],
        config: StreamConfig,
        *,
        seed: int,
        chunks: Sequence[tuple[int, int]] = (),
    ) -> None:
        """Takes `spans` of `sound`, float32 [samples], in -1..1.

        Raises:
            SoundError: where no span is as long as `tbptt_length`.
        """
        length, batch = config.tbptt_length, config.batch
        self._sound, self._config = sound, config
        self._spans = [(start, stop) for start, stop in spans if stop - start >= length]
        self._chunks = [(start, stop) for start, stop in chunks if stop - start >= length]
        if not self._spans:
            raise SoundError("There is too little music to learn from.", "Add more tracks.")
        self._random = np.random.default_rng(seed)
        self._place = np.zeros(batch)
        self._end = np.zeros(batch, dtype=np.int64)
        self._gain, self._speed = np.ones(batch), np.ones(batch)
        self._context = np.full((batch, config.context_length), zero_code(config.levels), dtype=np.int64)
        self._chunks_left: list[int] = []
        self._is_first_batch = True
        self.newest_places = self._place.copy()

    @property
    def samples(self) -> int:
        """Length of the sound."""
        return len(self._sound)

    def excerpt(self, stream: int, place: float, begin: int, count: int) -> NDArray[np.float32]:
        """`count` samples as this stream hears them now, from `begin` samples after `place` of the sound on."""
        return self._excerpt(stream, place + begin * float(self._speed[stream]), count)

    def next(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The next batch: codes [batch, context_length + tbptt_length], and which streams start anew, [batch]."""
        length = self._config.tbptt_length
        fresh = self._place + length * self._speed + self._interpolation_margin > self._end
        for stream in np.flatnonzero(fresh):
            self._start_anew(int(stream))
        self._is_first_batch = False
        streams = range(len(self._place))
        sound = np.stack([self._excerpt(stream, self._place[stream], length) for stream in streams])
        codes = np.concatenate([self._context, self._encoded(sound)], axis=1)
        self._context = codes[:, length:].copy()
        self.newest_places = self._place.copy()
        self._place += length * self._speed
        return codes, fresh

    def state_dict(self) -> dict[str, Any]:
        """All that going on exactly needs, as arrays; `plain_values` makes JSON of it, see `load_state_dict`.

        The names are those of the state file: "past" is the context, "deck" the chunks that are left of this round.
        """
        return {
            "place": self._place.copy(),
            "end": self._end.copy(),
            "gain": self._gain.copy(),
            "speed": self._speed.copy(),
            "past": self._context.copy(),
            "deck": list(self._chunks_left),
            "random": self._random.bit_generator.state,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Goes on exactly from an earlier `state_dict`, or from the plain values of one.

        Raises:
            KeyError, TypeError, ValueError: it is not one of these streams.
        """
        batch = len(self._place)
        self._place = np.array(state["place"], dtype=np.float64)
        self._end = np.array(state["end"], dtype=np.int64)
        # state files from before there was augmentation have neither of these
        self._gain = np.array(state.get("gain", [1.0] * batch), dtype=np.float64)
        self._speed = np.array(state.get("speed", [1.0] * batch), dtype=np.float64)
        self._context = np.array(state["past"], dtype=np.int64)
        self._chunks_left = list(state.get("deck", []))
        self._random.bit_generator.state = state["random"]
        self._is_first_batch = not self._end.any()
        if not self._is_valid(batch):
            raise ValueError("the state of other streams")

    def _is_valid(self, batch: int) -> bool:
        """Whether the state that was loaded, which may come from a damaged file, can be gone on from."""
        per_stream = (self._place, self._end, self._gain, self._speed)
        if any(values.shape != (batch,) for values in per_stream):
            return False
        if self._context.shape != (batch, self._config.context_length):
            return False
        places = np.concatenate([self._place, self._end])
        return bool(
            ((places >= 0) & (places <= len(self._sound))).all()
            and (np.abs(self._gain) <= 1.0).all()
            and ((self._speed > 0.5) & (self._speed < 2.0)).all()
            and ((self._context >= 0) & (self._context < self._config.levels)).all()
            and all(type(chunk) is int and 0 <= chunk < len(self._chunks) for chunk in self._chunks_left)
        )

    def _start_anew(self, stream: int) -> None:
        config = self._config
        start, place, end = self._next_chunk() if self._chunks else self._random_stretch()
        self._gain[stream], self._speed[stream] = config.augmentation.draw(self._random)
        if place + config.tbptt_length * self._speed[stream] + self._interpolation_margin[stream] > end:
            self._speed[stream] = 1.0
        self._place[stream], self._end[stream] = place, end
        room = int((place - start - self._interpolation_margin[stream] / 2) / self._speed[stream])
        before = max(min(config.context_length, room), 0)
        self._context[stream] = zero_code(config.levels)
        if before:
            excerpt = self._excerpt(stream, place - before * self._speed[stream], before)
            self._context[stream, -before:] = self._encoded(excerpt)

    @property
    def _interpolation_margin(self) -> NDArray[np.int64]:
        """Samples of the sound that are read beyond an excerpt to interpolate it, [batch]; none at speed 1."""
        return np.where(self._speed == 1.0, 0, 2)

    def _random_stretch(self) -> tuple[int, int, int]:
        """A random stretch of the spans: where its span starts, where it starts and where it ends."""
        shortest, longest = self._config.tbptt_length, max(self._config.stretch_length, self._config.tbptt_length)
        starts = np.array([stop - start - shortest + 1 for start, stop in self._spans])
        place = int(self._random.integers(starts.sum()))
        which = int(np.searchsorted(np.cumsum(starts), place, side="right"))
        start, stop = self._spans[which]
        place += start - int(starts[:which].sum())
        length = int(self._random.integers(shortest, longest + 1)) if self._is_first_batch else longest
        return start, place, min(place + length, stop)

    def _next_chunk(self) -> tuple[int, int, int]:
        """The next chunk of this round, as `_random_stretch`; there is no context before its first sample."""
        if not self._chunks_left:
            self._chunks_left = self._random.permutation(len(self._chunks)).tolist()
        start, stop = self._chunks[self._chunks_left.pop()]
        return start, start, stop

    def _excerpt(self, stream: int, place: float, count: int) -> NDArray[np.float32]:
        return augmented_excerpt(self._sound, place, count, float(self._gain[stream]), float(self._speed[stream]))

    def _encoded(self, sound: NDArray[np.float32]) -> NDArray[np.int64]:
        config = self._config
        dither = self._random.uniform(-0.5, 0.5, sound.shape) if config.augmentation.dither else 0.0
        return encode(sound, config.levels, config.law, dither)


def plain_values(state: dict[str, Any]) -> dict[str, Any]:
    """A state dict of `Streams` for JSON: lists instead of arrays."""
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in state.items()}
