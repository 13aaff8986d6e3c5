"""Where clips begin: in silence, where other sound ends, or amid the music of the album."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from samplernn.model import SampleRNN
from samplernn.moment import Moment
from samplernn.prime import AlbumPrime, Prime
from samplernn.progress import Cancelled, never, stop_if
from samplernn.quantise import encode, zero_code

_HEARD_AT_ONCE = 4096
"""Samples of a prime."""


def begin(
    model: SampleRNN,
    seeds: Sequence[int],
    prime: Prime | AlbumPrime | None = None,
    *,
    rate: int,
    cancelled: Cancelled = never,
) -> Moment:
    """Where the clips of these seeds begin, for a model of sound at `rate`; in silence without a `prime`.

    Raises:
        SoundError: the prime cannot be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    moment = silence(model, seeds)
    if prime is None:
        return moment
    if isinstance(prime, Prime):
        return after(model, prime.sound_at(rate, cancelled), moment)
    parts = []
    for clip, seed in enumerate(seeds):  # one by one: rounding must not depend on the company
        stop_if(cancelled)
        parts.append(after(model, prime.sound_for(seed, rate), moment.take([clip])))
    return Moment.joined(parts)


def silence(model: SampleRNN, seeds: Sequence[int]) -> Moment:
    """Nothing has been heard: the first state of the model, drawn from each clip's own seed where it is random."""
    each = [model.first_state(1, torch.Generator().manual_seed(seed)) for seed in seeds]
    states = tuple(
        (_together([hidden for hidden, _ in tier]), _together([cell for _, cell in tier]))
        for tier in zip(*each, strict=True)
    )
    return Moment(states, np.full((len(seeds), model.config.reach), zero_code(model.config.levels)))


@torch.inference_mode()
def after(model: SampleRNN, sound: NDArray[np.float32], moment: Moment) -> Moment:
    """The moment at which every clip has heard all of `sound` [n], at the model's rate, through the whole network.

    Of its beginning, what is less than a frame of the slowest tier is left out.
    """
    config = model.config
    codes = encode(sound[len(sound) % config.top :], config.levels, config.law)
    state = [(_there(hidden, model), _there(cell, model)) for hidden, cell in moment.states]
    past = moment.past
    window = -(-_HEARD_AT_ONCE // config.top) * config.top
    for begin in range(0, len(codes), window):
        new = np.broadcast_to(codes[begin : begin + window], (moment.clips, len(codes[begin : begin + window])))
        past = np.concatenate([past[:, -config.reach :], new], axis=1)
        _, state = model.score(_there(past, model), state)
    states = tuple((hidden.cpu().numpy(), cell.cpu().numpy()) for hidden, cell in state)
    return Moment(states, np.ascontiguousarray(past[:, -config.reach :]))


def _together(parts: Sequence[torch.Tensor]) -> NDArray[np.float32]:
    together: NDArray[np.float32] = torch.cat(list(parts), dim=1).detach().cpu().numpy()
    return together


def _there(values: NDArray[Any], model: SampleRNN) -> torch.Tensor:
    return torch.from_numpy(np.array(values)).to(model.device)
