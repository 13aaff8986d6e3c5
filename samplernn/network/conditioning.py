"""What a guide says to a network, in numbers; `samplernn.guides.conditioning` makes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import pad

from samplernn.config import GUIDE_FEATURES, GUIDE_HOP


class Conditioning(NamedTuple):
    """Of each clip, frame by frame: a frame is `GUIDE_HOP` samples long. All float32.

    Where the scale is 0 there is no guide: the filter that was fitted to the album takes its place. All else is 0
    there, too, which is how a network knows.
    """

    filters: Tensor
    """Linear predictors, [clips, frames, guide_predictor], the newest sample last."""
    scales: Tensor
    """The usual size of their residuals, [clips, frames]."""
    features: Tensor
    """What enters the slowest tier, [clips, frames, GUIDE_FEATURES]."""

    def of_clips(self, clips: int) -> Conditioning:
        """The conditioning of one clip, repeated for a number of clips."""
        return Conditioning(*(values.expand(clips, *values.shape[1:]) for values in self))


def with_features(frames: Tensor, conditioning: Conditioning | None) -> Tensor:
    """The frames of the slowest tier, [clips, n, size], each followed by the features of its time; zeros without.

    The first features of a conditioning are of the time before the first frame.
    """
    if conditioning is None:
        return pad(frames, (0, GUIDE_FEATURES))
    features = conditioning.features[:, 1:].repeat_interleave(GUIDE_HOP // frames.shape[2], dim=1)
    return torch.cat([frames, features.to(frames.dtype)], dim=2)


class GuideFrames(NamedTuple):
    """A `Conditioning` as arrays of the same shapes, as guides make them and engines take them."""

    filters: NDArray[np.float32]
    scales: NDArray[np.float32]
    features: NDArray[np.float32]

    @staticmethod
    def none(clips: int, frames: int, order: int) -> GuideFrames:
        """Frames without a guide."""
        shapes = (clips, frames, order), (clips, frames), (clips, frames, GUIDE_FEATURES)
        return GuideFrames(*(np.zeros(shape, np.float32) for shape in shapes))

    @property
    def length(self) -> int:
        """Number of frames."""
        return int(self.scales.shape[1])

    def part(self, begin: int, end: int) -> GuideFrames:
        """The frames from `begin` up to `end`."""
        return GuideFrames(*(values[:, begin:end] for values in self))

    @staticmethod
    def side_by_side(clips: Sequence[GuideFrames]) -> GuideFrames:
        """The frames of several clips, of as many frames each."""
        return GuideFrames(*(np.concatenate(values) for values in zip(*clips, strict=True)))

    @staticmethod
    def one_after_another(parts: Sequence[GuideFrames]) -> GuideFrames:
        """The frames of all parts in time, of as many clips each."""
        return GuideFrames(*(np.concatenate(values, axis=1) for values in zip(*parts, strict=True)))

    def tensors(self, device: torch.device) -> Conditioning:
        """For a network on that device."""
        return Conditioning(*(torch.from_numpy(np.ascontiguousarray(values)).to(device) for values in self))
