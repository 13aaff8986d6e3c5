"""The native loss is that of PyTorch, in every instruction set."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from samplernn.native.library import instruction_sets
from samplernn.network import head
from samplernn.network.native_loss import loss_and_gradient_in_place
from samplernn.network.prior import PriorInputs

NEAR = {torch.float32: 1e-4, torch.bfloat16: 2.0**-8}
"""Of gradients; the loudest logits, around 100, are rounded by 4e-6 before their exponentials are taken."""


def asked(rows: int, levels: int, prior: bool, dtype: torch.dtype, seed: int = 0, loud: float = 1.0):
    """Logits, where the priors are, and what came."""
    draw = torch.Generator().manual_seed(seed)
    logits = loud * torch.randn(rows, levels + 2 * prior, generator=draw)
    predicted = torch.rand(rows, generator=draw) - 0.5
    prior_inputs = PriorInputs(torch.linspace(-1.0, 1.0, levels), torch.tensor(0.07), predicted) if prior else None
    return logits.to(dtype), prior_inputs, torch.randint(0, levels, (rows,), generator=draw)


def by_torch(logits, prior_inputs, target):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(head, "loss_and_gradient_in_place", lambda *_: None)
        return head._loss_and_gradient(logits, prior_inputs, target)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("prior", [False, True])
@pytest.mark.parametrize("levels", [256, 300, 2, 1024])
@pytest.mark.parametrize("loud", [0.1, 3.0, 30.0])
def test_it_is_that_of_torch(instructions, dtype, prior, levels, loud):
    """`loud` beyond 5 is where priors are as narrow, or as wide, as they get."""
    logits, prior_inputs, target = asked(37, levels, prior, dtype, loud=loud)
    right, gradient = by_torch(logits.clone(), prior_inputs, target)
    bits = loss_and_gradient_in_place(logits, prior_inputs, target, instructions)
    assert bits == pytest.approx(right, rel=1e-5)
    far = (logits.float() - gradient.float()).abs() / gradient.float().abs().clamp_min(1.0)
    assert far.max() < NEAR[dtype]


@pytest.mark.parametrize("prior", [False, True])
def test_every_row_is_on_its_own(instructions, prior):
    logits, prior_inputs, target = asked(9, 100, prior, torch.float32)
    alone = logits[4:5].clone()
    loss_and_gradient_in_place(logits, prior_inputs, target, instructions)
    here = None if prior_inputs is None else prior_inputs._replace(predicted=prior_inputs.predicted[4:5])
    loss_and_gradient_in_place(alone, here, target[4:5], instructions)
    assert torch.equal(alone[0], logits[4])


@pytest.mark.parametrize("wrong", [float("nan"), float("inf")])
@pytest.mark.parametrize(("prior", "place"), [*itertools.product([False, True], [0, 50, 99]), (True, 100), (True, 101)])
def test_what_is_no_number_is_noticed(instructions, wrong, prior, place):
    """A training that goes wrong is told by it; of a prior, too."""
    logits, prior_inputs, target = asked(3, 100, prior, torch.float32)
    logits[1, place] = wrong
    bits = loss_and_gradient_in_place(logits, prior_inputs, target, instructions)
    assert bits is not None
    assert np.isnan(bits)
    assert logits[1, :100].isnan().all()
    assert not logits[[0, 2]].isnan().any()


@given(rows=st.integers(0, 5), levels=st.integers(2, 70), prior=st.booleans(), seed=st.integers(0, 1000))
def test_nothing_is_written_beside_the_rows(rows, levels, prior, seed):
    logits, prior_inputs, target = asked(rows, levels, prior, torch.bfloat16, seed)
    room = torch.full((logits.numel() + 64,), 7.0, dtype=torch.bfloat16)
    inside = room[32 : 32 + logits.numel()].view_as(logits)
    inside.copy_(logits)
    for name in instruction_sets():
        loss_and_gradient_in_place(inside, prior_inputs, target, name)
    assert (room[:32] == 7.0).all()
    assert (room[len(room) - 32 :] == 7.0).all()


def test_it_leaves_alone_what_is_not_for_it():
    logits, prior_inputs, target = asked(4, 20, True, torch.float32)
    before = logits.clone()
    assert loss_and_gradient_in_place(logits.t().contiguous().t(), prior_inputs, target) is None
    assert loss_and_gradient_in_place(logits.double(), prior_inputs, target) is None
    assert torch.equal(logits, before)
