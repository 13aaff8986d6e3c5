"""Weight norm folded into plain matrices of the dtype that is computed in, in one pass over each matrix."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from samplernn.cuda.compiler import kernels
from samplernn.network.layers import Matrix, Stack

_THREADS = 256
_ALIGNED = 8
"""Matrix products want rows of a multiple of 16 bytes."""


def folded(matrix: Matrix, dtype: torch.dtype) -> Tensor:
    """As `Matrix.folded`, in another dtype, with gradients."""
    plain: Tensor = _Folded.apply(matrix.direction, matrix.length, dtype)  # type: ignore[no-untyped-call]
    return plain


class _Folded(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, direction: Tensor, length: Tensor | None, dtype: torch.dtype) -> Tensor:
        ctx.save_for_backward(direction, length)
        plain = direction.new_empty(direction.shape, dtype=dtype)
        _fold(direction, length, plain, None)
        return plain

    @staticmethod
    def backward(ctx: Any, *above: Tensor) -> tuple[Tensor | None, ...]:
        direction, length = ctx.saved_tensors
        return *_unfold(direction, length, above[0].contiguous(), None), None


def stack_weights(stack: Stack, inputs: int, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """The `outer` and `inner` of `wavefront.Wavefront` for an LSTM stack.

    `inputs` is the width of what the stack takes. In `outer` it is followed by a column of biases and by empty columns,
    to `padded_inputs`; x needs a column of ones there.
    """
    each = [
        part
        for layer in stack.layers
        for part in (
            layer.inward.direction, layer.inward.length, layer.recurrent.direction, layer.recurrent.length, layer.bias
        )
    ]  # fmt: skip
    outer, inner = _StackWeights.apply(dtype, inputs, *each)  # type: ignore[no-untyped-call]
    return outer, inner


def padded_inputs(inputs: int) -> int:
    """Columns of `outer` for a stack that takes `inputs`."""
    return -(-(inputs + 1) // _ALIGNED) * _ALIGNED


class _StackWeights(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, dtype: torch.dtype, inputs: int, *parameters: Tensor) -> tuple[Tensor, Tensor]:
        ctx.save_for_backward(*parameters)
        ctx.inputs = inputs
        bias = parameters[4]
        layers, gates = len(parameters) // 5, len(bias)
        outer = bias.new_zeros(layers, gates, padded_inputs(inputs), dtype=dtype)
        inner = bias.new_empty(layers, gates, gates // 2, dtype=dtype)
        inner[0, :, : gates // 4] = 0
        for k, (inward, inward_length, recurrent, recurrent_length, bias) in enumerate(_fives(parameters)):
            _fold(inward, inward_length, *_sides(outer, inner, k, inward))
            _fold(recurrent, recurrent_length, inner[k, :, gates // 4 :], None)
            outer[k, :, inputs] = bias
        return outer, inner

    @staticmethod
    def backward(ctx: Any, *above: Tensor) -> tuple[Tensor | None, ...]:
        outer, inner = (part.contiguous() for part in above)
        found: list[Tensor | None] = []
        for k, (inward, inward_length, recurrent, recurrent_length, _) in enumerate(_fives(ctx.saved_tensors)):
            found += _unfold(inward, inward_length, *_sides(outer, inner, k, inward))
            found += _unfold(recurrent, recurrent_length, inner[k, :, inner.shape[2] // 2 :], None)
            found.append(outer[k, :, ctx.inputs].float())
        return None, None, *found


def _fives(parameters: tuple[Tensor, ...]) -> list[tuple[Tensor, ...]]:
    return [parameters[k : k + 5] for k in range(0, len(parameters), 5)]


def _sides(outer: Tensor, inner: Tensor, layer: int, inward: Tensor) -> tuple[Tensor, Tensor | None]:
    """Where the columns of a layer's inward matrix go: to what the layer below says, then to the raw input."""
    if layer == 0:
        return outer[0, :, : inward.shape[1]], None
    width = inner.shape[2] // 2
    beside = inward.shape[1] - width
    return inner[layer, :, :width], outer[layer, :, :beside] if beside else None


def _fold(direction: Tensor, length: Tensor | None, left: Tensor, right: Tensor | None) -> None:
    """Writes the plain matrix, its first columns to `left` and the others to `right`."""
    rows, columns = direction.shape
    split = left.shape[1]
    found = _kernels(left)
    if found:
        beside = left if right is None else right
        found["fold"]((rows, 1, 1), _THREADS, left, left.stride(0), beside, beside.stride(0), direction, length,
                      columns, split)  # fmt: skip
        return
    plain = direction
    if length is not None:
        plain = direction * (length / direction.norm(dim=1).clamp_min(1e-12))[:, None]
    left.copy_(plain[:, :split])
    if right is not None:
        right.copy_(plain[:, split:])


def _unfold(
    direction: Tensor, length: Tensor | None, left: Tensor, right: Tensor | None
) -> tuple[Tensor, Tensor | None]:
    """The gradients of direction and length from that of the plain matrix."""
    rows, columns = direction.shape
    split = left.shape[1]
    found = _kernels(left)
    if found:
        beside = left if right is None else right
        grad = torch.empty_like(direction)
        stretch = None if length is None else torch.empty_like(length)
        found["unfold"]((rows, 1, 1), _THREADS, grad, stretch, left, left.stride(0), beside, beside.stride(0),
                        direction, length, columns, split)  # fmt: skip
        return grad, stretch
    above = (left if right is None else torch.cat([left, right], dim=1)).float()
    if length is None:
        return above, None
    norm = direction.norm(dim=1).clamp_min(1e-12)[:, None]
    product = (above * direction).sum(1, keepdim=True)
    grad = length[:, None] / norm * (above - product / (norm * norm) * direction)
    return grad, (product / norm)[:, 0]


def _kernels(plain: Tensor) -> Any:
    real = "bf16" if plain.dtype is torch.bfloat16 else "float"
    return kernels("weight_norm.cu", ("fold", "unfold"), plain.device, REAL=real)
