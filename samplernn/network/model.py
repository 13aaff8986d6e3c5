"""SampleRNN: recurrent frame tiers over a sample tier that gives the odds of the next code.

Mehri et al. (2017), "SampleRNN: An Unconditional End-to-End Neural Audio Generation Model"; with one frame tier and
the values of the `paper` preset it is the network of Zukowski and Carr (2018).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from resources.progress import Cancelled, never
from samplernn.config import ModelConfig
from samplernn.network.adaptive import first_adapted
from samplernn.network.conditioning import Conditioning, with_features
from samplernn.network.cuda import hidden as on_gpu
from samplernn.network.head import Layer, head_bits
from samplernn.network.layers import GATES, Linear, State
from samplernn.network.linear_prediction import LinearPrediction
from samplernn.network.loss import each_bits, mean_bits
from samplernn.network.prior import LearnedPrior, PriorInputs
from samplernn.network.tiers import FrameTier, SampleTier

RANDOM_STATE = 0.5
"""A random first state is drawn evenly from minus this to this."""


class SampleRNN(nn.Module):
    """The whole network.

    Attributes:
        compute: dtype of the matrix products; parameters, states and losses stay float32.
    """

    tiers: Sequence[FrameTier]

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.compute = torch.float32
        sizes = (*config.frame_sizes, 1)
        self.tiers = nn.ModuleList(  # type: ignore[assignment]
            FrameTier(config, size, below, top=k == 0) for k, (size, below) in enumerate(itertools.pairwise(sizes))
        )
        self.sample = SampleTier(config)
        self.prediction = LinearPrediction(config) if config.predictor else None

    @property
    def device(self) -> torch.device:
        """Where all parameters are."""
        return self.sample.second.matrix.direction.device

    @torch.no_grad()
    def fit_lpc(
        self, sound: NDArray[np.float32], spans: Sequence[tuple[int, int]], cancelled: Cancelled = never
    ) -> None:
        """Fits the linear predictor, which is not learnt by gradients, to `spans` (start, stop) of the training music.

        The bias of the output then starts from the logarithm of how much of the amplitude range each code stands for.

        Raises:
            concurrent.futures.CancelledError: once `cancelled()`; nothing has changed then.
        """
        if self.prediction is not None:
            self.prediction.fit([sound[start:stop] for start, stop in spans], cancelled)
            bias = self.sample.output.bias
            assert bias is not None
            bias.copy_(self.prediction.sizes().log())

    def first_state(self, batch: int, generator: torch.Generator | None = None) -> list[State]:
        """The state that every stream starts from, for each tier; drawn with `generator` (on the CPU) when random.

        Behind them comes that of the adaptive filter, where there is one.
        """
        states: list[State] = []
        for tier in self.tiers:
            hidden, cell = tier.first[:, :, None].expand(-1, -1, batch, -1)
            if self.config.first_state == "random":
                drawn = torch.rand(2, *hidden.shape, generator=generator) * (2 * RANDOM_STATE) - RANDOM_STATE
                hidden, cell = drawn.to(hidden.device)
            states.append((hidden.contiguous(), cell.contiguous()))
        if self.config.adaptive:
            states.append(first_adapted(batch, self.config.adaptive, self.config.surprises, self.device))
        return states

    def forward(
        self, codes: Tensor, state: list[State], conditioning: Conditioning | None = None
    ) -> tuple[Tensor, list[State]]:
        """Logits for every sample of a window, given all samples before it.

        Args:
            codes: [batch, context_length + time], int64; the first `config.context_length` precede the window.
                `time` is a whole number of frames of the slowest tier.
            state: of every tier, as `first_state` or an earlier window left it.
            conditioning: of the `GUIDE_HOP` samples before the window, and of all in it, which are whole frames of the
                guide then; None without a guide, or for a network that knows none.

        Returns:
            Logits [batch, time, levels], float32, and the states after the window.
        """
        last, prior_inputs, state = self._hidden(codes, state, conditioning)
        logits, prior = self._logits_and_prior(last, prior_inputs)
        logits = logits.float() if prior is None else prior.add_to(logits.float())
        return logits.view(codes.shape[0], -1, self.config.levels), state

    def loss(
        self, codes: Tensor, state: list[State], conditioning: Conditioning | None = None
    ) -> tuple[Tensor, list[State]]:
        """Mean bits per sample of a window; arguments as for `forward`. The states come back cut from the graph."""
        target = codes[:, self.config.context_length :].reshape(-1)
        if codes.device.type == "cpu":
            first, prior_inputs, state = self._first(codes, state, conditioning)
            bits = head_bits(first, *self._layers(first.dtype), prior_inputs, target)
        else:
            last, prior_inputs, state = self._hidden(codes, state, conditioning)
            bits = mean_bits(*self._logits_and_prior(last, prior_inputs), target=target)
        return bits, [(h.detach(), c.detach()) for h, c in state]

    @torch.inference_mode()
    def score(
        self, codes: Tensor, state: list[State], conditioning: Conditioning | None = None
    ) -> tuple[Tensor, list[State]]:
        """Bits of every sample of a window, [batch, time]; arguments as for `forward`."""
        last, prior_inputs, state = self._hidden(codes, state, conditioning)
        bits = each_bits(
            *self._logits_and_prior(last, prior_inputs), target=codes[:, self.config.context_length :].reshape(-1)
        )
        return bits.view(codes.shape[0], -1), state

    def _hidden(
        self, codes: Tensor, state: list[State], conditioning: Conditioning | None
    ) -> tuple[Tensor, PriorInputs | None, list[State]]:
        if on_gpu.suits(self.config, codes):
            return on_gpu.hidden(self, codes, state, conditioning)
        first, prior_inputs, after = self._first(codes, state, conditioning)
        return self.sample(first), prior_inputs, after

    def _first(
        self, codes: Tensor, state: list[State], conditioning: Conditioning | None
    ) -> tuple[Tensor, PriorInputs | None, list[State]]:
        """The sum that enters the first ReLU layer, [n, units]; what the priors are made from; the states after."""
        config, dtype = self.config, self.compute
        batch, time = codes.shape[0], codes.shape[1] - config.context_length
        scaled = (codes.float() * (2.0 / config.levels) - 1.0) * 2.0
        above: Tensor | None = None
        after: list[State] = []
        *of_tiers, adapted = state if config.adaptive else (*state, None)
        for tier, before in zip(self.tiers, of_tiers, strict=True):
            frames = scaled[:, config.context_length - tier.size : -tier.size].reshape(
                batch, time // tier.size, tier.size
            )
            if tier.guide_inputs:
                frames = with_features(frames, conditioning)
            above, new = tier(frames.to(dtype), above, before)
            after.append(new)
        assert above is not None
        first = above.reshape(batch * time, config.sample_units)
        if config.lookback:
            first = self.sample.look_up(codes[:, config.context_length - config.lookback : -1], dtype).add_(first)
        prior_inputs: PriorInputs | None = None
        if self.prediction is not None:
            begin = config.context_length - config.predictor - config.surprises
            prior_inputs, residuals, adapted = self.prediction(codes[:, begin:], conditioning, adapted)
            if adapted is not None:
                after.append(adapted)
            first = self.prediction.hear(residuals.to(dtype), first)
        return first, prior_inputs, after

    def _layers(self, dtype: torch.dtype) -> tuple[Layer, Layer, Layer]:
        """Those of the sample tier, with the prior's two under the output."""
        sample, prediction = self.sample, self.prediction
        second, third, output = (_folded(layer, dtype) for layer in (sample.second, sample.third, sample.output))
        if prediction is not None:
            output = Layer(*map(torch.cat, zip(output, _folded(prediction.prior_layer, dtype), strict=True)))
        return second, third, output

    def _logits_and_prior(self, last: Tensor, prior_inputs: PriorInputs | None) -> tuple[Tensor, LearnedPrior | None]:
        """Logits [n, levels] without the prior, and the prior."""
        logits: Tensor = self.sample.output(last)
        if self.prediction is None or prior_inputs is None:
            return logits, None
        return logits, prior_inputs.prior(*self.prediction.prior_layer(last).float().unbind(-1))


def parameter_count(config: ModelConfig) -> int:
    """How many numbers a model learns, by arithmetic alone: nothing of that size is allocated."""
    width, units, normed = config.width, config.sample_units, int(config.weight_norm)
    gates = GATES[config.cell]

    def linear(inputs: int, outputs: int, bias: bool = True) -> int:
        return outputs * (inputs + normed + int(bias))

    total = 0
    skip = config.skip and config.layers > 1
    for k, (size, below) in enumerate(itertools.pairwise((*config.frame_sizes, 1))):
        inputs = width if k else size + config.guide_inputs
        deeper = width + inputs if skip else width
        total += linear(size, width) if k else 0
        for layer in range(config.layers):
            total += linear(deeper if layer else inputs, gates * width, bias=False)
            total += linear(width, gates * width)
        total += config.layers * linear(width, width, bias=False) + width if skip else 0
        total += linear(width, size // below * (width if below > 1 else units))
        total += 2 * config.layers * width if config.first_state == "learned" else 0
    if config.lookback:
        total += config.levels * config.embedding + linear(config.lookback * config.embedding, units, bias=False)
    if config.predictor:
        total += linear(2 * config.surprises, units, bias=False) + linear(units, 2)
    return total + 2 * linear(units, units) + linear(units, config.levels)


def _folded(layer: Linear, dtype: torch.dtype) -> Layer:
    assert layer.bias is not None
    return Layer(layer.matrix.folded(dtype), layer.bias.to(dtype))
