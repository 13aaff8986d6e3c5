"""Cross entropy in bits with the learned prior, and its gradient in the same pass, in slices that stay in the cache."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from samplernn import prior_constants as constants
from samplernn.network.cuda.loss import bits_and_gradient
from samplernn.network.prior import LearnedPrior

_SLICE = 1024
"""Rows of logits that are worked on at a time."""


def mean_bits(logits: Tensor, prior: LearnedPrior | None, target: Tensor) -> Tensor:
    """Mean of -log2 of the probability that softmax(logits, with the prior) gives to `target`.

    Logits, centre and slope get gradients.

    Args:
        logits: [n, levels], any float type.
        target: [n], int64.
    """
    empty = logits.new_zeros(0, dtype=torch.float32)
    bits: Tensor = _MeanBits.apply(logits, target, *(prior or (empty, empty, empty)))  # type: ignore[no-untyped-call]
    return bits


def each_bits(logits: Tensor, prior: LearnedPrior | None, target: Tensor) -> Tensor:
    """As `mean_bits`, for each sample [n], float32, without gradients."""
    found = torch.empty(len(logits), device=logits.device)
    for begin in range(0, len(logits), _SLICE):
        rows = slice(begin, begin + _SLICE)
        odds, _, _ = _odds(
            logits[rows], None if prior is None else LearnedPrior(prior.values, *(b[rows] for b in prior[1:]))
        )
        found[rows] = odds.gather(1, target[rows, None])[:, 0].clamp_min_(constants.LEAST_PROBABILITY).log2_().neg_()
    return found


def loss_and_gradient(
    logits: Tensor, prior: LearnedPrior | None, target: Tensor
) -> tuple[float, Tensor, tuple[Tensor, Tensor]]:
    """Sum of the bits of a few samples, and the gradients of that sum in nats: of the logits, centre and slope.

    All at once: to be called with as much as stays in the processor's cache.
    """
    wanted = target[:, None]
    odds, z, root = _odds(logits, prior)
    total = -odds.gather(1, wanted).clamp_min_(constants.LEAST_PROBABILITY).log2_().sum(dtype=torch.float64).item()
    odds.scatter_add_(1, wanted, odds.new_full((), -1.0).expand(wanted.shape))
    if prior is None:
        return total, odds, (odds, odds)
    return total, odds, prior.gradient(odds, z, root)


def _odds(logits: Tensor, prior: LearnedPrior | None) -> tuple[Tensor, Tensor, Tensor]:
    """Probabilities, z and sqrt(1 + z^2); the latter two only with a prior."""
    if prior is None:
        return logits.float().softmax(1), logits, logits
    z, root = prior.curve()
    return (logits - root).softmax(1), z, root


class _MeanBits(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, logits: Tensor, target: Tensor, values: Tensor, centre: Tensor, slope: Tensor) -> Tensor:
        if (found := bits_and_gradient(logits, target, values, centre, slope)) is not None:
            ctx.save_for_backward(*found[1:])
            return found[0]
        count = len(logits)
        scale = 1.0 / (count * math.log(2.0))
        gradient = torch.empty_like(logits)
        centre_grad, slope_grad = torch.zeros_like(centre), torch.zeros_like(slope)
        total = torch.zeros((), dtype=torch.float64, device=logits.device)
        for begin in range(0, count, _SLICE):
            rows = slice(begin, begin + _SLICE)
            wanted = target[rows, None]
            prior = LearnedPrior(values, centre[rows], slope[rows]) if len(values) else None
            odds, z, root = _odds(logits[rows], prior)
            total -= odds.gather(1, wanted).clamp_min_(constants.LEAST_PROBABILITY).log_().sum()
            odds.scatter_add_(1, wanted, odds.new_full((), -1.0).expand(wanted.shape)).mul_(scale)
            gradient[rows] = odds
            if prior is not None:
                centre_grad[rows], slope_grad[rows] = prior.gradient(odds, z, root)
        ctx.save_for_backward(gradient, centre_grad, slope_grad)
        return (total * scale).float()

    @staticmethod
    def backward(ctx: Any, *above: Tensor) -> tuple[Tensor | None, ...]:
        gradient, centre_grad, slope_grad = (saved * above[0] for saved in ctx.saved_tensors)
        with_prior = len(centre_grad) > 0
        return gradient, None, None, centre_grad if with_prior else None, slope_grad if with_prior else None
