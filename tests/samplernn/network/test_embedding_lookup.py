"""Lookup tables give what an embedding and a layer over it give, with the same gradients."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import embedding, linear

from samplernn.network.embedding_lookup import look_up, tables_of


def _plain(codes, vectors, weight):
    """An embedding, and a linear layer over it, window by window."""
    lookback = weight.shape[1] // vectors.shape[1]
    seen = embedding(codes, vectors).unfold(1, lookback, 1).transpose(2, 3)
    return linear(seen.flatten(2), weight).flatten(0, 1)


def _found(way, codes, vectors, weight, grad):
    vectors, weight = vectors.clone().requires_grad_(), weight.clone().requires_grad_()
    out = way(codes, vectors, weight)
    out.backward(grad.to(out.dtype))
    return out.detach().float(), vectors.grad.float(), weight.grad.float()


def _far(ours, right):
    return max(((a - b).norm() / b.norm().clamp_min(1e-9)).item() for a, b in zip(ours, right, strict=True))


@settings(max_examples=60, deadline=None)
@given(
    levels=st.sampled_from([2, 16, 256, 1024]),
    size=st.integers(1, 9),
    lookback=st.integers(1, 80),
    time=st.integers(1, 40),
    batch=st.integers(1, 4),
    units=st.integers(1, 20),
    seed=st.integers(0, 99),
)
def test_tables_are_an_embedding_and_a_layer_over_it(levels, size, lookback, time, batch, units, seed):
    torch.manual_seed(seed)
    codes = torch.randint(0, levels, (batch, lookback - 1 + time))
    vectors, weight = torch.randn(levels, size), torch.randn(units, lookback * size)
    grad = torch.randn(batch * time, units)
    ours, right = (_found(way, codes, vectors, weight, grad) for way in (look_up, _plain))
    assert ours[0].shape == (batch * time, units)
    assert _far(ours, right) < 1e-5


def test_gradients_in_bf16_do_not_lose_what_is_said_often():
    """In silence one code comes all the time: a sum in bf16 would stand still after a few hundred samples."""
    torch.manual_seed(0)
    codes = torch.where(torch.rand(8, 1015) < 0.95, 128, torch.randint(0, 256, (8, 1015)))
    vectors, weight, grad = torch.randn(256, 24), torch.randn(32, 16 * 24), torch.rand(8 * 1000, 32)
    right = _found(_plain, codes, vectors, weight, grad)
    half = _found(look_up, codes, vectors.bfloat16(), weight.bfloat16(), grad)
    assert _far(half, right) < 0.01


def test_one_table_per_position():
    vectors, weight = torch.randn(5, 3), torch.randn(4, 6)
    tables = tables_of(vectors, weight)
    assert torch.allclose(tables[1, 2], weight[:, 3:] @ vectors[2], atol=1e-6)
