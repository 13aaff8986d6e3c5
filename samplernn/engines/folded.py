"""A model prepared for generation: what training computes again at every step is computed once.

Weight norm is folded into plain matrices, and embedding and first layer of the sample tier into one lookup table per
position. No ReLU parts the first layer of the sample tier from the second, so the second is multiplied into all that
enters the first: what is added up here enters the first ReLU right away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from samplernn.config import ModelConfig
from samplernn.network.embedding_lookup import tables_of
from samplernn.network.layers import Linear
from samplernn.network.linear_prediction import LinearPrediction
from samplernn.network.model import SampleRNN
from samplernn.network.tiers import FrameTier


@dataclass(frozen=True, slots=True)
class Affine:
    """The linear layer x @ weights + bias."""

    weights: Tensor
    """[inputs, outputs]"""
    bias: Tensor
    """[outputs]"""


@dataclass(frozen=True, slots=True)
class FoldedCell:
    """One recurrent layer, its gates in the order of `RecurrentLayer`."""

    inward: Tensor
    """[inputs, gates * width]; of a stack with skip connections, the layer below comes before the raw input."""
    recurrent: Tensor
    """[width, gates * width]"""
    bias: Tensor
    """[gates * width], on the side of the input."""


@dataclass(frozen=True, slots=True)
class FoldedTier:
    """A frame tier."""

    size: int
    """Samples per frame."""
    ratio: int
    """Frames (or samples) of the tier below per frame."""
    expand: Tensor | None
    """[size, width]; None in the slowest tier, whose cells take the frame as it is. The tier above adds the bias."""
    cells: tuple[FoldedCell, ...]
    skip_projection: Affine | None
    """The skip projections of all layers, one above the other, [layers * width, width]; None without skip."""
    upsample: Affine
    """[width, ratio * units of the tier below], with all biases of what it is added to there."""


@dataclass(frozen=True, slots=True)
class FoldedPrediction:
    """Linear prediction (LPC) of the next sample, and the learned prior around it."""

    lpc: Tensor
    """[order], for the oldest sample first."""
    scale: float
    values: Tensor
    """The amplitude of each code, [levels]."""
    hear: Tensor
    """[2 * residuals, units], two rows for each sample, the oldest first: signed residual and logarithm of its size."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A whole model. All tensors are float32 and contiguous, on the device of the model."""

    config: ModelConfig
    tiers: tuple[FoldedTier, ...]
    """The slowest first."""
    tables: Tensor | None
    """[lookback, levels, units], for the oldest sample first; None without lookback."""
    third: Affine
    output: Affine
    """[units, levels]; with a predictor two more outputs, the shift and the narrowness of the learned prior."""
    prediction: FoldedPrediction | None

    @property
    def device(self) -> torch.device:
        """Where all tensors are."""
        return self.third.bias.device


@torch.no_grad()
def fold(model: SampleRNN) -> Folded:
    """Folds a copy of the weights that the model has now."""
    sample, prediction = model.sample, model.prediction
    second = _affine(sample.second)
    tables = None
    if sample.lookback:
        tables = tables_of(sample.embedding, sample.first.folded()) @ second.weights
    output = _affine(sample.output)
    if prediction is not None:
        prior = _affine(prediction.prior_layer)
        output = Affine(torch.cat([output.weights, prior.weights], 1), torch.cat([output.bias, prior.bias]))
    return Folded(
        model.config,
        tuple(_tiers(model.tiers, second)),
        tables,
        _affine(sample.third),
        output,
        None if prediction is None else _prediction(prediction, second),
    )


def _affine(layer: Linear) -> Affine:
    weights = layer.matrix.folded().t().contiguous()
    bias = weights.new_zeros(weights.shape[1]) if layer.bias is None else layer.bias.detach().clone()
    return Affine(weights, bias)


def _tiers(tiers: Sequence[FrameTier], second: Affine) -> Iterator[FoldedTier]:
    below = [*(tier.expand for tier in tiers[1:]), None]
    for tier, expand in zip(tiers, below, strict=True):
        upsample = _affine(tier.upsample)
        if expand is None:
            yield _tier(tier, _through(upsample, second))
        else:
            yield _tier(tier, Affine(upsample.weights, upsample.bias + _affine(expand).bias.repeat(tier.ratio)))


def _through(upsample: Affine, second: Affine) -> Affine:
    """The upsampling and the second layer of the sample tier as one linear layer."""
    units = len(second.bias)
    weights = (upsample.weights.view(-1, units) @ second.weights).view_as(upsample.weights)
    return Affine(weights, (upsample.bias.view(-1, units) @ second.weights + second.bias).flatten())


def _tier(tier: FrameTier, upsample: Affine) -> FoldedTier:
    cells = tuple(
        FoldedCell(
            layer.inward.folded().t().contiguous(),
            layer.recurrent.folded().t().contiguous(),
            layer.bias.detach().clone(),
        )
        for layer in tier.stack.layers
    )
    skip_projection = None
    if tier.stack.skip:
        each = [_affine(linear) for linear in tier.stack.heard]
        skip_projection = Affine(torch.cat([part.weights for part in each]), each[0].bias)
    expand = None if tier.expand is None else _affine(tier.expand).weights
    return FoldedTier(tier.size, tier.ratio, expand, cells, skip_projection, upsample)


def _prediction(prediction: LinearPrediction, second: Affine) -> FoldedPrediction:
    return FoldedPrediction(
        prediction.lpc.detach().clone(),
        float(prediction.scale),
        prediction.values.detach().clone(),
        prediction.hear.matrix.folded().t() @ second.weights,
    )
