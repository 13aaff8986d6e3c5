"""What the tests of the native generator share; they are skipped where it was not built."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from samplernn.engines.draw import Draw
from samplernn.engines.state import Moment
from samplernn.native.library import instruction_sets
from samplernn.network.model import SampleRNN


def _asked(
    clips: int, samples: int, seed: int = 0, *, temperature: float = 1.0, top_k: int = 0, top_p: float = 1.0
) -> Draw:
    return Draw(
        np.random.default_rng(seed).random((clips, samples), dtype=np.float32),
        np.full((clips, samples), temperature, dtype=np.float32),
        np.full(clips, top_k, dtype=np.int32),
        np.full(clips, top_p, dtype=np.float32),
    )


def _part(draw: Draw, clips: list[int], samples: slice) -> Draw:
    return Draw(draw.chances[clips, samples], draw.temperature[clips, samples], draw.top_k[clips], draw.top_p[clips])


def _forced(model: SampleRNN, moment: Moment, codes: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """The probabilities that the training model gives to `codes` from `moment` on."""
    state = [(torch.from_numpy(hidden), torch.from_numpy(cell)) for hidden, cell in moment.states]
    with torch.inference_mode():
        logits, _ = model(torch.from_numpy(np.concatenate([moment.past, codes], axis=1)), state)
    return (logits / temperature).softmax(-1).numpy()


@pytest.fixture(autouse=True)
def built(request) -> None:
    if not instruction_sets() and request.path.name != "test_library.py":
        pytest.skip("the native generator was not built here")


@pytest.fixture(scope="session")
def draws() -> SimpleNamespace:
    """asked(clips, samples, ...), part(draw, clips, samples) and forced(model, moment, codes, temperature)."""
    return SimpleNamespace(asked=_asked, part=_part, forced=_forced)
