"""Which engine generates: the quickest one that is there."""

from __future__ import annotations

from typing import Literal

import torch

from samplernn.cuda_sampler import CudaSampler
from samplernn.device import fast_dtype
from samplernn.errors import SoundError
from samplernn.folded import fold
from samplernn.model import SampleRNN
from samplernn.moment import Moment
from samplernn.sampler import Sampler
from samplernn.torch_sampler import TorchSampler

Engine = Literal["auto", "cuda", "torch"]


def open_sampler(model: SampleRNN, moment: Moment, *, engine: Engine = "auto") -> Sampler:
    """A sampler that goes on from `moment` with the model as it is now.

    Raises:
        SoundError: an engine that this computer does not have.
    """
    on_gpu = model.device.type == "cuda"
    if engine not in ("auto", "torch", *(["cuda"] if on_gpu else [])):
        raise SoundError(f"This computer has no generator “{engine}”.", "Use “auto”.")
    with torch.inference_mode():
        if on_gpu and engine != "torch":
            return CudaSampler(fold(model), moment, fast_dtype(model.device))
        return TorchSampler(fold(model), moment)
