"""What the tests of the native generator share; they are skipped where it was not built."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from samplernn.engines.recurrent_state import RecurrentState
from samplernn.engines.sampling_request import SamplingRequest
from samplernn.native.library import instruction_sets
from samplernn.network.model import SampleRNN


def _asked(
    clips: int, samples: int, seed: int = 0, *, temperature: float = 1.0, top_k: int = 0, top_p: float = 1.0
) -> SamplingRequest:
    return SamplingRequest(
        np.random.default_rng(seed).random((clips, samples), dtype=np.float32),
        np.full((clips, samples), temperature, dtype=np.float32),
        np.full(clips, top_k, dtype=np.int32),
        np.full(clips, top_p, dtype=np.float32),
    )


def _part(request: SamplingRequest, clips: list[int], samples: slice) -> SamplingRequest:
    return SamplingRequest(
        request.chances[clips, samples], request.temperature[clips, samples], request.top_k[clips], request.top_p[clips]
    )


def _forced(model: SampleRNN, state: RecurrentState, codes: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """The probabilities that the training model gives to `codes` from `state` on."""
    tiers = [(torch.from_numpy(hidden), torch.from_numpy(cell)) for hidden, cell in state.tiers]
    with torch.inference_mode():
        logits, _ = model(torch.from_numpy(np.concatenate([state.past, codes], axis=1)), tiers)
    return (logits / temperature).softmax(-1).numpy()


@pytest.fixture(autouse=True)
def built(request) -> None:
    if not instruction_sets() and request.path.name != "test_library.py":
        pytest.skip("the native generator was not built here")


@pytest.fixture(scope="session")
def requests() -> SimpleNamespace:
    """asked(clips, samples, ...), part(request, clips, samples) and forced(model, state, codes, temperature)."""
    return SimpleNamespace(asked=_asked, part=_part, forced=_forced)
