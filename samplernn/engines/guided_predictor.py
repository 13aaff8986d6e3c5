"""The linear predictor of a network with guides, along one stretch, in plain PyTorch."""

from __future__ import annotations

import torch
from torch import Tensor

from samplernn.config import GUIDE_HOP
from samplernn.engines.folded import FoldedPrediction
from samplernn.network.adaptive import MOST, STEP, Adapted, clamped
from samplernn.network.conditioning import Conditioning
from samplernn.network.prior import PriorInputs, residual_features


class GuidedPredictor:
    """Predicts by the guide's filters, frame by frame, and by the album's where there is no guide.

    Amplitudes so far, and the features of the residuals, in units of the scale at their time.
    """

    def __init__(
        self,
        prediction: FoldedPrediction,
        guide: Conditioning,
        codes: Tensor,
        residuals: Tensor,
        unknown: int,
        adapted: Adapted | None = None,
    ) -> None:
        """`residuals` [clips, count, 2] are those of the last known codes; the last `unknown` of the codes
        [clips, samples] are still to come."""
        self._of, self._guide, self._first = prediction, guide, codes.shape[1] - unknown
        self._values = prediction.values[codes]
        self._count = residuals.shape[1]
        self._residuals = torch.cat([residuals, residuals.new_zeros(len(codes), unknown, 2)], dim=1)
        self._has_guide = guide.scales > 0
        self._scales = torch.where(self._has_guide, guide.scales, prediction.scale)
        self._predicted = self._plain = self._foretold = self._values[:, 0]
        self._adapted = adapted
        if adapted is not None:
            self._weights, self._taps = adapted.weights.clone(), adapted.weights.shape[1]
            self._errors = torch.cat([adapted.errors, adapted.errors.new_zeros(len(codes), unknown)], dim=1)
            self._moved = torch.cat([adapted.moved, adapted.moved.new_zeros(len(codes), unknown)], dim=1)

    def residuals(self) -> Tensor:
        """Those of the last codes, as they were given."""
        return self._residuals[:, -self._count :].clone()

    def adapted(self) -> Adapted | None:
        """What the adaptive filter has come to, where there is one."""
        if self._adapted is None:
            return None
        return Adapted(self._weights, self._errors[:, -self._taps :].clone(), self._moved[:, -self._count :].clone())

    def add_residuals(self, first: Tensor, now: int) -> Tensor:
        """`first` [clips, units] and what the residuals right before `now` add to it."""
        step = now - self._first
        return torch.addmm(first, self._residuals[:, step : step + self._count].flatten(1), self._of.hear)

    def add_prior(self, logits: Tensor, now: int) -> Tensor:
        """Logits [clips, levels] with the prior, from those without, followed by its shift and narrowness."""
        frame = (now - self._first) // GUIDE_HOP
        filters, there = self._guide.filters[:, frame], self._has_guide[:, frame]
        guided = (self._values[:, now - filters.shape[1] : now] * filters).sum(1)
        if not bool(there.all()):
            album = torch.mv(self._values[:, now - len(self._of.lpc) : now], self._of.lpc)
            guided = torch.where(there, guided, album)
        self._predicted = self._plain = guided
        if self._adapted is not None:
            step = now - self._first
            self._foretold = (self._weights * self._errors[:, step : step + self._taps]).sum(1)
            moved = torch.where(there, self._foretold.clamp(-MOST, MOST), 0.0)
            self._moved[:, self._count + step] = moved
            self._predicted = guided + moved * self._scales[:, frame]
        inputs = PriorInputs(self._of.values, self._scales[:, frame], self._predicted)
        return inputs.prior(logits[:, -2], logits[:, -1]).add_to(logits[:, :-2])

    def append(self, now: int, code: Tensor) -> None:
        """Takes the code that was drawn at `now`, [clips]."""
        step = now - self._first
        value = self._of.values[code]
        self._values[:, now] = value
        scale = self._scales[:, step // GUIDE_HOP]
        self._residuals[:, self._count + step] = residual_features(value, self._predicted, scale)
        if self._adapted is not None:
            heard, error = self._errors[:, step : step + self._taps], clamped((value - self._plain) / scale)
            gain = STEP * (error - self._foretold) / (1.0 + (heard * heard).sum(1))
            self._weights += torch.where(self._has_guide[:, step // GUIDE_HOP], gain, 0.0)[:, None] * heard
            self._errors[:, self._taps + step] = error
