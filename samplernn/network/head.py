"""Forward and backward pass of the sample tier and its cross entropy in one, slice by slice.

Samples are independent of one another here, so that of each slice nothing has to be kept but the gradients of the
weights and of the sums that entered.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn.functional import linear, relu_

from samplernn.network.loss import loss_and_gradient
from samplernn.network.native_loss import loss_and_gradient_in_place
from samplernn.network.prior import PriorInputs

_SLICE = 2**21
"""Numbers of a layer that are worked on at a time: few enough for a small memory, enough for fast products."""
_NARROW, _NARROW_SLICE = 512, 2**18
"""Layers of so many outputs and fewer are worked on so that all of a slice stays in the processor's cache."""
_LOGITS = 2**18
"""Logits that are worked on at a time: few enough for the processor's cache."""


class Layer(NamedTuple):
    """relu(x W^T + b), or without the ReLU the logits; both in the dtype of x."""

    weight: Tensor
    """[outputs, inputs]"""
    bias: Tensor
    """[outputs]"""


def head_bits(
    first: Tensor, second: Layer, third: Layer, output: Layer, prior_inputs: PriorInputs | None, target: Tensor
) -> Tensor:
    """Mean bits per sample, [], for the sums that enter the first ReLU layer, [n, units].

    Args:
        output: [levels, units]; with a predictor the prior's shift and narrowness come after the levels.
        target: [n], int64.
    """
    given = (None, None, None) if prior_inputs is None else prior_inputs
    bits: Tensor = _HeadBits.apply(first, *second, *third, *output, *given, target)  # type: ignore[no-untyped-call]
    return bits


class _HeadBits(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, first: Tensor, *given: Any) -> Tensor:
        (second, third, output), target = (Layer(*given[k : k + 2]) for k in (0, 2, 4)), given[9]
        prior_inputs = None if given[6] is None else PriorInputs(*given[6:9])
        count, units = first.shape
        total, scale = 0.0, 1.0 / (count * math.log(2.0))
        grads = [torch.zeros(part.shape) for part in given[:6]]
        back = torch.empty_like(first)
        last_weight = second.weight * scale
        widest = max(units, len(output.weight))
        step = max((_SLICE if widest > _NARROW else _NARROW_SLICE) // widest, 1)
        for begin in range(0, count, step):
            rows = slice(begin, begin + step)
            x = first[rows]
            a = relu_(linear(x, *second))
            b = relu_(linear(a, *third))
            logits = linear(b, *output)
            bits, grad = _loss_and_gradient(logits, prior_inputs and prior_inputs.of(rows), target[rows])
            total += bits
            _add(grads[4:], grad, b)
            grad = torch.ops.aten.threshold_backward(torch.mm(grad, output.weight), b, 0)
            _add(grads[2:4], grad, a)
            grad = torch.ops.aten.threshold_backward(torch.mm(grad, third.weight), a, 0)
            _add(grads[:2], grad, x)
            torch.mm(grad, last_weight, out=back[rows])
        ctx.save_for_backward(back, *(part.mul_(scale) for part in grads))
        return first.new_full((), total / count, dtype=torch.float32)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *above: Tensor) -> tuple[Tensor | None, ...]:
        found = ctx.saved_tensors if above[0].item() == 1.0 else [part * above[0] for part in ctx.saved_tensors]
        return *(part.to(found[0].dtype) for part in found), None, None, None, None


def _loss_and_gradient(logits: Tensor, prior_inputs: PriorInputs | None, target: Tensor) -> tuple[float, Tensor]:
    """Sum of the bits, and the gradient of that sum in nats for the logits, in their dtype.

    `logits` is not to be used afterwards: the gradient may have taken its place.
    """
    if (bits := loss_and_gradient_in_place(logits, prior_inputs, target)) is not None:
        return bits, logits
    total, found = 0.0, torch.empty_like(logits)
    step = max(_LOGITS // logits.shape[1], 1)
    for begin in range(0, len(logits), step):
        rows = slice(begin, begin + step)
        if prior_inputs is None:
            bits, found[rows], _ = loss_and_gradient(logits[rows], None, target[rows])
        else:
            bits = _loss_with_prior(logits[rows], prior_inputs.of(rows), target[rows], found[rows])
        total += bits
    return total, found


def _loss_with_prior(logits: Tensor, prior_inputs: PriorInputs, target: Tensor, found: Tensor) -> float:
    """As `_loss_and_gradient` for a slice; writes the gradient to `found`, [n, levels + 2]."""
    levels = len(prior_inputs.values)
    shift, narrowness = logits[:, levels:].float().unbind(1)
    prior = prior_inputs.prior(shift, narrowness)
    bits, odds, grads = loss_and_gradient(logits[:, :levels], prior, target)
    found[:, :levels] = odds
    found[:, levels], found[:, levels + 1] = prior_inputs.gradient(narrowness, prior.slope, grads)
    return bits


def _add(grads: list[Tensor], grad: Tensor, x: Tensor) -> None:
    """Adds to the gradients of a weight and a bias those from a slice of rows: grad [n, outputs], x [n, inputs]."""
    grads[0] += torch.mm(grad.t(), x)
    grads[1] += grad.sum(0, dtype=torch.float32)
