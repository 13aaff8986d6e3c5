"""The adaptive filter: native as in PyTorch, in pieces as at once, only under a guide, bounded whatever it hears."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from samplernn import prior_constants as constants
from samplernn.native.library import knows_adaptive, library
from samplernn.network import adaptive
from samplernn.network.adaptive import MOST, Adapted, adapt, clamped, first_adapted

TAPS, COUNT = 64, 5


def fresh(streams: int) -> Adapted:
    return Adapted.of(first_adapted(streams, TAPS, COUNT, torch.device("cpu")), TAPS)


def noise(streams: int, samples: int, seed: int = 0, loud: float = 1.0) -> torch.Tensor:
    return clamped(loud * torch.randn(streams, samples, generator=torch.Generator().manual_seed(seed)))


def by_torch(errors: torch.Tensor, there: torch.Tensor, before: Adapted) -> Adapted:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adaptive, "_by_library", lambda *_: None)
        return adapt(errors, there, before)


def test_the_library_does_what_pytorch_does() -> None:
    if not knows_adaptive(library()):
        pytest.skip("the native library was built before there were adaptive filters")
    errors = noise(3, 300, loud=3.0)
    there = torch.rand(3, 300, generator=torch.Generator().manual_seed(1)) > 0.3
    for mine, right in zip(adapt(errors, there, fresh(3)), by_torch(errors, there, fresh(3)), strict=True):
        assert torch.allclose(mine, right, atol=1e-5)


@pytest.mark.parametrize("run", [adapt, by_torch])
def test_pieces_are_the_whole(run) -> None:
    errors, there = noise(2, 200), torch.ones(2, 200, dtype=torch.bool)
    whole = run(errors, there, fresh(2))
    now, moved = fresh(2), []
    for part, place in zip(errors.split([7, 64, 129], 1), there.split([7, 64, 129], 1), strict=True):
        now = run(part, place, now)
        moved.append(now.moved)
    assert torch.equal(torch.cat(moved, 1), whole.moved)
    assert torch.equal(now.weights, whole.weights)
    assert torch.equal(now.errors, whole.errors)
    assert torch.equal(now.errors, errors[:, -TAPS:])


@pytest.mark.parametrize("run", [adapt, by_torch])
def test_it_foretells_what_comes_again_and_nothing_of_noise(run) -> None:
    """A hum is left smaller than it was; what is moved of noise is small."""
    hum = torch.sin(0.2 * torch.arange(4000.0))[None] + 0.1 * noise(1, 4000)
    there = torch.ones(1, 4000, dtype=torch.bool)
    left = (hum - run(hum, there, fresh(1)).moved)[0, 2000:]
    assert left.std() < 0.3 * hum.std()
    assert run(noise(1, 4000), there, fresh(1)).moved[0, 2000:].std() < 0.5


@pytest.mark.parametrize("run", [adapt, by_torch])
def test_without_a_guide_nothing_moves_or_changes(run) -> None:
    before = fresh(2)._replace(weights=torch.full((2, TAPS), 0.1))
    after = run(noise(2, 90), torch.zeros(2, 90, dtype=torch.bool), before)
    assert not after.moved.any()
    assert torch.equal(after.weights, before.weights)
    assert torch.equal(before.weights, torch.full((2, TAPS), 0.1)), "what was before stays as it was"


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from([0.0, 1e-6, 1.0, 1e6]), st.integers(1, 500), st.booleans())
def test_it_is_bounded_whatever_it_hears(seed: int, loud: float, period: int, steady: bool) -> None:
    errors = noise(1, 6000, seed, loud)
    if steady:
        errors = errors[:, :period].repeat(1, 6000 // period + 1)[:, :6000]
    after = adapt(errors, torch.ones_like(errors, dtype=torch.bool), fresh(1))
    assert after.moved.abs().max() <= MOST
    assert after.weights.isfinite().all()
    assert after.weights.norm() < 100.0
    assert after.errors.abs().max() <= constants.RESIDUAL_LIMIT


def test_it_is_a_recurrent_state() -> None:
    random = np.random.default_rng(0)
    parts = Adapted(*(torch.from_numpy(random.random((3, length), np.float32)) for length in (TAPS, TAPS, COUNT)))
    for mine, right in zip(Adapted.of(parts.as_state(), TAPS), parts, strict=True):
        assert torch.equal(mine, right)
    assert [values.shape for values in parts.as_state()] == [(1, 3, TAPS + COUNT)] * 2
