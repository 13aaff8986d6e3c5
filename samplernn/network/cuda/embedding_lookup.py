"""The sample tier's first layer as a sum of rows of tables, with what the tier above says added to it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import embedding_bag

from samplernn.cuda.compiler import kernels

_THREADS = 256
_PACK = 8
"""Units that one thread does."""
_COLUMNS = 128
"""Units that one warp does of the gradient."""
_CHUNK = 128
"""Codes that one warp goes through for the gradient."""


def look_up(addend: Tensor, tables: Tensor, codes: Tensor, levels: int, *, bend: bool) -> Tensor:
    """addend + the rows of the tables that the codes before each sample choose, [streams * time, units].

    Args:
        addend: [streams * time, units].
        tables: [lookback * levels, units], for the oldest sample first; of the dtype of `addend`.
        codes: [streams, before + time], int64: those of the window but the last, and as many before it as are at hand.
        bend: whether a ReLU follows.
    """
    found: Tensor = _LookUp.apply(addend, tables, codes, levels, bend)  # type: ignore[no-untyped-call]
    return found


class _LookUp(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, addend: Tensor, tables: Tensor, codes: Tensor, levels: int, bend: bool) -> Tensor:
        look, streams, (rows, units) = len(tables) // levels, len(codes), addend.shape
        time = rows // streams
        begin = codes.shape[1] - time - look + 1
        found = _kernels(addend, look, levels)
        if found:
            out = torch.empty_like(addend)
            blocks = -(-rows * units // (_PACK * _THREADS)), 1, 1
            found["look_up"](
                blocks, _THREADS, out, addend, tables, codes, begin, codes.stride(0), time, rows, int(bend)
            )
        else:
            places = torch.arange(look, device=codes.device) * levels
            recent = codes[:, begin:].unfold(1, look, 1).reshape(rows, look)
            out = addend + embedding_bag(recent + places, tables, mode="sum")
            out = out.relu_() if bend else out
        ctx.save_for_backward(out if bend else None, codes)
        ctx.facts = look, levels, begin
        return out

    @staticmethod
    def backward(ctx: Any, *above: Tensor) -> tuple[Tensor | None, ...]:
        out, codes = ctx.saved_tensors
        look, levels, begin = ctx.facts
        grad = above[0].contiguous()
        if out is not None:
            grad = torch.ops.aten.threshold_backward(grad, out, 0)
        (rows, units), streams = grad.shape, len(codes)
        time = rows // streams
        gradient = grad.new_zeros(look * levels, units, dtype=torch.float32)
        found = _kernels(grad, look, levels)
        if found:
            order = codes[:, begin:].flatten().to(torch.int16).argsort()
            blocks = -(-len(order) // (_CHUNK * _THREADS // 32)), -(-units // _COLUMNS), -(-look // 16)
            found["look_up_gradient"](
                blocks, _THREADS, gradient, grad, order, codes, begin, codes.stride(0), time, len(order), _CHUNK
            )
        else:
            for k in range(look):
                seen = codes[:, begin + k : begin + k + time].flatten()
                gradient[k * levels : (k + 1) * levels].index_add_(0, seen, grad.float())
        return grad, gradient.to(grad.dtype), None, None, None


def _kernels(like: Tensor, look: int, levels: int) -> Any:
    real = "bf16" if like.dtype is torch.bfloat16 else "float"
    units = like.shape[1]
    if units % _PACK:
        return {}
    names = ("look_up", "look_up_gradient")
    return kernels("lookup.cu", names, like.device, REAL=real, LOOK=look, LEVELS=levels, UNITS=units)
