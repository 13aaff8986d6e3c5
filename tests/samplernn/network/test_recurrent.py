"""Our recurrent layers and their gradients are those of torch."""

from __future__ import annotations

import pytest
import torch

from samplernn.network.layers import RecurrentLayer
from samplernn.network.recurrent import gru, is_worth_it, lstm

_GATES = {"lstm": 4, "gru": 3}


def _given(cell, batch, frames, inputs, width):
    """x, hidden, cell, inward, recurrent, bias."""
    torch.manual_seed(0)
    gates = _GATES[cell] * width
    shapes = (batch, frames, inputs), (batch, width), (batch, width), (gates, inputs), (gates, width), (gates,)
    return [torch.randn(shape) / max(shape[-1] if k in (3, 4) else 4, 1) ** 0.5 for k, shape in enumerate(shapes)]


def _of_torch(cell, x, hidden, memory, inward, recurrent, bias):
    dtype = x.dtype
    weights = [inward, recurrent, bias.to(dtype), torch.zeros_like(bias, dtype=dtype)]
    shared = weights, True, 1, 0.0, True, False, True
    if cell == "gru":
        out, hidden = torch._VF.gru(x, hidden[None].to(dtype), *shared)
        return out, hidden[0].float()
    out, hidden, memory = torch._VF.lstm(x, (hidden[None].to(dtype), memory[None].to(dtype)), *shared)
    return out, hidden[0].float(), memory[0].float()


def _of_ours(cell, x, hidden, memory, inward, recurrent, bias):
    if cell == "gru":
        return gru(x, hidden, inward, recurrent, bias)
    return lstm(x, hidden, memory, inward, recurrent, bias)


def _found(layer, cell, dtype, given):
    """The outputs, and the gradients of all that it was given, where every output has a gradient."""
    given = [
        value.detach().to(dtype if k in (0, 3, 4) else torch.float32, copy=True).requires_grad_()
        for k, value in enumerate(given)
    ]
    outputs = layer(cell, *given)
    noise = torch.Generator().manual_seed(1)
    sum((part * torch.randn(part.shape, generator=noise)).sum() for part in outputs).backward()
    return [*(part.detach().float() for part in outputs), *(v.grad.float() for v in given if v.grad is not None)]


def _far(found, right):
    return [((ours - theirs).norm() / theirs.norm()).item() for ours, theirs in zip(found, right, strict=True)]


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("shape", [(3, 9, 5, 7), (1, 1, 1, 1), (64, 40, 30, 96)])
def test_layers_and_their_gradients_are_those_of_torch(cell, shape):
    given = _given(cell, *shape)
    ours, theirs = (_found(layer, cell, torch.float32, given) for layer in (_of_ours, _of_torch))
    assert max(_far(ours, theirs)) < 2e-6


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_in_bf16_they_are_as_near_as_those_of_torch(cell):
    given = _given(cell, 16, 24, 40, 48)
    right = _found(_of_torch, cell, torch.float32, given)
    ours, theirs = (_far(_found(layer, cell, torch.bfloat16, given), right) for layer in (_of_ours, _of_torch))
    assert max(ours) < 1.5 * max(theirs)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_wide_layers_are_ours_and_the_same(cell):
    torch.manual_seed(0)
    layer = RecurrentLayer(20, 1024, cell=cell, normed=True)
    x, state = torch.randn(2, 3, 20), torch.randn(1, 2, 1024) * 0.3
    assert is_worth_it(x.bfloat16(), 1024)
    assert not is_worth_it(x, 1024)
    outputs = {dtype: layer(x.to(dtype), state, state) for dtype in (torch.float32, torch.bfloat16)}
    for right, ours in zip(outputs[torch.float32], outputs[torch.bfloat16], strict=True):
        assert ours.shape == right.shape
        assert torch.allclose(ours.float(), right, atol=0.02)
