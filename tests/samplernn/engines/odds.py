"""What the tests of the engines ask for, and the odds that the training model gives to what came."""

from __future__ import annotations

import numpy as np
import torch

from samplernn.engines.recurrent_state import RecurrentState
from samplernn.engines.sampling_request import SamplingRequest
from samplernn.network.model import SampleRNN


def asked(
    clips: int, samples: int, seed: int = 0, *, temperature: float = 1.0, top_k: int = 0, top_p: float = 1.0
) -> SamplingRequest:
    return SamplingRequest(
        np.random.default_rng(seed).random((clips, samples), dtype=np.float32),
        np.full((clips, samples), temperature, dtype=np.float32),
        np.full(clips, top_k, dtype=np.int32),
        np.full(clips, top_p, dtype=np.float32),
    )


def forced(model: SampleRNN, state: RecurrentState, codes: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """The probabilities that the training model gives to `codes` from `state` on."""
    tiers = [(torch.from_numpy(hidden), torch.from_numpy(cell)) for hidden, cell in state.tiers]
    with torch.inference_mode():
        logits, _ = model(torch.from_numpy(np.concatenate([state.past, codes], axis=1)), tiers)
    return (logits / temperature).softmax(-1).numpy()
