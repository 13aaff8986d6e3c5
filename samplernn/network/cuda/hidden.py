"""What `SampleRNN` computes before its output layer, the way that is quickest where a GPU learns large batches.

The same network as in `samplernn.network.model`, computed in another order: the layers of an LSTM stack run side by
side (see wavefront.py), weight norm is folded in one pass, and the second layer of the sample tier, as no ReLU parts it
from the first, is multiplied into the tables and into the upsampling instead of being applied to every sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor
from torch.nn.functional import linear, pad

from samplernn.config import ModelConfig
from samplernn.network.conditioning import Conditioning, with_features
from samplernn.network.cuda.embedding_lookup import look_up
from samplernn.network.cuda.wavefront import Wavefront
from samplernn.network.cuda.weights import folded, padded_inputs, stack_weights
from samplernn.network.layers import Linear, Stack, State
from samplernn.network.linear_prediction import LinearPrediction
from samplernn.network.prior import PriorInputs
from samplernn.network.tiers import FrameTier, SampleTier

_ROW = 8
"""The kernels work on so many units at a time."""


class Network(Protocol):
    """A `SampleRNN`, as far as it is needed here; importing the class itself would make a circle."""

    config: ModelConfig
    compute: torch.dtype
    tiers: Sequence[FrameTier]
    sample: SampleTier
    prediction: LinearPrediction | None


def suits(config: ModelConfig, codes: Tensor) -> bool:
    """Whether `hidden` is the better way for this model and these codes."""
    widths = config.width % _ROW == 0 and config.sample_units % _ROW == 0
    return codes.is_cuda and widths and torch.is_grad_enabled() and not config.adaptive


def hidden(
    model: Network, codes: Tensor, state: list[State], conditioning: Conditioning | None = None
) -> tuple[Tensor, PriorInputs | None, list[State]]:
    """The last hidden layer [batch * time, units], what the priors are made from, and the states after.

    codes [batch, context_length + time], state and conditioning as for `SampleRNN.forward`.
    """
    config, dtype, sample = model.config, model.compute, model.sample
    batch, time = codes.shape[0], codes.shape[1] - config.context_length
    scaled = (codes.float() * (2.0 / config.levels) - 1.0) * 2.0
    second = folded(sample.second.matrix, dtype)
    made_anew = config.width * model.tiers[-1].size + config.lookback * config.levels
    together = batch * time >= 2 * made_anew
    x = codes.new_zeros(0)
    after: list[State] = []
    for tier, before in zip(model.tiers, state, strict=True):
        frames = (
            scaled[:, config.context_length - tier.size : -tier.size]
            .reshape(batch, time // tier.size, tier.size)
            .to(dtype)
        )
        if tier.guide_inputs:
            frames = with_features(frames, conditioning)
        if tier.expand is not None:
            frames = _apply(tier.expand, frames).add_(x.view(batch, time // tier.size, -1))
        out, new = _stack(tier.stack, frames, before)
        after.append(new)
        weight, bias = folded(tier.upsample.matrix, dtype), _bias(tier.upsample, dtype)
        if together and tier is model.tiers[-1]:
            parts = weight.view(tier.ratio, -1, config.width)
            weight = torch.bmm(second.expand(tier.ratio, -1, -1), parts).flatten(0, 1)
            bias = linear(bias.view(tier.ratio, -1), second, _bias(sample.second, dtype)).flatten()
        x = linear(out, weight, bias)
    x = x.view(batch * time, config.sample_units)
    prior_inputs: PriorInputs | None = None
    if model.prediction is not None:
        known = config.context_length - config.predictor - config.surprises
        prior_inputs, residuals, _ = model.prediction(codes[:, known:], conditioning)
        hear = folded(model.prediction.hear.matrix, dtype)
        x = torch.addmm(x, residuals.to(dtype), (second @ hear if together else hear).t())
    if config.lookback:
        tables = _tables(sample, dtype, second if together else None)
        x = look_up(x, tables, codes[:, :-1], config.levels, bend=together)
    elif together:
        x = x.relu_()
    if not together:
        x = linear(x, second, _bias(sample.second, dtype)).relu_()
    return _apply(sample.third, x).relu_(), prior_inputs, after


def _stack(stack: Stack, x: Tensor, state: State) -> tuple[Tensor, State]:
    """As `Stack.forward`."""
    if len(stack.layers) < 2 or stack.layers[0].cell != "lstm":
        out, after = stack(x, state)
        return out, after
    inputs, dtype = x.shape[2], x.dtype
    outer, inner = stack_weights(stack, inputs, dtype)
    x = pad(pad(x, (0, 1), value=1.0), (0, padded_inputs(inputs) - inputs - 1)).flatten(0, 1)
    skip_weights = torch.stack([folded(part.matrix, dtype) for part in stack.heard]) if stack.skip else None
    out, hidden, cell = Wavefront.apply(x, *state, outer, inner, skip_weights)  # type: ignore[no-untyped-call]
    if stack.skip:
        out = out.add_(_bias(stack.heard[0], dtype))
    return out, (hidden, cell)


def _tables(sample: SampleTier, dtype: torch.dtype, second: Tensor | None) -> Tensor:
    """[lookback * levels, units], through the second layer where it is given."""
    weight = folded(sample.first, dtype)
    if second is not None:
        weight = second @ weight
    places = weight.view(len(weight), sample.lookback, -1).permute(1, 2, 0)
    embedding = sample.embedding.to(dtype).expand(sample.lookback, -1, -1)
    return torch.bmm(embedding, places).flatten(0, 1)


def _apply(layer: Linear, x: Tensor) -> Tensor:
    return linear(x, folded(layer.matrix, x.dtype), _bias(layer, x.dtype))


def _bias(layer: Linear, dtype: torch.dtype) -> Tensor:
    assert layer.bias is not None
    return layer.bias.to(dtype)
