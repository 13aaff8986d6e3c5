"""The engine in plain PyTorch: for every device, and the reference that the faster engines are tested against.

Small models spend their time in the calls of PyTorch, not in arithmetic, so a sample takes as few calls as possible.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import embedding_bag

from samplernn import prior_constants as constants
from samplernn.config import GUIDE_HOP, Cell
from samplernn.engines.folded import Affine, Folded, FoldedCell, FoldedPrediction, FoldedTier
from samplernn.engines.guided_predictor import GuidedPredictor
from samplernn.engines.matrix_products import Product
from samplernn.engines.recurrent_state import RecurrentState
from samplernn.engines.sampling_request import SamplingRequest
from samplernn.network.adaptive import Adapted
from samplernn.network.conditioning import Conditioning, GuideFrames

_UNDER_ONE = 1.0 - 2.0**-23
"""The largest float32 below 1: multiplied by a total, it stays below that."""


class TorchEngine:
    """An `Engine` on the device of the folded model."""

    def __init__(self, folded: Folded, state: RecurrentState, dtype: torch.dtype = torch.float32) -> None:
        """With `dtype` bfloat16, large matrices are rounded to it; sums and states stay float32."""
        config = folded.config
        self._config, self._prediction = config, folded.prediction
        self._device = folded.device
        self._tiers = [_Tier(tier, config.cell, dtype, state.clips) for tier in folded.tiers]
        self._third = Product(folded.third, dtype, state.clips)
        self._output = Product(folded.output, dtype, state.clips)
        if folded.tables is not None:
            self._tables = folded.tables.flatten(0, 1)
            self._places = torch.arange(config.lookback, device=self._device) * config.levels
        self.load_state(state)

    def load_state(self, state: RecurrentState) -> None:
        """See `Engine.load_state`."""
        self._past = self._there(state.past)
        self._residuals = None if state.residuals is None else self._there(state.residuals)
        tiers, self._adapted = list(state.tiers), None
        if taps := self._config.adaptive:
            filters, errors = tiers.pop()
            self._adapted = Adapted.of((self._there(filters), self._there(errors)), taps)
        for tier, (hidden, memory) in zip(self._tiers, tiers, strict=True):
            tier.load_state(self._there(hidden), self._there(memory))

    def state(self) -> RecurrentState:
        """See `Engine.state`."""
        states = [tier.state() for tier in self._tiers]
        if self._adapted is not None:
            states.append(self._adapted.as_state())
        tiers = tuple((_here(hidden), _here(cell)) for hidden, cell in states)
        return RecurrentState(tiers, _here(self._past), None if self._residuals is None else _here(self._residuals))

    @torch.inference_mode()
    def make(self, request: SamplingRequest, odds: NDArray[np.float32] | None = None) -> NDArray[np.int64]:
        """See `Engine.make`."""
        config = self._config
        clips, count = request.chances.shape
        codes = torch.cat([self._past, self._past.new_zeros(clips, count)], dim=1)
        guide = self._guide(request)
        predictor: _Predictor | GuidedPredictor | None = None
        if self._prediction is not None and guide is not None:
            assert self._residuals is not None
            predictor = GuidedPredictor(self._prediction, guide, codes, self._residuals, count, self._adapted)
        elif self._prediction is not None:
            predictor = _Predictor(self._prediction, config.surprises, codes, count)
        chances = self._there(request.chances).t().contiguous()[:, :, None].clamp_max_(_UNDER_ONE)
        coolness = (
            None if (request.temperature == 1.0).all() else 1.0 / self._there(request.temperature).t()[:, :, None]
        )
        cuts = (self._there(request.top_k), self._there(request.top_p)) if request.cuts else None
        finest = self._tiers[-1]
        for step in range(count):
            now = config.context_length + step
            if step % finest.size == 0:
                self._step_tiers(codes, now, step, guide)
            first = finest.conditioning(step)
            if config.lookback:
                recent = codes[:, now - config.lookback : now] + self._places
                first = first.add_(embedding_bag(recent, self._tables, mode="sum"))
            if predictor is not None:
                first = predictor.add_residuals(first, now)
            logits = self._output(self._third(first.relu_()).relu_())
            if predictor is not None:
                logits = predictor.add_prior(logits, now)
            chance = (logits if coolness is None else logits * coolness[step]).softmax(1)
            if odds is not None:
                odds[:, step] = chance.cpu().numpy()
            running = (chance if cuts is None else most_likely(chance, *cuts)).cumsum(1)
            drawn = torch.searchsorted(running, chances[step] * running[:, -1:], right=True)[:, 0]
            drawn.clamp_max_(
                config.levels - 1
            )  # it is past the last where weights are so large that no odds are numbers
            codes[:, now] = drawn
            if predictor is not None:
                predictor.append(now, drawn)
        self._past = codes[:, count:].clone()
        if isinstance(predictor, GuidedPredictor):
            self._residuals, self._adapted = predictor.residuals(), predictor.adapted()
        return _here(codes[:, config.context_length :])

    def _guide(self, request: SamplingRequest) -> Conditioning | None:
        """That of the request, or of as long without; None for a network without guides."""
        order, (clips, samples) = self._config.guide_predictor, request.chances.shape
        if not order:
            return None
        frames = -(-samples // GUIDE_HOP)
        guide = request.guide or GuideFrames.none(clips, frames, order)
        if guide.filters.shape != (clips, frames, order):
            raise ValueError("a frame of the guide for every part of the request")
        return guide.tensors(self._device)

    def _step_tiers(self, codes: Tensor, now: int, step: int, guide: Conditioning | None) -> None:
        """A step of every tier whose next frame begins at `now`, with the samples before it."""
        above: Tensor | None = None
        for tier in self._tiers:
            if step % tier.size == 0:
                frame = codes[:, now - tier.size : now].float().mul_(4.0 / self._config.levels).sub_(2.0)
                if above is None and guide is not None:
                    frame = torch.cat([frame, guide.features[:, step // GUIDE_HOP]], dim=1)
                tier.step(frame, above)
            above = tier.conditioning(step)

    def _there(self, values: NDArray[Any]) -> Tensor:
        return torch.from_numpy(np.array(values)).to(self._device)


def most_likely(chance: Tensor, top_k: Tensor, top_p: Tensor) -> Tensor:
    """The probabilities [clips, levels] with those of all but the most likely codes set to 0; see `SamplingRequest`."""
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


class _Cell:
    """One recurrent layer: a step for all clips."""

    def __init__(self, folded: FoldedCell, cell: Cell, dtype: torch.dtype, rows: int) -> None:
        self._cell = cell
        self.hidden = self.memory = folded.recurrent.new_zeros(rows, len(folded.recurrent))
        if cell == "lstm":
            self._both = Product(Affine(torch.cat([folded.inward, folded.recurrent]), folded.bias), dtype, rows)
        else:
            self._inward = Product(Affine(folded.inward, folded.bias), dtype, rows)
            self._recurrent = Product(_without_bias(folded.recurrent), dtype, rows)

    def step(self, *inputs: Tensor) -> Tensor:
        if self._cell == "lstm":
            gates = self._both(torch.cat([*inputs, self.hidden], dim=1))
            enter, forget, new, out = gates.chunk(4, dim=1)
            self.memory = torch.sigmoid(forget) * self.memory + torch.sigmoid(enter) * torch.tanh(new)
            self.hidden = torch.sigmoid(out) * torch.tanh(self.memory)
        else:
            taken = inputs[0] if len(inputs) == 1 else torch.cat(inputs, dim=1)
            reset, update, new = self._inward(taken).chunk(3, dim=1)
            again, kept, old = self._recurrent(self.hidden).chunk(3, dim=1)
            fresh = torch.tanh(new + torch.sigmoid(reset + again) * old)
            self.hidden = torch.lerp(fresh, self.hidden, torch.sigmoid(update + kept))
        return self.hidden


def _without_bias(weights: Tensor) -> Affine:
    return Affine(weights, weights.new_zeros(weights.shape[1]))


class _Tier:
    """A frame tier: takes a step at every frame, and keeps the conditioning of the frames or samples below."""

    def __init__(self, tier: FoldedTier, cell: Cell, dtype: torch.dtype, clips: int) -> None:
        self.size, self._below = tier.size, tier.size // tier.ratio
        self._cells = [_Cell(folded, cell, dtype, clips) for folded in tier.cells]
        self._expand = None if tier.expand is None else Product(_without_bias(tier.expand), dtype, clips)
        self._skip_projection = None if tier.skip_projection is None else Product(tier.skip_projection, dtype, clips)
        self._upsample = Product(tier.upsample, dtype, clips)
        self._conditioning: tuple[Tensor, ...] = ()

    def step(self, frame: Tensor, above: Tensor | None) -> None:
        """frame [clips, size] in -2..2, above [clips, width]."""
        if self._expand is not None and above is not None:
            frame = self._expand(frame) + above
        self._conditioning = self._upsample(self._run_cells(frame)).chunk(self.size // self._below, dim=1)

    def _run_cells(self, x: Tensor) -> Tensor:
        outs = [self._cells[0].step(x)]
        for cell in self._cells[1:]:
            outs.append(cell.step(outs[-1]) if self._skip_projection is None else cell.step(outs[-1], x))
        return outs[-1] if self._skip_projection is None else self._skip_projection(torch.cat(outs, dim=1))

    def conditioning(self, place: int) -> Tensor:
        """That of the sample at `place`, [clips, units]; that of the finest tier may be overwritten."""
        return self._conditioning[place % self.size // self._below]

    def load_state(self, hidden: Tensor, memory: Tensor) -> None:
        """Takes states [layers, clips, width]."""
        for k, cell in enumerate(self._cells):
            cell.hidden, cell.memory = hidden[k], memory[k]

    def state(self) -> tuple[Tensor, Tensor]:
        return torch.stack([cell.hidden for cell in self._cells]), torch.stack([cell.memory for cell in self._cells])


class _Predictor:
    """The linear predictor along one stretch: amplitudes so far, and its residuals.

    Residuals are kept without their scales, which are in the weights and in one constant instead.
    """

    def __init__(self, prediction: FoldedPrediction, count: int, codes: Tensor, unknown: int) -> None:
        """`count` residuals are seen; the last `unknown` of the codes [clips, samples] are still to come."""
        self._of, self._count, self._order = prediction, count, len(prediction.lpc)
        scale, gain = prediction.scale, constants.RESIDUAL_GAIN
        self._values = prediction.values[codes]
        self._residuals = self._values.new_zeros(*codes.shape, 2)
        scales = self._values.new_tensor([gain / scale, gain]).repeat(count)[:, None]
        self._hear = prediction.hear * scales
        self._constant = prediction.hear[1::2].sum(0) * (-gain * math.log(scale))
        self._limit, self._floor = constants.RESIDUAL_LIMIT * scale, constants.RESIDUAL_FLOOR * scale
        self._one = self._values.new_ones(())
        known = codes.shape[1] - unknown
        past = self._values[:, known - count - self._order : known]
        predicted = past[:, :-1].unfold(1, self._order, 1) @ prediction.lpc
        self._note(past[:, self._order :] - predicted, self._residuals[:, known - count : known])
        self._predicted = predicted[:, 0]

    def add_residuals(self, first: Tensor, now: int) -> Tensor:
        """`first` [clips, units] and what the residuals right before `now` add to it."""
        return torch.addmm(
            first.add_(self._constant), self._residuals[:, now - self._count : now].flatten(1), self._hear
        )

    def add_prior(self, logits: Tensor, now: int) -> Tensor:
        """Logits [clips, levels] with the prior, from those without, followed by its shift and narrowness.

        The formula is that of `samplernn.network.prior`, in fewer calls: with that one, a sample takes a tenth longer.
        """
        self._predicted = torch.mv(self._values[:, now - self._order : now], self._of.lpc)
        scale, limit = self._of.scale, constants.NARROWNESS_LIMIT
        centre = torch.add(self._predicted, logits[:, -2], alpha=scale)
        slope = torch.exp(-logits[:, -1].clamp(-limit, limit)).div_(scale)
        z = (self._of.values - centre[:, None]).mul_(slope[:, None])
        return logits[:, :-2] - torch.hypot(z, self._one)

    def append(self, now: int, code: Tensor) -> None:
        """Takes the code that was drawn at `now`, [clips]."""
        value = self._of.values[code]
        self._values[:, now] = value
        self._note(value - self._predicted, self._residuals[:, now])

    def _note(self, residuals: Tensor, kept: Tensor) -> None:
        """residuals [...] into kept [..., 2]: see `samplernn.network.prior.residual_features`."""
        torch.clamp(residuals, -self._limit, self._limit, out=kept[..., 0])
        torch.log(residuals.abs_().add_(self._floor), out=kept[..., 1])
