"""Weights in the order in which the kernels read them."""

from __future__ import annotations

import torch
from torch import Tensor


def packed(weights: Tensor, cluster: int = 1) -> Tensor:
    """Weights [inputs, outputs] as the tensor cores take them, bf16: tiles of 16 outputs, steps of 16 inputs, 32 lanes.

    See `multiply` in tensor.cu for what a lane holds. There are as many tiles as the blocks of a cluster share evenly;
    outputs and inputs that are missing are 0.
    """
    inputs, outputs = weights.shape
    tiles, steps = -(-outputs // (16 * cluster)) * cluster, -(-inputs // 16)
    full = weights.new_zeros(tiles * 16, steps * 16, dtype=torch.bfloat16)
    full[:outputs, :inputs] = weights.t()
    # outputs as (tile, upper, row), inputs as (step, later, quad, pair)
    parts = full.view(tiles, 2, 8, steps, 2, 4, 2)
    return parts.permute(0, 3, 2, 5, 4, 1, 6).contiguous()


def by_outputs(weights: Tensor) -> Tensor:
    """Weights [inputs, outputs] as [outputs, inputs]."""
    return weights.t().contiguous()


def gates_by_eights(weights: Tensor) -> Tensor:
    """The last dimension [4 * width] of an LSTM's gates as (eight units, gate, unit)."""
    width = weights.shape[-1] // 4
    return weights.unflatten(-1, (4, width // 8, 8)).transpose(-2, -3).flatten(-3)  # type: ignore[no-untyped-call,no-any-return]
