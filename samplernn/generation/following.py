"""How likely a model finds a sound once it has heard another: the exact likelihood, by one pass over both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from resources.progress import Cancelled, Report, never, no_report, stop_if
from samplernn.config import GUIDE_HOP
from samplernn.data.quantise import encode, zero_code
from samplernn.guides.guide_frames import guide_of_sound
from samplernn.network.conditioning import GuideFrames
from samplernn.network.model import SampleRNN

_AT_ONCE = 4096
"""Samples of each sound that run through the network at a time."""


@torch.inference_mode()
def bits_of_following(
    model: SampleRNN,
    heard: Sequence[NDArray[np.float32]],
    following: NDArray[np.float32],
    guide_rate: int | None = None,
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> NDArray[np.float64]:
    """Mean bits per sample, -log2 p, of `following` [n] after each of the sounds `heard`: float64 [len(heard)].

    Each of them is heard from silence on; of their beginnings, what makes them longer than the shortest one is left
    out, and so is less than a frame (of the slowest tier, or of a guide). Every sample of `following` counts once.

    Args:
        heard: sounds of any length, at the rate of the model.
        guide_rate: in Hz; with it, a network with guides hears that of the sound itself.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    config, clips = model.config, len(heard)
    shortest = min(map(len, heard))
    sound = np.stack([np.concatenate([each[len(each) - shortest :], following]) for each in heard])
    whole = GUIDE_HOP if config.guide_predictor else config.top
    sound = sound[:, sound.shape[1] % whole :]
    length, counted = sound.shape[1], min(len(following), sound.shape[1])
    before = np.full(config.context_length, zero_code(config.levels), np.int64)
    codes = np.stack([np.concatenate([before, encode(each, config.levels, config.law)]) for each in sound])
    guides = (
        [guide_of_sound(model, guide_rate, each) for each in sound] if guide_rate and config.guide_predictor else []
    )
    first = model.first_state(1, torch.Generator().manual_seed(0))  # the same for all, also where it is random
    state = [(hidden.repeat_interleave(clips, 1), cell.repeat_interleave(clips, 1)) for hidden, cell in first]
    window = -(-_AT_ONCE // whole) * whole
    total = np.zeros(clips, np.float64)
    model.eval()
    for begin in range(0, length, window):
        stop_if(cancelled)
        report(begin / length, "Asking the model")
        end = min(begin + window, length)
        piece = torch.from_numpy(codes[:, begin : end + config.context_length]).to(model.device)
        conditioning = None
        if guides:
            frames = [guide.frames(begin // GUIDE_HOP, end // GUIDE_HOP + 1) for guide in guides]
            conditioning = GuideFrames.side_by_side(frames).tensors(model.device)
        bits, state = model.score(piece, state, conditioning)
        total += bits[:, max(length - counted - begin, 0) :].double().sum(dim=1).cpu().numpy()
    mean: NDArray[np.float64] = total / max(counted, 1)
    return mean
