"""The network unrolled by hand in plain PyTorch: for every device, and what the quicker engines are held to."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import embedding_bag

from samplernn.config import Cell
from samplernn.drawing import Draw
from samplernn.folded import Affine, Folded, FoldedCell, FoldedPrediction, FoldedTier
from samplernn.linear_prediction import surprise
from samplernn.moment import Moment
from samplernn.scoring import Bell


class TorchSampler:
    """A `Sampler` on the device of the folded model, in float32."""

    def __init__(self, folded: Folded, moment: Moment) -> None:
        config = folded.config
        self._config, self._folded = config, folded
        self._device = folded.second.bias.device
        self._tiers = [
            _Tier(tier, config.cell, *(self._there(values) for values in state))
            for tier, state in zip(folded.tiers, moment.states, strict=True)
        ]
        self._past = self._there(moment.past)
        if folded.tables is not None:
            self._tables = folded.tables.flatten(0, 1)
            self._places = torch.arange(config.lookback, device=self._device) * config.levels

    def moment(self) -> Moment:
        states = tuple((_here(hidden), _here(cell)) for hidden, cell in (tier.state() for tier in self._tiers))
        return Moment(states, _here(self._past))

    @torch.inference_mode()
    def make(self, draw: Draw, odds: NDArray[np.float32] | None = None) -> NDArray[np.int64]:
        config, folded = self._config, self._folded
        clips, count = draw.chances.shape
        codes = torch.cat([self._past, self._past.new_zeros(clips, count)], dim=1)
        scaled = (codes.float() * (2.0 / config.levels) - 1.0) * 2.0
        heard = None if folded.prediction is None else _Heard(folded.prediction, config.surprises, codes, count)
        chances = self._there(draw.chances).t().contiguous()[:, :, None]
        coolness = None if (draw.temperature == 1.0).all() else 1.0 / self._there(draw.temperature).t()[:, :, None]
        cuts = (self._there(draw.top_k), self._there(draw.top_p)) if draw.cuts else None
        for step in range(count):
            now = config.reach + step
            above: Tensor | None = None
            for tier in self._tiers:
                if step % tier.size == 0:
                    tier.step(scaled[:, now - tier.size : now], above)
                above = tier.says(step)
            assert above is not None
            first = above
            if folded.tables is not None:
                recent = codes[:, now - config.lookback : now] + self._places
                first = first + embedding_bag(recent, self._tables, mode="sum")
            if heard is not None:
                first = heard.onto(first, now)
            logits = self._logits(first, None if heard is None else heard.middle(now))
            chance = (logits if coolness is None else logits * coolness[step]).softmax(1)
            if odds is not None:
                odds[:, step] = chance.cpu().numpy()
            kept = chance if cuts is None else most_likely(chance, *cuts)
            running = kept.cumsum(1)
            drawn = torch.searchsorted(running, chances[step] * running[:, -1:], right=True)[:, 0]
            drawn.clamp_max_(config.levels - 1)
            codes[:, now] = drawn
            torch.mul(drawn, 4.0 / config.levels, out=scaled[:, now]).sub_(2.0)
            if heard is not None:
                heard.take(now, drawn)
        self._past = codes[:, count:].clone()
        return _here(codes[:, config.reach :])

    def _logits(self, first: Tensor, middle: Tensor | None) -> Tensor:
        """[clips, levels]"""
        folded = self._folded
        for layer in (folded.second, folded.third):
            first = _apply(layer, first).relu_()
        logits = _apply(folded.output, first)
        if folded.prediction is None or middle is None:
            return logits
        shift, narrow = logits[:, -2], logits[:, -1]
        typical = folded.prediction.typical
        bell = Bell(folded.prediction.values, middle + shift * typical, torch.exp(-narrow.clamp(-5.0, 5.0)) / typical)
        return bell.lift(logits[:, :-2])

    def _there(self, values: NDArray[Any]) -> Tensor:
        return torch.from_numpy(np.array(values)).to(self._device)


def most_likely(chance: Tensor, top_k: Tensor, top_p: Tensor) -> Tensor:
    """The probabilities [clips, levels] with those of all but the most likely codes set to 0, as `Draw` tells."""
    ordered, codes = chance.sort(dim=1, descending=True, stable=True)
    place = torch.arange(chance.shape[1], device=chance.device)
    count = torch.where(top_k > 0, top_k, chance.shape[1])
    ordered = ordered * (place < count[:, None])
    before = ordered.cumsum(1) - ordered
    ordered = ordered * (before < top_p[:, None] * ordered.sum(1, keepdim=True))
    return torch.zeros_like(chance).scatter_(1, codes, ordered)


def _here(values: Tensor) -> NDArray[Any]:
    """A copy on the CPU."""
    return values.detach().cpu().numpy().copy()


def _apply(layer: Affine, x: Tensor) -> Tensor:
    return torch.addmm(layer.bias, x, layer.weights)


class _Cell:
    """One recurrent layer: a step for all clips."""

    def __init__(self, cell: FoldedCell, kind: Cell, hidden: Tensor, memory: Tensor) -> None:
        self._kind, self._folded = kind, cell
        self.hidden, self.memory = hidden, memory
        if kind == "lstm":
            self._both = torch.cat([cell.inward, cell.recurrent])

    def step(self, *inputs: Tensor) -> Tensor:
        if self._kind == "lstm":
            gates = torch.addmm(self._folded.bias, torch.cat([*inputs, self.hidden], dim=1), self._both)
            enter, forget, new, out = gates.chunk(4, dim=1)
            self.memory = torch.sigmoid(forget) * self.memory + torch.sigmoid(enter) * torch.tanh(new)
            self.hidden = torch.sigmoid(out) * torch.tanh(self.memory)
        else:
            taken = inputs[0] if len(inputs) == 1 else torch.cat(inputs, dim=1)
            reset, update, new = torch.addmm(self._folded.bias, taken, self._folded.inward).chunk(3, dim=1)
            again, kept, old = torch.mm(self.hidden, self._folded.recurrent).chunk(3, dim=1)
            fresh = torch.tanh(new + torch.sigmoid(reset + again) * old)
            self.hidden = torch.lerp(fresh, self.hidden, torch.sigmoid(update + kept))
        return self.hidden


class _Tier:
    """A frame tier: takes a step at every frame, and keeps what it says of the frames or samples below."""

    def __init__(self, tier: FoldedTier, kind: Cell, hidden: Tensor, memory: Tensor) -> None:
        self.size, self._below, self._folded = tier.size, tier.size // tier.ratio, tier
        self._cells = [_Cell(cell, kind, hidden[k], memory[k]) for k, cell in enumerate(tier.cells)]
        self._said: tuple[Tensor, ...] = ()

    def step(self, frame: Tensor, above: Tensor | None) -> None:
        """frame [clips, size] in -2..2, above [clips, width]."""
        if self._folded.expand is not None and above is not None:
            frame = _apply(self._folded.expand, frame) + above
        out = _apply(self._folded.upsample, self._hear(frame))
        self._said = out.chunk(self.size // self._below, dim=1)

    def _hear(self, x: Tensor) -> Tensor:
        heard = self._folded.heard
        outs = [self._cells[0].step(x)]
        for cell in self._cells[1:]:
            outs.append(cell.step(outs[-1]) if heard is None else cell.step(outs[-1], x))
        return outs[-1] if heard is None else _apply(heard, torch.cat(outs, dim=1))

    def says(self, place: int) -> Tensor:
        """What it says for the sample at `place`, [clips, units]."""
        return self._said[place % self.size // self._below]

    def state(self) -> tuple[Tensor, Tensor]:
        return torch.stack([cell.hidden for cell in self._cells]), torch.stack([cell.memory for cell in self._cells])


class _Heard:
    """The linear predictor along one stretch: amplitudes so far and how wrong it was about them."""

    def __init__(self, prediction: FoldedPrediction, count: int, codes: Tensor, unknown: int) -> None:
        """`count` surprises are heard of; the last `unknown` of the codes [clips, samples] are still to come."""
        self._of, self._count, self._order = prediction, count, len(prediction.taps)
        self._values = prediction.values[codes]
        self._wrong = self._values.new_zeros(*codes.shape, 2)
        known = codes.shape[1] - unknown
        past = self._values[:, known - count - self._order : known]
        self._predicted = past[:, :-1].unfold(1, self._order, 1) @ prediction.taps
        self._wrong[:, known - count : known] = surprise(past[:, self._order :], self._predicted, prediction.typical)

    def onto(self, first: Tensor, now: int) -> Tensor:
        """`first` [clips, units] and what the surprises right before `now` add to it."""
        return torch.addmm(first, self._wrong[:, now - self._count : now].flatten(1), self._of.hear)

    def middle(self, now: int) -> Tensor:
        """The predicted amplitude at `now`, [clips]."""
        self._predicted = torch.mv(self._values[:, now - self._order : now], self._of.taps)
        return self._predicted

    def take(self, now: int, code: Tensor) -> None:
        """What came at `now` after all."""
        value = self._of.values[code]
        self._values[:, now] = value
        self._wrong[:, now] = surprise(value, self._predicted, self._of.typical)
