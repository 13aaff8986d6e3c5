"""`samplernn.network.loss.mean_bits` in one kernel."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from samplernn.cuda.compiler import kernels

_THREADS = 256


def bits_and_gradient(
    logits: Tensor, target: Tensor, values: Tensor, centre: Tensor, slope: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor] | None:
    """Mean bits and the gradients of logits, centre and slope; None where there is no kernel.

    Without a prior, `values`, `centre` and `slope` are empty. Shapes as for `samplernn.network.loss.mean_bits`.
    """
    rows, levels = logits.shape
    real = "bf16" if logits.dtype is torch.bfloat16 else "float"
    found = kernels(("learned_prior.cu", "loss.cu"), ("bits_and_gradient",), logits.device, REAL=real, LEVELS=levels)
    if not found or not logits.is_contiguous():
        return None
    bits = torch.empty(rows, device=logits.device)
    gradient, centre_grad, slope_grad = torch.empty_like(logits), torch.empty_like(centre), torch.empty_like(slope)
    prior = (values, centre.contiguous(), slope.contiguous()) if len(values) else (None, None, None)
    found["bits_and_gradient"](
        (-(-rows * 32 // _THREADS), 1, 1), _THREADS, bits, gradient, centre_grad, slope_grad, logits, target, *prior,
        1.0 / (rows * math.log(2.0)), rows,
    )  # fmt: skip
    return bits.double().mean().float(), gradient, centre_grad, slope_grad
