"""The loss of `samplernn.network.loss` by the native library."""

from __future__ import annotations

import ctypes
import itertools

import torch
from torch import Tensor

from samplernn.native import library as native
from samplernn.network.prior import PriorInputs

_DTYPES = (torch.float32, torch.bfloat16)


def loss_and_gradient_in_place(
    logits: Tensor, prior_inputs: PriorInputs | None, target: Tensor, instructions: str | None = None
) -> float | None:
    """Sum of the bits of some samples, for which `logits` becomes the gradient of that sum in nats.

    By one thread: it takes less time than waking another.

    Args:
        logits: [n, levels] logits on the CPU; with `prior_inputs` the prior's shift and narrowness follow the levels.
        target: [n], int64, each one of the levels, which nothing checks.
        instructions: one of `native.SETS`; the best that the processor has by default.

    Returns:
        None where there is no library, or `logits` is not for it; nothing has changed then.
    """
    library, sets = native.library(), native.instruction_sets()
    if library is None or logits.dtype not in _DTYPES or not logits.is_contiguous() or logits.device.type != "cpu":
        return None
    if prior_inputs is not None and isinstance(prior_inputs.scale, Tensor) and prior_inputs.scale.ndim:
        return _by_scale(logits, prior_inputs, target, instructions)
    target = target.contiguous()
    loss = native.Loss(
        rows=len(logits), levels=logits.shape[1], halves=logits.dtype is torch.bfloat16,
        logits=logits.data_ptr(), target=target.data_ptr(), residual_scale=1.0,
    )  # fmt: skip
    if prior_inputs is not None:
        predicted = prior_inputs.predicted.contiguous()
        loss.levels, loss.residual_scale = len(prior_inputs.values), float(prior_inputs.scale)
        loss.values, loss.predicted = prior_inputs.values.data_ptr(), predicted.data_ptr()
    place = native.SETS.index(instructions or sets[-1])
    bits: float = library.deepcuts_loss(ctypes.byref(loss), place)
    return bits


def _by_scale(logits: Tensor, prior_inputs: PriorInputs, target: Tensor, instructions: str | None) -> float:
    """The same for samples each with a scale of its own; the library takes stretches of one scale."""
    scales = prior_inputs.scale
    assert isinstance(scales, Tensor)
    edges = [0, *((scales.diff() != 0).nonzero()[:, 0] + 1).tolist(), len(scales)]
    total = 0.0
    for begin, end in itertools.pairwise(edges):
        part = slice(begin, end)
        inputs = prior_inputs._replace(scale=scales[begin], predicted=prior_inputs.predicted[part])
        bits = loss_and_gradient_in_place(logits[part], inputs, target[part], instructions)
        assert bits is not None
        total += bits
    return total
