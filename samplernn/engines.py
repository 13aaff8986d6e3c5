"""Which engine generates: the quickest one that is there."""

from __future__ import annotations

from typing import Literal

import torch

from samplernn.errors import SoundError
from samplernn.folded import fold
from samplernn.model import SampleRNN
from samplernn.moment import Moment
from samplernn.sampler import Sampler
from samplernn.torch_sampler import TorchSampler

Engine = Literal["auto", "torch"]


def open_sampler(model: SampleRNN, moment: Moment, *, engine: Engine = "auto") -> Sampler:
    """A sampler that goes on from `moment` with the model as it is now.

    Raises:
        SoundError: an engine that this computer does not have.
    """
    if engine not in ("auto", "torch"):
        raise SoundError(f"This computer has no generator “{engine}”.", "Use “auto”.")
    with torch.inference_mode():
        return TorchSampler(fold(model), moment)
