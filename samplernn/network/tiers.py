"""The parts of SampleRNN: a frame tier, which conditions what lies below it, and the sample tier, which gives logits.

Mehri et al. (2017), "SampleRNN: An Unconditional End-to-End Neural Audio Generation Model".
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding_bag, relu_

from samplernn.config import ModelConfig
from samplernn.data.quantise import amplitudes
from samplernn.network.embedding_lookup import look_up, rows_of, tables_of
from samplernn.network.layers import Linear, Matrix, Stack, State, he_std, lecun_std


class FrameTier(nn.Module):
    """Reads one frame after another and conditions the frames (or samples) of the tier below.

    Its output is upsampled by one linear projection per position in the frame, each with its own bias.
    """

    first: Tensor

    def __init__(self, config: ModelConfig, size: int, below: int, *, top: bool) -> None:
        """`size` samples per frame here, `below` in the tier below (1 for the sample tier)."""
        super().__init__()
        width, normed = config.width, config.weight_norm
        self.size, self.ratio = size, size // below
        self.guide_inputs = config.guide_inputs if top else 0
        self.expand = None if top else Linear(size, width, init_std=he_std(size), normed=normed)
        inputs = size + self.guide_inputs if top else width
        self.stack = Stack(inputs, width, config.layers, cell=config.cell, skip=config.skip, normed=normed)
        outputs = width if below > 1 else config.sample_units
        self.upsample = Linear(width, self.ratio * outputs, init_std=he_std(width), normed=normed)
        first = torch.zeros(2, config.layers, width)
        if config.first_state == "learned":
            self.first = nn.Parameter(first)
        else:
            self.register_buffer("first", first, persistent=False)

    def forward(self, frames: Tensor, above: Tensor | None, state: State) -> tuple[Tensor, State]:
        """Conditioning [batch, frames * ratio, units] from frames and what came from above.

        frames [batch, frames, size + guide_inputs] with samples in -2..2, above [batch, frames, width].
        """
        x = frames if self.expand is None else self.expand(frames) + above
        out, state = self.stack(x, state)
        batch, count, _ = out.shape
        return self.upsample(out).view(batch, count * self.ratio, -1), state


class SampleTier(nn.Module):
    """The codes right before the next one and the conditioning of the tier above, to logits."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        width, normed = config.sample_units, config.weight_norm
        self.levels, self.lookback = config.levels, config.lookback
        if self.lookback:
            self.embedding = nn.Parameter(torch.randn(config.levels, config.embedding))
            if config.smooth_start:
                self.embedding.data = _smooth_embedding(config)
            taken = self.lookback * config.embedding
            self.first = Matrix(taken, width, init_std=he_std(taken), normed=normed)
        self.second = Linear(width, width, init_std=he_std(width), normed=normed)
        self.third = Linear(width, width, init_std=he_std(width), normed=normed)
        quiet = 0.1 if config.predictor else 1.0  # the prior of the predictor is the better start
        self.output = Linear(width, config.levels, init_std=quiet * lecun_std(width), normed=normed)

    def look_up(self, codes: Tensor, dtype: torch.dtype) -> Tensor:
        """What the codes before each sample add to the first layer; [batch, lookback - 1 + time] to [n, width]."""
        embedding, weight = self.embedding.to(dtype), self.first.folded(dtype)
        if codes.device.type == "cpu":
            return look_up(codes, embedding, weight)
        rows = rows_of(codes, self.lookback, self.levels)
        return embedding_bag(rows, tables_of(embedding, weight).flatten(0, 1), mode="sum")

    def forward(self, first: Tensor) -> Tensor:
        """The sum that enters the first ReLU layer, [n, width], to the last layer before the output, [n, width]."""
        return relu_(self.third(relu_(self.second(first))))


def _smooth_embedding(config: ModelConfig) -> Tensor:
    """Neighbouring codes start alike: random mixtures of slow functions of the amplitude, [levels, embedding]."""
    place = torch.linspace(0.0, 1.0, config.levels)
    value = torch.from_numpy(amplitudes(config.levels, config.law)).to(place.device)
    waves = [torch.cos(math.pi * k * place) / k for k in range(1, 7)]
    features = torch.stack([*waves, 2.0 * value, 4.0 * place - 2.0], dim=1)
    return features @ torch.randn(features.shape[1], config.embedding) / math.sqrt(3.0)
