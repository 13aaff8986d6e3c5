"""The network unrolled by hand, one sample after another for many clips at once.

Everything that training computes again at every step is folded beforehand: weight norm into plain matrices, embedding
and first layer into lookup tables, the input of each LSTM beside its state so that one product serves both.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import embedding_bag

from samplernn.layers import Linear, Stack, State
from samplernn.linear_prediction import LinearPrediction
from samplernn.model import FrameTier, SampleRNN
from samplernn.quantise import zero_code


def _matrix(layer: Linear) -> tuple[Tensor, Tensor]:
    """Weight ready to multiply from the right, [inputs, outputs], and bias."""
    weights = layer.matrix.folded().t().contiguous()
    return weights, weights.new_zeros(weights.shape[1]) if layer.bias is None else layer.bias


class _Cell:
    """One LSTM layer: a step for all clips."""

    def __init__(self, weights: Tensor, bias: Tensor, hidden: Tensor, cell: Tensor) -> None:
        self._weights, self._bias = weights, bias
        self.hidden, self._cell = hidden, cell

    def step(self, *inputs: Tensor) -> Tensor:
        taken = torch.cat([*inputs, self.hidden], dim=1)
        gates = torch.addmm(self._bias, taken, self._weights)
        enter, forget, new, out = gates.chunk(4, dim=1)
        self._cell = torch.sigmoid(forget) * self._cell + torch.sigmoid(enter) * torch.tanh(new)
        self.hidden = torch.sigmoid(out) * torch.tanh(self._cell)
        return self.hidden


class _Stack:
    """A stack of LSTM layers with its skip connections."""

    def __init__(self, stack: Stack, state: State) -> None:
        hidden, cell = state
        self._skip = stack.skip
        self._cells = []
        for k, layer in enumerate(stack.layers):
            both = torch.cat([layer.inward.folded(), layer.recurrent.folded()], dim=1)
            self._cells.append(_Cell(both.t().contiguous(), layer.bias, hidden[k], cell[k]))
        if self._skip:
            heard = [_matrix(linear) for linear in stack.heard]
            self._heard = torch.cat([weights for weights, _ in heard])
            self._bias = heard[0][1]

    def step(self, x: Tensor) -> Tensor:
        out = self._cells[0].step(x)
        if not self._skip:
            for cell in self._cells[1:]:
                out = cell.step(out)
            return out
        all_out = [out]
        for cell in self._cells[1:]:
            all_out.append(cell.step(all_out[-1], x))
        return torch.addmm(self._bias, torch.cat(all_out, dim=1), self._heard)


class _Tier:
    """A frame tier: takes a step at every frame, and keeps what it says of the frames or samples below."""

    def __init__(self, tier: FrameTier, state: State) -> None:
        self.size, self._below = tier.size, tier.size // tier.ratio
        self._expand = None if tier.expand is None else _matrix(tier.expand)
        self._stack = _Stack(tier.stack, state)
        self._upsample = _matrix(tier.upsample)
        self._said: tuple[Tensor, ...] = ()

    def step(self, frame: Tensor, above: Tensor | None) -> None:
        """frame [clips, size] in -2..2, above [clips, width]."""
        if self._expand is not None and above is not None:
            weights, bias = self._expand
            frame = torch.addmm(bias, frame, weights) + above
        weights, bias = self._upsample
        out = torch.addmm(bias, self._stack.step(frame), weights)
        self._said = out.chunk(self.size // self._below, dim=1)

    def says(self, place: int) -> Tensor:
        """What it says for the sample at `place`, [clips, width]."""
        return self._said[place % self.size // self._below]


class Sampler:
    """Makes the sound of several clips, sample by sample; goes on where it was at every call.

    Args of the constructor:
        model: on its device, in evaluation.
        state: first state of every tier, [layers, clips, width] each.
        temperature: above 0; the logits are divided by it.
        past: codes [clips, reach] that came before; silence where there are none.
    """

    def __init__(self, model: SampleRNN, state: list[State], temperature: float, past: Tensor | None = None) -> None:
        self._config = model.config
        self._device = model.device
        self._temperature = temperature
        clips = state[0][0].shape[1]
        with torch.inference_mode():
            self._tiers = [_Tier(tier, of) for tier, of in zip(model.tiers, state, strict=True)]
            sample = model.sample
            self._tables = (sample.tables(), sample.places) if sample.lookback else None
            self._second, self._third = _matrix(sample.second), _matrix(sample.third)
            self._output = _matrix(sample.output)
            self._prediction = model.prediction
            if model.prediction is not None:
                self._hear = model.prediction.hear.matrix.folded().t().contiguous()
                both = zip(self._output, _matrix(model.prediction.bell), strict=True)
                weights, bias = (torch.cat(pair, dim=-1) for pair in both)
                self._output = weights, bias
            silence = torch.full((clips, self._config.reach), zero_code(self._config.levels), device=self._device)
            self._past = silence if past is None else past.to(self._device)

    @torch.inference_mode()
    def make(self, chances: Tensor, odds: list[Tensor] | None = None) -> Tensor:
        """The next samples of every clip.

        Args:
            chances: [clips, n], even random numbers in 0..1, one per sample; n is a whole number of frames of the
                slowest tier.
            odds: gets the probabilities [clips, levels] that every sample was drawn from, when given.

        Returns:
            Codes [clips, n], int64.
        """
        config = self._config
        clips, count = chances.shape
        codes = torch.cat([self._past, self._past.new_zeros(clips, count)], dim=1)
        scaled = (codes.float() * (2.0 / config.levels) - 1.0) * 2.0
        code_scale = 4.0 / config.levels
        heard = None if self._prediction is None else _Heard(self._prediction, codes)
        draws = chances.t().contiguous().to(self._device)[:, :, None]
        for step in range(count):
            now = config.reach + step
            above: Tensor | None = None
            for tier in self._tiers:
                if step % tier.size == 0:
                    tier.step(scaled[:, now - tier.size : now], above)
                above = tier.says(step)
            assert above is not None
            first = above
            if self._tables is not None:
                tables, places = self._tables
                recent = codes[:, now - config.lookback : now] + places
                first = first + embedding_bag(recent, tables, mode="sum")
            if heard is not None:
                first = torch.addmm(first, heard.before(now), self._hear)
            chance = self._odds(first, None if heard is None else heard.predict(now))
            if odds is not None:
                odds.append(chance)
            drawn = torch.searchsorted(chance.cumsum(1), draws[step]).clamp_max_(config.levels - 1)[:, 0]
            codes[:, now] = drawn
            torch.mul(drawn, code_scale, out=scaled[:, now]).sub_(2.0)
            if heard is not None:
                heard.take(now, drawn)
        self._past = codes[:, count:].clone()
        return codes[:, config.reach :]

    def _odds(self, first: Tensor, predicted: Tensor | None) -> Tensor:
        """Probabilities [clips, levels] of the next code."""
        for weights, bias in (self._second, self._third):
            first = torch.addmm(bias, first, weights).relu_()
        weights, bias = self._output
        logits = torch.addmm(bias, first, weights)
        if self._prediction is not None and predicted is not None:
            logits, bell = logits[:, :-2], logits[:, -2:]
            logits = self._prediction.place(bell, predicted).lift(logits)
        if self._temperature != 1.0:
            logits /= self._temperature
        return logits.softmax(1)


class _Heard:
    """The linear predictor along one stretch: amplitudes so far and how wrong it was about them."""

    def __init__(self, prediction: LinearPrediction, codes: Tensor) -> None:
        self._of = prediction
        self._values = prediction.values[codes]
        self._wrong = self._values.new_zeros(*codes.shape, 2)
        begin = prediction.order
        known = codes.shape[1]
        predicted = prediction.predict(self._values[:, : known - 1])
        self._wrong[:, begin:] = prediction.surprise(self._values[:, begin:], predicted)
        self._predicted = predicted[:, 0]

    def before(self, now: int) -> Tensor:
        """The surprises right before `now`, [clips, 2 * count]."""
        return self._wrong[:, now - self._of.count : now].flatten(1)

    def predict(self, now: int) -> Tensor:
        """The predicted amplitude at `now`, [clips]."""
        self._predicted = torch.mv(self._values[:, now - self._of.order : now], self._of.taps)
        return self._predicted

    def take(self, now: int, code: Tensor) -> None:
        """What came at `now` after all."""
        value = self._of.values[code]
        self._values[:, now] = value
        self._wrong[:, now] = self._of.surprise(value, self._predicted)
