"""The learned prior under the logits, and the residuals of the linear predictor as inputs of the sample tier.

The prior is a unimodal curve over the codes' amplitudes v, added to the logits before the softmax:

    log_prior(v) = -sqrt(1 + z^2),   z = (v - centre) * slope
    centre = predicted + shift * scale
    slope  = exp(-clamp(narrowness, +-NARROWNESS_LIMIT)) / scale

`predicted` is the linear prediction of the next amplitude, `scale` the usual size of its residuals, and the network
says `shift` and `narrowness` for each sample. Its tails are those of a Laplace distribution, its top is round: the
logarithm of the density of a hyperbolic distribution (Barndorff-Nielsen, 1977), but for a constant.

The native library and the CUDA kernels have the same formulas in `native/source/prior.h` and `cuda/learned_prior.cu`,
with the same constants (`samplernn/prior_constants.py`); tests hold them to each other.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from samplernn import prior_constants as constants


class LearnedPrior(NamedTuple):
    """The prior of some samples, all float32."""

    values: Tensor
    """[levels], the amplitudes of the codes."""
    centre: Tensor
    """[n], amplitudes."""
    slope: Tensor
    """[n]"""

    def add_to(self, logits: Tensor) -> Tensor:
        """The logits with the prior, [n, levels]."""
        return logits - self.curve()[1]

    def curve(self) -> tuple[Tensor, Tensor]:
        """z and sqrt(1 + z^2), each [n, levels]."""
        z = (self.values - self.centre.unsqueeze(1)).mul_(self.slope.unsqueeze(1))
        return z, torch.addcmul(z.new_ones(()), z, z).sqrt_()

    def gradient(self, grad: Tensor, z: Tensor, root: Tensor) -> tuple[Tensor, Tensor]:
        """The gradients of centre and slope, each [n], from that of the logits and what `curve` gave, [n, levels].

        d(-sqrt(1 + z^2))/dz = -z / sqrt(1 + z^2), dz/dcentre = -slope, dz/dslope = z / slope.
        """
        part = (grad * z).div_(root)
        centre = part.sum(1).mul_(self.slope)
        return centre, part.mul_(z).sum(1).neg_().div_(self.slope)


class PriorInputs(NamedTuple):
    """What the prior of some samples is made from, beside what the network says; all float32."""

    values: Tensor
    """[levels], the amplitudes of the codes."""
    scale: Tensor | float
    """The usual size of a residual, [], or of each sample's, [n]."""
    predicted: Tensor
    """[n], the predicted amplitudes."""

    def of(self, rows: slice) -> PriorInputs:
        """Those of some of the samples."""
        scale = self.scale
        if isinstance(scale, Tensor) and scale.ndim:
            scale = scale[rows]
        return PriorInputs(self.values, scale, self.predicted[rows])

    def prior(self, shift: Tensor, narrowness: Tensor) -> LearnedPrior:
        """The prior for the shift and the narrowness that the network says, each [n], float32."""
        limit = constants.NARROWNESS_LIMIT
        slope = torch.exp(-narrowness.clamp(-limit, limit)) / self.scale
        return LearnedPrior(self.values, self.predicted + shift * self.scale, slope)

    def gradient(self, narrowness: Tensor, slope: Tensor, grads: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        """The gradients of shift and narrowness, each [n], from `grads`: those of centre and slope."""
        centre_grad, slope_grad = grads
        within = narrowness.abs() <= constants.NARROWNESS_LIMIT
        return centre_grad * self.scale, -slope_grad * slope * within


def residual_features(value: Tensor, predicted: Tensor, scale: Tensor | float) -> Tensor:
    """What the sample tier sees of residuals, [...] to [..., 2]: signed and clamped, and the logarithm of the size.

    All in units of `scale`; `value` and `predicted` are amplitudes.
    """
    residual = (value - predicted) / scale
    signed = residual.clamp(-constants.RESIDUAL_LIMIT, constants.RESIDUAL_LIMIT) * constants.RESIDUAL_GAIN
    return torch.stack([signed, (residual.abs() + constants.RESIDUAL_FLOOR).log() * constants.RESIDUAL_GAIN], dim=-1)
