"""The first layer of the sample tier as lookup tables, with their gradients.

An embedding of the codes before a sample and a linear layer over them come to one table of `levels` rows per position,
from which one row each is taken and added up. The tables are small beside the samples, so they are made anew at every
step of a training. The gradient of a table's row is the sum over the samples that took it; with the samples sorted by
row, that is a lookup, too, and adds up in float32.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn.functional import embedding_bag


def tables_of(embedding: Tensor, weight: Tensor) -> Tensor:
    """Embedding [levels, embedding] and first layer [units, lookback * embedding] as [lookback, levels, units]."""
    return torch.stack([embedding @ part.t() for part in torch.split(weight, embedding.shape[1], dim=1)])


def look_up(codes: Tensor, embedding: Tensor, weight: Tensor) -> Tensor:
    """What the codes before each sample say to the first layer, on the CPU.

    Args:
        codes: [batch, lookback - 1 + time], int64.
        embedding: [levels, embedding]
        weight: [units, lookback * embedding], in the dtype of the embedding.

    Returns:
        [batch * time, units]
    """
    found: Tensor = _LookUp.apply(codes, embedding, weight)  # type: ignore[no-untyped-call]
    return found


def rows_of(codes: Tensor, lookback: int, levels: int) -> Tensor:
    """The row of the tables, one above the other, for each code before each sample: int32 [batch * time, lookback]."""
    places = torch.arange(lookback, dtype=torch.int32, device=codes.device) * levels
    return (codes.int().unfold(1, lookback, 1) + places).reshape(-1, lookback)


class _LookUp(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, codes: Tensor, embedding: Tensor, weight: Tensor) -> Tensor:
        tables = tables_of(embedding, weight)
        ctx.save_for_backward(codes, embedding, weight)
        rows = rows_of(codes, *tables.shape[:2])
        return embedding_bag(rows, tables.flatten(0, 1), mode="sum")

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *above: Tensor) -> tuple[Tensor | None, ...]:
        codes, embedding, weight = ctx.saved_tensors
        levels, size = embedding.shape
        lookback = weight.shape[1] // size
        samples, starts = _takers(rows_of(codes, lookback, levels).numpy(), lookback * levels)
        tables = embedding_bag(torch.from_numpy(samples), above[0].contiguous(), torch.from_numpy(starts), mode="sum")
        embedding_grad = torch.zeros_like(embedding, dtype=torch.float32)
        weight_grad = torch.empty_like(weight)
        parts = (torch.split(tables, levels), torch.split(weight, size, 1), torch.split(weight_grad, size, 1))
        for table, part, part_grad in zip(*parts, strict=True):
            embedding_grad += torch.mm(table, part)
            part_grad.copy_(torch.mm(table.t(), embedding))
        return None, embedding_grad.to(embedding.dtype), weight_grad


def _takers(rows: NDArray[np.int32], count: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The samples that took each of `count` rows, row after row, and where each row's begin, [count]."""
    dtype = np.uint16 if count <= 2**16 else np.int32  # the former are sorted by radix
    order = rows.astype(dtype).reshape(-1).argsort(kind="stable")
    ends = np.bincount(rows.reshape(-1), minlength=count).cumsum()
    samples: NDArray[np.int32] = (order // rows.shape[1]).astype(np.int32)
    return samples, np.concatenate([[0], ends[:-1]]).astype(np.int32)
