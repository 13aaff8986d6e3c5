"""Sound without end, block by block, that can be steered while it is made."""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from samplernn.data.quantise import decode
from samplernn.engines.choice import Engine, open_sampler
from samplernn.engines.draw import Draw
from samplernn.engines.state import Moment
from samplernn.generation.degeneration import HEARD_SECONDS, JUDGED_SECONDS, Stuck, stuck
from samplernn.generation.priming import silence
from samplernn.generation.sampling import HOTTEST, Steering
from samplernn.network.model import SampleRNN

_BLOCK = 512
"""Samples at least."""
_LOOK_SECONDS = 0.5
"""Between two looks at whether a clip is stuck."""
_KICK = 1.3
"""What the temperature of a stuck clip is multiplied by."""
_KICK_SECONDS = 1.0
_KICKS = 2
"""That are tried before the clip gets a new state."""
_LOG = 1000
"""Traps that are remembered."""


@dataclass(frozen=True, slots=True)
class Trap:
    """A place at which a clip was stuck, and how it was helped."""

    clip: int
    seconds: float
    """Into the clip, where it was noticed."""
    kind: Stuck
    help: Literal["temperature", "state"]


@dataclass(frozen=True, slots=True)
class Position:
    """Everything that a stream needs to go on exactly."""

    moment: Moment
    samples: int
    noise: tuple[Mapping[str, Any], ...]
    """The random state of each clip."""
    heard: NDArray[np.float32]
    """The last seconds of sound, [clips, up to `HEARD_SECONDS`]."""
    kicks: NDArray[np.int64]
    """[clips]: how often each has been kicked for the trap that it is in."""
    hot_until: NDArray[np.int64]
    """[clips]: the sample at which the last kick ends."""


class Stream:
    """An endless iterator over blocks of sound [clips, samples], float32 in -1..1, at the rate of the model.

    Every clip draws its noise from its own seed, so it is the same alone and in company (to the last bit with the
    native engine; elsewhere as far as the rounding of the matrix products allows). Memory does not grow.

    Attributes:
        samples: made so far, of every clip.
        steering: of every clip; see `steer`.
        traps: the last traps that clips with `escape` were helped out of.
    """

    def __init__(
        self,
        model: SampleRNN,
        seeds: Sequence[int],
        steering: Sequence[Steering],
        *,
        rate: int,
        moment: Moment | None = None,
        fresh: Callable[[Sequence[int]], Moment] | None = None,
        engine: Engine = "auto",
    ) -> None:
        """Begins at a `moment` of as many clips.

        Args:
            fresh: where clips of some seeds begin, and clips that cannot be helped otherwise begin anew; in silence
                where nothing is said.

        Raises:
            SoundError: an engine that this computer does not have.
        """
        self._model, self._rate, self._seeds = model, rate, tuple(seeds)
        self.steering = list(steering)
        clips = len(self._seeds)
        self._fresh = fresh or functools.partial(silence, model)
        self._noise = [np.random.default_rng(seed) for seed in seeds]
        self._sampler = open_sampler(model, self._fresh(self._seeds) if moment is None else moment, engine=engine)
        self._block = -(-_BLOCK // model.config.top) * model.config.top
        self._heard = np.zeros((clips, 0), dtype=np.float32)
        self._kicks = np.zeros(clips, dtype=np.int64)
        self._hot_until = np.zeros(clips, dtype=np.int64)
        self.samples = 0
        self.traps: deque[Trap] = deque(maxlen=_LOG)

    def __iter__(self) -> Iterator[NDArray[np.float32]]:
        return self

    def __next__(self) -> NDArray[np.float32]:
        config = self._model.config
        codes = self._sampler.make(self._draw())
        self.samples += self._block
        sound = decode(codes, config.levels, config.law)
        if any(steering.escape for steering in self.steering):
            self._watch(sound)
        return sound

    def steer(self, clip: int, steering: Steering) -> None:
        """From the next block on."""
        self.steering[clip] = steering

    def position(self) -> Position:
        """Where the stream is now; see `go_to`."""
        noise = tuple(source.bit_generator.state for source in self._noise)
        moment, heard = self._sampler.moment(), self._heard.copy()
        return Position(moment, self.samples, noise, heard, self._kicks.copy(), self._hot_until.copy())

    def go_to(self, position: Position) -> None:
        """Goes on exactly from a `position` of a stream of as many clips of this model."""
        self._sampler.go_to(position.moment)
        for source, state in zip(self._noise, position.noise, strict=True):
            source.bit_generator.state = dict(state)
        self.samples, self._heard = position.samples, position.heard.copy()
        self._kicks, self._hot_until = position.kicks.copy(), position.hot_until.copy()

    def _draw(self) -> Draw:
        heat = [steering.temperatures(self.samples, self._block, self._rate) for steering in self.steering]
        for clip in np.flatnonzero(self._hot_until > self.samples):
            heat[clip] = np.minimum(heat[clip] * np.float32(_KICK), np.float32(HOTTEST))
        return Draw(
            np.stack([source.random(self._block, dtype=np.float32) for source in self._noise]),
            np.stack(heat),
            np.array([steering.top_k for steering in self.steering], dtype=np.int32),
            np.array([steering.top_p for steering in self.steering], dtype=np.float32),
        )

    def _watch(self, sound: NDArray[np.float32]) -> None:
        """Looks at the clips that may be helped, some times a second, and helps those that are stuck.

        What comes of the help is judged once nothing from before it is in sight.
        """
        self._heard = np.concatenate([self._heard, sound], axis=1)[:, -round(HEARD_SECONDS * self._rate) :]
        look, settling = round(_LOOK_SECONDS * self._rate), round(JUDGED_SECONDS * self._rate)
        if self.samples // look == (self.samples - self._block) // look:
            return
        renewed = []
        for clip, steering in enumerate(self.steering):
            if not steering.escape or (self._kicks[clip] and self._hot_until[clip] + settling > self.samples):
                continue
            kind = stuck(self._heard[clip], self._rate)
            if kind is None:
                self._kicks[clip] = 0
                continue
            new_state = self._kicks[clip] >= _KICKS
            self.traps.append(Trap(clip, self.samples / self._rate, kind, "state" if new_state else "temperature"))
            self._kicks[clip] = 1 if new_state else self._kicks[clip] + 1
            self._hot_until[clip] = self.samples + round(_KICK_SECONDS * self._rate)
            if new_state:
                renewed.append(clip)
        if renewed:
            self._renew(renewed)

    def _renew(self, clips: Sequence[int]) -> None:
        """These begin anew, each from a place of its own if it is drawn."""
        fresh = self._fresh([self._seeds[clip] + self.samples for clip in clips])
        self._sampler.go_to(self._sampler.moment().replaced(clips, fresh))
