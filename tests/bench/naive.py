"""SampleRNN the way it is usually written in PyTorch, with the architecture and the weights of one of ours.

What the public implementations do, it does: modules of torch throughout; weight norm by torch's parametrization, worked
out anew at every call; an embedding and convolutions over it in the sample tier, which sees unfolded windows; float32;
log_softmax and the negative log-likelihood of it all; Adam as it comes; and generation by one call of every module per
sample, each drawn by `multinomial`. It is meant to be plain, not slow: nothing is done twice that a reader would see.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import conv1d, log_softmax, nll_loss, relu
from torch.nn.utils import clip_grad_norm_, clip_grad_value_
from torch.nn.utils.parametrizations import weight_norm

from samplernn import prior_constants as constants
from samplernn.config import TrainConfig
from samplernn.network.layers import Linear, Matrix, RecurrentLayer, Stack
from samplernn.network.linear_prediction import LinearPrediction
from samplernn.network.model import SampleRNN
from samplernn.network.tiers import FrameTier, SampleTier

_State = list[list[tuple[Tensor, ...]]]
"""(hidden, cell) or (hidden,) of every layer of every tier, each [1, batch, width]."""


class NaiveSampleRNN(nn.Module):
    """As the model given, on its device; the weights are copied."""

    def __init__(self, model: SampleRNN, training: TrainConfig | None = None) -> None:
        super().__init__()
        self.config = model.config
        self.training_config = training or TrainConfig()
        self.tiers: Sequence[_FrameTier] = nn.ModuleList(_FrameTier(tier) for tier in model.tiers)  # type: ignore[assignment]
        self.sample = _SampleTier(model.sample)
        self.prediction = None if model.prediction is None else _Prediction(model.prediction)
        self.to(model.device)
        self.optimiser = torch.optim.Adam(
            self.parameters(), lr=self.training_config.rate, betas=self.training_config.betas
        )

    def first_state(self, batch: int) -> _State:
        return [tier.first_state(batch) for tier in self.tiers]

    def forward(self, codes: Tensor, state: _State) -> tuple[Tensor, _State]:
        """Log-odds [batch, time, levels] of the samples of codes [batch, context_length + time] after that context."""
        config = self.config
        above, after = None, []
        for tier, before in zip(self.tiers, state, strict=True):
            frames = self._scaled(codes[:, config.context_length - tier.size : -tier.size]).unfold(
                1, tier.size, tier.size
            )
            above, new = tier(frames, above, before)
            after.append(new)
        recent = codes[:, config.context_length - config.lookback : -1] if config.lookback else None
        if self.prediction is None:
            return log_softmax(self.sample(recent, above), dim=2), after
        predicted, residuals = self.prediction(codes[:, config.context_length - config.predictor - config.surprises :])
        last, logits = self.sample.step(recent, above + self.prediction.hear(residuals))
        return log_softmax(logits + self.prediction.prior_of(last, predicted), dim=2), after

    def learn(self, codes: Tensor, state: _State) -> tuple[Tensor, _State]:
        """One step of the optimiser; the loss in bits, and the state cut from the graph."""
        config = self.config
        self.optimiser.zero_grad()
        odds, state = self(codes, state)
        target = codes[:, config.context_length :].reshape(-1)
        loss = nll_loss(odds.view(-1, config.levels), target) / math.log(2.0)
        loss.backward()
        clip = clip_grad_value_ if self.training_config.clip_by == "value" else clip_grad_norm_
        clip(self.parameters(), self.training_config.clip)
        self.optimiser.step()
        return loss.detach(), [[tuple(part.detach() for part in layer) for layer in tier] for tier in state]

    @torch.no_grad()
    def make(self, clips: int, samples: int, told: list[Tensor] | None = None) -> Tensor:
        """New codes [clips, samples]; `told` gets the log-odds [clips, levels] that each sample was drawn from."""
        config, state = self.config, self.first_state(clips)
        device = next(self.parameters()).device
        codes = torch.full((clips, config.context_length + samples), config.levels // 2, device=device)
        conditioning: list[Tensor] = [torch.empty(0)] * len(self.tiers)
        residuals = None if self.prediction is None else self.prediction.residuals_of(codes)
        for now in range(config.context_length, config.context_length + samples):
            place, above = now - config.context_length, None
            for k, tier in enumerate(self.tiers):
                if place % tier.size == 0:
                    frame = self._scaled(codes[:, now - tier.size : now])[:, None]
                    conditioning[k], state[k] = tier(frame, above, state[k])
                step = place % tier.size // (tier.size // tier.ratio)
                above = conditioning[k][:, step : step + 1]
            recent = codes[:, now - config.lookback : now] if config.lookback else None
            if self.prediction is not None:
                predicted = self.prediction.predict(codes[:, now - config.predictor : now])
                hear = self.prediction.hear(residuals[:, now - config.surprises : now].flatten(1)[:, None])
                last, logits = self.sample.step(recent, above + hear)
                odds = log_softmax(logits + self.prediction.prior_of(last, predicted), dim=2)[:, 0]
            else:
                odds = log_softmax(self.sample(recent, above), dim=2)[:, 0]
            if told is not None:
                told.append(odds)
            codes[:, now] = odds.exp().multinomial(1)[:, 0]
            if self.prediction is not None:
                residuals[:, now] = self.prediction.residual_features(codes[:, now], predicted[:, 0])
        return codes[:, config.context_length :]

    def _scaled(self, codes: Tensor) -> Tensor:
        return (codes.float() / self.config.levels * 2.0 - 1.0) * 2.0


class _FrameTier(nn.Module):
    def __init__(self, tier: FrameTier) -> None:
        super().__init__()
        self.size, self.ratio = tier.size, tier.ratio
        self.expand = None if tier.expand is None else _linear(tier.expand)
        self.stack = _Stack(tier.stack)
        self.upsample = _linear(tier.upsample)
        self.first = nn.Parameter(tier.first.detach().clone(), requires_grad=isinstance(tier.first, nn.Parameter))

    def first_state(self, batch: int) -> list[tuple[Tensor, ...]]:
        hidden, cell = self.first[:, :, None].expand(-1, -1, batch, -1).contiguous()
        if self.stack.cell == "gru":
            return [(hidden[k : k + 1],) for k in range(len(hidden))]
        return [(hidden[k : k + 1], cell[k : k + 1]) for k in range(len(hidden))]

    def forward(
        self, frames: Tensor, above: Tensor | None, state: list[tuple[Tensor, ...]]
    ) -> tuple[Tensor, list[tuple[Tensor, ...]]]:
        x = frames if self.expand is None else self.expand(frames) + above
        out, state = self.stack(x, state)
        batch, count, _ = out.shape
        return self.upsample(out).view(batch, count * self.ratio, -1), state


class _Stack(nn.Module):
    def __init__(self, stack: Stack) -> None:
        super().__init__()
        self.cell = stack.layers[0].cell
        self.layers = nn.ModuleList(_recurrent(layer) for layer in stack.layers)
        self.skip_projections = nn.ModuleList(_linear(linear) for linear in stack.heard)

    def forward(self, x: Tensor, state: list[tuple[Tensor, ...]]) -> tuple[Tensor, list[tuple[Tensor, ...]]]:
        above, total, after = x, None, []
        for k, layer in enumerate(self.layers):
            taken = torch.cat([above, x], dim=2) if k and self.skip_projections else above
            above, new = layer(taken, state[k][0] if self.cell == "gru" else state[k])
            after.append((new,) if self.cell == "gru" else new)
            if self.skip_projections:
                part = self.skip_projections[k](above)
                total = part if total is None else total + part
        return (above if total is None else total), after


class _SampleTier(nn.Module):
    def __init__(self, tier: SampleTier) -> None:
        super().__init__()
        self.lookback = tier.lookback
        if tier.lookback:
            self.embedding = nn.Embedding.from_pretrained(tier.embedding.detach().clone(), freeze=False)
            self.first = _conv(tier.first, None, tier.lookback)
        self.second, self.third, self.output = (
            _conv(layer.matrix, layer.bias, 1) for layer in (tier.second, tier.third, tier.output)
        )

    def forward(self, recent: Tensor | None, above: Tensor) -> Tensor:
        """Codes [batch, lookback - 1 + time] and conditioning [batch, time, width], to logits [batch, time, levels]."""
        return self.step(recent, above)[1]

    def step(self, recent: Tensor | None, above: Tensor) -> tuple[Tensor, Tensor]:
        """The last layer before the output, too."""
        x = above.permute(0, 2, 1)
        if recent is not None:
            x = x + self.first(self.embedding(recent).permute(0, 2, 1))
        x = relu(self.third(relu(self.second(x))))
        return x.permute(0, 2, 1), self.output(x).permute(0, 2, 1).contiguous()


class _Prediction(nn.Module):
    """The linear predictor; its coefficients are fitted, not learnt."""

    def __init__(self, prediction: LinearPrediction) -> None:
        super().__init__()
        self.count = prediction.count
        self.order = prediction.order
        for name in ("lpc", "scale", "values"):
            self.register_buffer(name, getattr(prediction, name).detach().clone())
        self.hear, self.prior = _linear(prediction.hear), _linear(prediction.prior_layer)

    def forward(self, codes: Tensor) -> tuple[Tensor, Tensor]:
        """For codes [batch, order + count + time]: predictions [batch, time], residuals [batch, time, 2 * count]."""
        predicted = self.predict(codes[:, :-1])
        residuals = self.residual_features(codes[:, self.order : -1], predicted[:, :-1])
        return predicted[:, self.count :], residuals.unfold(1, self.count, 1).transpose(2, 3).flatten(2)

    def predict(self, codes: Tensor) -> Tensor:
        """What follows each stretch of `order` codes, [batch, order - 1 + time] to [batch, time]."""
        return conv1d(self.values[codes][:, None], self.lpc[None, None])[:, 0]

    def residual_features(self, codes: Tensor, predicted: Tensor) -> Tensor:
        residual = (self.values[codes] - predicted) / self.scale
        signed = residual.clamp(-constants.RESIDUAL_LIMIT, constants.RESIDUAL_LIMIT)
        size = torch.log(residual.abs() + constants.RESIDUAL_FLOOR)
        return torch.stack([signed, size], dim=-1) * constants.RESIDUAL_GAIN

    def residuals_of(self, codes: Tensor) -> Tensor:
        """[batch, n, 2] for codes [batch, n]; none in the first `order`."""
        found = torch.zeros(*codes.shape, 2, device=codes.device)
        found[:, self.order :] = self.residual_features(codes[:, self.order :], self.predict(codes[:, :-1]))
        return found

    def prior_of(self, last: Tensor, predicted: Tensor) -> Tensor:
        """What is added to the logits, [batch, time, levels]."""
        shift, narrow = self.prior(last).unbind(-1)
        centre = predicted + shift * self.scale
        slope = torch.exp(-narrow.clamp(-constants.NARROWNESS_LIMIT, constants.NARROWNESS_LIMIT)) / self.scale
        return -torch.sqrt(1.0 + ((self.values - centre[..., None]) * slope[..., None]) ** 2)


def _linear(layer: Linear) -> nn.Module:
    made = nn.Linear(*reversed(layer.matrix.direction.shape), bias=layer.bias is not None)
    return _with_weights(made, "weight", layer.matrix, layer.matrix.direction, layer.bias)


def _conv(matrix: Matrix, bias: Tensor | None, size: int) -> nn.Module:
    outputs, inputs = matrix.direction.shape
    made = nn.Conv1d(inputs // size, outputs, size, bias=bias is not None)
    weight = matrix.direction.view(outputs, size, inputs // size).transpose(1, 2)
    return _with_weights(made, "weight", matrix, weight, bias)


def _recurrent(layer: RecurrentLayer) -> nn.Module:
    kind = {"lstm": nn.LSTM, "gru": nn.GRU}[layer.cell]
    inputs, width = layer.inward.direction.shape[1], layer.recurrent.direction.shape[1]
    made = kind(inputs, width, batch_first=True)
    with torch.no_grad():
        made.bias_ih_l0.copy_(layer.bias)
        made.bias_hh_l0.zero_()
    for name, matrix in (("weight_ih_l0", layer.inward), ("weight_hh_l0", layer.recurrent)):
        _with_weights(made, name, matrix, matrix.direction, None)
    return made


@torch.no_grad()
def _with_weights(module: nn.Module, name: str, matrix: Matrix, weight: Tensor, bias: Tensor | None) -> nn.Module:
    """Puts the weights of ours into `module`, weight norm and all."""
    getattr(module, name).copy_(weight)
    if bias is not None:
        assert isinstance(module.bias, Tensor)
        module.bias.copy_(bias)
    if matrix.length is not None:
        weight_norm(module, name, dim=0)
        length = module.parametrizations[name].original0  # type: ignore[index, union-attr]
        length.copy_(matrix.length.view_as(length))
    return module
