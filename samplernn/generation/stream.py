"""An endless stream of sound, block by block; its sampling parameters can be changed while it is made."""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

import numpy as np
from numpy.typing import NDArray

from samplernn.config import GUIDE_HOP
from samplernn.data.quantise import decode
from samplernn.engines.choice import EngineName, open_engine
from samplernn.engines.recurrent_state import RecurrentState
from samplernn.engines.sampling_request import SamplingRequest
from samplernn.generation.degeneration import HEARD_SECONDS, JUDGED_SECONDS, DegenerationKind, degeneration_of
from samplernn.generation.priming import silence
from samplernn.generation.sampling import HOTTEST, SamplingParameters
from samplernn.guides.guide import Guide
from samplernn.guides.guide_frames import GuideOfClip, LiveGuideFrames
from samplernn.guides.live_equaliser import LoopedGuide
from samplernn.network.conditioning import GuideFrames
from samplernn.network.model import SampleRNN

_BLOCK = 512
"""Samples per block, rounded up to whole frames of the slowest tier."""
_LOOK_SECONDS = 0.5
"""Between two checks for degeneration."""
_BOOST = 1.3
"""What the temperature of a stuck clip is multiplied by."""
_BOOST_SECONDS = 1.0
_BOOSTS = 2
"""How often the temperature is raised before the clip gets a new state."""
_LOG = 1000
"""Degenerations that are remembered."""


@dataclass(frozen=True, slots=True)
class Degeneration:
    """A place at which a clip was stuck in silence, noise or a loop, and how it was helped."""

    clip: int
    seconds: float
    """From the beginning of the clip to where it was noticed."""
    kind: DegenerationKind
    help: Literal["temperature", "state"]


@dataclass(frozen=True, slots=True)
class Start:
    """Where the clips of a stream begin, and along what."""

    state: RecurrentState | None = None
    """Of all clips; None for what `renewed` makes of their seeds."""
    renewed: Callable[[Sequence[int]], RecurrentState] | None = None
    """Makes the states of clips with these seeds that begin, or begin anew as nothing else helps; None for silence."""
    guides: Sequence[Guide] = ()
    """Of each clip, for a network that takes them; none to play without."""


class StreamState(TypedDict):
    """Everything that a stream needs to go on exactly."""

    recurrent: RecurrentState
    samples: int
    noise: tuple[Mapping[str, Any], ...]
    """The state of the random generator of each clip."""
    heard: NDArray[np.float32]
    """The last seconds of sound, [clips, up to `HEARD_SECONDS`]."""
    boosts: NDArray[np.int64]
    """[clips]: how often the temperature of each was raised in its present degeneration."""
    boosted_until: NDArray[np.int64]
    """[clips]: the sample at which the last raised temperature ends."""


class Stream:
    """An endless iterator over blocks of sound [clips, samples], float32 in -1..1, at the rate of the model.

    Every clip draws its noise from its own seed, so it is the same alone and in company (to the last bit with the
    native engine; elsewhere as far as the rounding of the matrix products allows). Memory does not grow.

    Attributes:
        samples: made so far, of every clip.
        parameters: of every clip, [clips]; see `set_parameters`.
        degenerations: the latest degenerations of clips with `escape`, and how they were helped.
    """

    def __init__(
        self,
        model: SampleRNN,
        seeds: Sequence[int],
        parameters: Sequence[SamplingParameters],
        *,
        rate: int,
        start: Start | None = None,
        engine: EngineName = "auto",
    ) -> None:
        """Opens the engine.

        Args:
            seeds: of the random numbers of each clip, [clips].
            parameters: of each clip, [clips].
            rate: of the model's sound, in Hz.
            start: in silence by default.

        Raises:
            SoundError: an engine that this computer does not have.
        """
        start = start or Start()
        self._model, self._rate, self._seeds = model, rate, tuple(seeds)
        self.parameters = list(parameters)
        clips = len(self._seeds)
        self._renewed = start.renewed or functools.partial(silence, model)
        self._noise = [np.random.default_rng(seed) for seed in seeds]
        self._engine = open_engine(
            model, self._renewed(self._seeds) if start.state is None else start.state, engine=engine
        )
        self._block = -(-_BLOCK // model.config.top) * model.config.top
        self._live_guide: LiveGuideFrames | None = None
        self._guides: list[GuideOfClip] = []
        if model.config.guide_predictor and any(guide.follow > 0 for guide in start.guides):
            self._guides = [GuideOfClip(model, guide, rate) for guide in start.guides]
        self._heard = np.zeros((clips, 0), dtype=np.float32)
        self._boosts = np.zeros(clips, dtype=np.int64)
        self._boosted_until = np.zeros(clips, dtype=np.int64)
        self.samples = 0
        self.degenerations: deque[Degeneration] = deque(maxlen=_LOG)

    def __iter__(self) -> Iterator[NDArray[np.float32]]:
        return self

    def __next__(self) -> NDArray[np.float32]:
        config = self._model.config
        codes = self._engine.make(self._draw())
        self.samples += self._block
        sound = decode(codes, config.levels, config.law)
        if any(parameters.escape for parameters in self.parameters):
            self._watch(sound)
        return sound

    @property
    def engine(self) -> str:
        """Name of the engine that makes the sound: torch, native or cuda."""
        return type(self._engine).__name__.removesuffix("Engine").lower()

    def set_parameters(self, clip: int, parameters: SamplingParameters) -> None:
        """Sets the parameters of one clip, from the next block on."""
        self.parameters[clip] = parameters

    def set_guide(self, guide: LoopedGuide | None, begins: int, follow: float) -> None:
        """Lets a network that takes guides hear this one instead of those it began with, from the next block on.

        Args:
            guide: of all clips; None to play without.
            begins: the sample of the stream with which it begins.
            follow: how closely it is followed, 0..1.
        """
        if self._model.config.guide_predictor:
            self._live_guide = self._live_guide or LiveGuideFrames(self._model, self._rate)
            self._live_guide.change(guide, begins, follow)

    def state_dict(self) -> StreamState:
        """All that the stream needs to go on exactly; see `load_state_dict`."""
        noise = tuple(source.bit_generator.state for source in self._noise)
        return StreamState(
            recurrent=self._engine.state(),
            samples=self.samples,
            noise=noise,
            heard=self._heard.copy(),
            boosts=self._boosts.copy(),
            boosted_until=self._boosted_until.copy(),
        )

    def load_state_dict(self, state: StreamState) -> None:
        """Goes on exactly from the `state_dict` of a stream of as many clips of this model."""
        self._engine.load_state(state["recurrent"])
        for source, noise in zip(self._noise, state["noise"], strict=True):
            source.bit_generator.state = dict(noise)
        self.samples, self._heard = state["samples"], state["heard"].copy()
        while self.degenerations and self.degenerations[-1].seconds * self._rate > self.samples:
            self.degenerations.pop()  # of what is to be made anew
        self._boosts, self._boosted_until = state["boosts"].copy(), state["boosted_until"].copy()

    def _draw(self) -> SamplingRequest:
        heat = [parameters.temperatures(self.samples, self._block, self._rate) for parameters in self.parameters]
        for clip in np.flatnonzero(self._boosted_until > self.samples):
            heat[clip] = np.minimum(heat[clip] * np.float32(_BOOST), np.float32(HOTTEST))
        return SamplingRequest(
            np.stack([source.random(self._block, dtype=np.float32) for source in self._noise]),
            np.stack(heat),
            np.array([parameters.top_k for parameters in self.parameters], dtype=np.int32),
            np.array([parameters.top_p for parameters in self.parameters], dtype=np.float32),
            self._guide_frames(),
        )

    def _guide_frames(self) -> GuideFrames | None:
        """What the next block is to follow."""
        first = self.samples // GUIDE_HOP
        last = first + self._block // GUIDE_HOP
        if self._live_guide is not None:
            if not self._live_guide.is_followed:
                return None
            frames = self._live_guide.frames(first, last)
            return GuideFrames.side_by_side([frames] * len(self._seeds))
        if not self._guides:
            return None
        return GuideFrames.side_by_side([guide.frames(first, last) for guide in self._guides])

    def _watch(self, sound: NDArray[np.float32]) -> None:
        """Checks clips with `escape` for degeneration, twice a second, and helps those that are stuck.

        What comes of the help is judged once nothing from before it is in sight.
        """
        self._heard = np.concatenate([self._heard, sound], axis=1)[:, -round(HEARD_SECONDS * self._rate) :]
        look, settling = round(_LOOK_SECONDS * self._rate), round(JUDGED_SECONDS * self._rate)
        if self.samples // look == (self.samples - self._block) // look:
            return
        renewed = []
        for clip, parameters in enumerate(self.parameters):
            if not parameters.escape or (self._boosts[clip] and self._boosted_until[clip] + settling > self.samples):
                continue
            kind = degeneration_of(self._heard[clip], self._rate)
            if kind is None:
                self._boosts[clip] = 0
                continue
            new_state = self._boosts[clip] >= _BOOSTS
            self.degenerations.append(
                Degeneration(clip, self.samples / self._rate, kind, "state" if new_state else "temperature")
            )
            self._boosts[clip] = 1 if new_state else self._boosts[clip] + 1
            self._boosted_until[clip] = self.samples + round(_BOOST_SECONDS * self._rate)
            if new_state:
                renewed.append(clip)
        if renewed:
            self._renew(renewed)

    def _renew(self, clips: Sequence[int]) -> None:
        """Gives these clips new states, from seeds of their own."""
        fresh = self._renewed([self._seeds[clip] + self.samples for clip in clips])
        self._engine.load_state(self._engine.state().with_replaced(clips, fresh))
