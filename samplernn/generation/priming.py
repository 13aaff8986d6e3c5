"""Where clips begin: in silence, where other sound ends, or amid the music of the album."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import soxr
import torch
from numpy.typing import NDArray

from resources.progress import Cancelled, never, stop_if
from samplernn.audio.reading import MonoSound, at_rate, heard_in_mono
from samplernn.config import GUIDE_HOP
from samplernn.data.dataset import Dataset
from samplernn.data.quantise import encode, zero_code
from samplernn.engines.recurrent_state import RecurrentState
from samplernn.errors import SoundError
from samplernn.guides.guide_frames import guide_of_sound
from samplernn.network.conditioning import Conditioning
from samplernn.network.model import SampleRNN

LONGEST_SECONDS = 20.0
"""The network remembers no more than this."""
_ALBUM_SECONDS = 1.0
_ALBUM = 1
"""Second part of the seed of the place in the album, so that it is independent of the clip's own random numbers."""
_HEARD_AT_ONCE = 4096
"""Samples of a prime that run through the network at a time."""


@dataclass(frozen=True, slots=True)
class Prime:
    """A sound file that clips go on from: from its end, or from a place in it.

    Attributes:
        end: the place, in seconds; None for the end of the file.
        gain: what the model's music was multiplied by, so that the prime is as loud as what the model has heard.
    """

    path: Path
    gain: float = 1.0
    end: float | None = None

    @property
    def name(self) -> str:
        """Name of the file."""
        return self.path.name

    def sound_at(self, rate: int, cancelled: Cancelled = never) -> NDArray[np.float32]:
        """The last `LONGEST_SECONDS` before the place, mono [n], within -1..1, at `rate` Hz.

        Raises:
            SoundError: a file that cannot be read, or holds no sound.
            concurrent.futures.CancelledError: once `cancelled()`.
        """
        longest = round(LONGEST_SECONDS * rate)

        def hear(heard: MonoSound) -> NDArray[np.float32]:
            sound, left = np.zeros(0, np.float32), math.inf if self.end is None else round(self.end * rate)
            mono = (mixed for _, mixed in heard.blocks(cancelled))
            for block in at_rate(mono, heard.info.rate, rate):
                sound = np.concatenate([sound, block[: int(max(min(len(block), left), 0))]])[-longest:]
                left -= len(block)
                if left <= 0 and heard.info.channels == 1:  # of several channels, all of the file is to be known
                    break
            return sound

        sound = heard_in_mono(self.path, hear, cancelled)
        if not len(sound):
            raise SoundError(f"“{self.path.name}” holds no sound to go on from.", "Choose another file.")
        primed: NDArray[np.float32] = np.clip(sound * np.float32(self.gain), -1.0, 1.0)
        return primed


@dataclass(frozen=True, slots=True, eq=False)
class AlbumPrime:
    """A second of the album's music before each clip, another one for every seed.

    In silence, a model that has learnt for minutes begins as the quietest song does, and hardly leaves that. It is a
    second of held-out music where there is enough: nothing that was learnt by heart goes on from it.
    """

    name: ClassVar[str] = "album"
    dataset: Dataset

    def sound_for(self, seed: int, rate: int) -> NDArray[np.float32]:
        """The second for this seed, mono [n], at `rate` Hz; empty where no stretch of the album is that long."""
        dataset = self.dataset
        length = round(_ALBUM_SECONDS * dataset.rate)
        spans = [span for span in dataset.valid if span.length >= length]
        spans = spans or [span for span in dataset.train if span.length >= length]
        if not spans:
            return np.zeros(0, np.float32)
        ends = np.cumsum([span.length - length + 1 for span in spans])
        place = int(np.random.default_rng([seed, _ALBUM]).integers(ends[-1]))
        which = int(np.searchsorted(ends, place, side="right"))
        stop = spans[which].stop - (int(ends[which]) - 1 - place)
        sound = np.array(dataset.sound[stop - length : stop])
        return sound if rate == dataset.rate else soxr.resample(sound, dataset.rate, rate)


def begin(
    model: SampleRNN,
    seeds: Sequence[int],
    prime: Prime | AlbumPrime | None = None,
    *,
    rate: int,
    guided: bool = False,
    cancelled: Cancelled = never,
) -> RecurrentState:
    """The state in which the clips of these seeds begin, for a model of sound at `rate` Hz; silence without a `prime`.

    A model with guides hears the prime's own with it where the clips are `guided`.

    Raises:
        SoundError: the prime cannot be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    state = silence(model, seeds)
    if prime is None:
        return state
    if isinstance(prime, Prime):
        return after(model, prime.sound_at(rate, cancelled), state, rate if guided else None)
    parts = []
    for clip, seed in enumerate(seeds):  # one by one: rounding must not depend on the company
        stop_if(cancelled)
        parts.append(after(model, prime.sound_for(seed, rate), state.select([clip]), rate if guided else None))
    return RecurrentState.concatenate(parts)


def silence(model: SampleRNN, seeds: Sequence[int]) -> RecurrentState:
    """The state after silence: the initial one of the model, from each clip's own seed where it is random."""
    each = [model.first_state(1, torch.Generator().manual_seed(seed)) for seed in seeds]
    tiers = tuple(
        (_together([hidden for hidden, _ in tier]), _together([cell for _, cell in tier]))
        for tier in zip(*each, strict=True)
    )
    past = np.full((len(seeds), model.config.context_length), zero_code(model.config.levels))
    return RecurrentState(tiers, past, _residuals(model, past))


@torch.inference_mode()
def after(
    model: SampleRNN, sound: NDArray[np.float32], state: RecurrentState, guide_rate: int | None = None
) -> RecurrentState:
    """The state of every clip after `sound` [n], at the model's rate, has run through the whole network.

    Of its beginning, what is less than a frame (of the slowest tier, or of a guide) is left out. With `guide_rate`, the
    rate in Hz, a network with guides hears that of the sound itself.
    """
    config = model.config
    guide = None
    if guide_rate and config.guide_predictor:
        sound = sound[len(sound) % GUIDE_HOP :]
        guide = guide_of_sound(model, guide_rate, sound)
    codes = encode(sound[len(sound) % config.top :], config.levels, config.law)
    tensors = [(_there(hidden, model), _there(cell, model)) for hidden, cell in state.tiers]
    past = state.past
    window = -(-_HEARD_AT_ONCE // config.top) * config.top
    conditioning = None
    for begin in range(0, len(codes), window):
        new = np.broadcast_to(codes[begin : begin + window], (state.clips, len(codes[begin : begin + window])))
        past = np.concatenate([past[:, -config.context_length :], new], axis=1)
        if guide is not None:
            frames = guide.frames(begin // GUIDE_HOP, min(begin + window, len(codes)) // GUIDE_HOP + 1)
            conditioning = frames.tensors(model.device).of_clips(state.clips)
        _, tensors = model.score(_there(past, model), tensors, conditioning)
    tiers = tuple((hidden.cpu().numpy(), cell.cpu().numpy()) for hidden, cell in tensors)
    past = np.ascontiguousarray(past[:, -config.context_length :])
    return RecurrentState(tiers, past, _residuals(model, past, conditioning, tensors))


@torch.inference_mode()
def _residuals(
    model: SampleRNN,
    past: NDArray[np.int64],
    conditioning: Conditioning | None = None,
    states: Sequence[tuple[torch.Tensor, torch.Tensor]] = (),
) -> NDArray[np.float32] | None:
    """Those that the state of a network with guides has, [clips, surprises, 2]; None for another network."""
    if model.prediction is None or not model.config.guide_predictor:
        return None
    known = model.config.predictor + model.config.surprises
    adapted = states[-1] if model.config.adaptive and states else None
    residuals: NDArray[np.float32] = (
        model.prediction.residuals(_there(past[:, -known:], model), conditioning, adapted).cpu().numpy()
    )
    return residuals


def _together(parts: Sequence[torch.Tensor]) -> NDArray[np.float32]:
    together: NDArray[np.float32] = torch.cat(list(parts), dim=1).detach().cpu().numpy()
    return together


def _there(values: NDArray[Any], model: SampleRNN) -> torch.Tensor:
    return torch.from_numpy(np.array(values)).to(model.device)
