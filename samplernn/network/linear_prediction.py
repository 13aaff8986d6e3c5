"""A linear predictor under the sample tier, so that a small network learns only what a filter cannot know.

The idea is that of LPCNet (Valin and Skoglund, 2019): a fixed filter, fitted to the training music once, predicts the
next amplitude. The sample tier sees the last residuals (by how much the predictions were wrong), and shapes a learned
prior around the next prediction.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import scipy.linalg
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import pad

from resources.progress import Cancelled, never, stop_if
from samplernn.config import GUIDE_HOP, ModelConfig
from samplernn.data.quantise import amplitudes
from samplernn.network.adaptive import Adapted, adapt, clamped
from samplernn.network.conditioning import Conditioning
from samplernn.network.layers import Linear, State
from samplernn.network.prior import PriorInputs, residual_features

BLOCK = 8192
"""Samples over which the loudness of the music is taken to be steady while the filter is fitted."""

ENOUGH = 2048
"""Blocks that are sure to tell all there is to know."""

WHITE_NOISE = 3e-5
"""Share of white noise that the music is taken to hold, about as much as its rounding to codes adds.

Without it, and with correlations that are no longer positive definite, as when they are divided by how many products
each one sums up, coefficients grow to hundreds wherever recordings hold nothing above some frequency, and multiply the
noise of the codes."""

_AT_ONCE = 256
"""Blocks whose spectra are in memory at a time."""


class LinearPrediction(nn.Module):
    """A linear predictor (LPC), its residuals as inputs of the sample tier, and the learned prior under the logits.

    The attributes `taps`, `typical`, `hear` and `bell` are keys of checkpoints, so they keep their names there; code
    reads them as `lpc`, `scale`, `residual_layer` and `prior_layer`.
    """

    taps: Tensor
    typical: Tensor
    values: Tensor

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        width, normed = config.sample_units, config.weight_norm
        self.order, self.count, self.adaptive = config.predictor, config.surprises, config.adaptive
        self.register_buffer("taps", torch.zeros(self.order))
        self.register_buffer("typical", torch.ones(()))
        values = torch.from_numpy(amplitudes(config.levels, config.law))
        self.register_buffer("values", values, persistent=False)
        self.hear = Linear(2 * self.count, width, init_std=self.count**-0.5, normed=normed, bias=False)
        self.bell = Linear(width, 2, init_std=0.02, normed=normed)

    @property
    def lpc(self) -> Tensor:
        """The coefficients, [order], the newest sample last, float32; fitted once, not trained."""
        return self.taps

    @property
    def scale(self) -> Tensor:
        """The usual size of a residual (the mean over blocks of its RMS), [], float32; measured once, not trained."""
        return self.typical

    @property
    def residual_layer(self) -> Linear:
        """The last residuals, [n, 2 * count], to what they add to the sample tier's first layer, [n, units]."""
        return self.hear

    @property
    def prior_layer(self) -> Linear:
        """The last hidden layer, [n, units], to the shift and the narrowness of the prior, [n, 2]."""
        return self.bell

    def forward(
        self, codes: Tensor, conditioning: Conditioning | None = None, state: State | None = None
    ) -> tuple[PriorInputs, Tensor, State | None]:
        """Predictions and residuals for a window.

        Args:
            codes: [batch, before + time], with `before` = order + count.
            conditioning: of the frame before the window, and of all in it.
            state: of the adaptive filter, where the network has one.

        Returns:
            What the priors of all samples [batch * time] are made from, the residuals that precede each sample,
            [batch * time, 2 * count] as `residual_features` gives them, oldest first, and the state after the window.
        """
        values = self.values[codes]
        predicted, scale = self.predict(values[:, :-1]), self.scale
        if conditioning is not None:
            predicted, scale = self._guided(values, predicted, conditioning)
        if state is not None:
            predicted, state = self._adapted(values, predicted, scale, conditioning, state)
        before = scale
        if conditioning is not None:
            before, scale = scale[:, :-1], scale[:, self.count :].reshape(-1)
        features = residual_features(values[:, self.order : -1], predicted[:, :-1], before)
        recent = features.unfold(1, self.count, 1).transpose(2, 3).reshape(-1, 2 * self.count)
        return PriorInputs(self.values, scale, predicted[:, self.count :].reshape(-1)), recent, state

    def residuals(self, past: Tensor, conditioning: Conditioning | None = None, state: State | None = None) -> Tensor:
        """The features of the residuals of the last `count` codes, [batch, count, 2].

        Args:
            past: [batch, order + count] codes.
            conditioning: of the frames that end with them.
            state: of the adaptive filter, after them, where the network has one.
        """
        values = self.values[past]
        predicted, scale = self.predict(values[:, :-1]), self.scale
        if conditioning is not None:
            predicted, scale = self._guided(values, predicted, conditioning)
        if state is not None:
            predicted = predicted + Adapted.of(state, self.adaptive).moved * scale
        return residual_features(values[:, self.order :], predicted, scale)

    def _adapted(
        self, values: Tensor, predicted: Tensor, scale: Tensor, conditioning: Conditioning | None, state: State
    ) -> tuple[Tensor, State]:
        """Predictions [batch, count + time] as the adaptive filter moves them, and its state after the window."""
        before = Adapted.of(state, self.adaptive)
        plain = predicted[:, self.count :]
        scales = scale[:, self.count :] if scale.ndim else scale
        errors = clamped((values[:, self.order + self.count :] - plain) / scales)
        if conditioning is None:
            there = torch.zeros_like(errors, dtype=torch.bool)
        else:
            there = (conditioning.scales > 0).repeat_interleave(GUIDE_HOP, dim=1)[:, -errors.shape[1] :]
        after = adapt(errors, there, before)
        moved = torch.cat([before.moved, after.moved], 1)
        return predicted + moved * scale, after._replace(moved=moved[:, -self.count :]).as_state()

    def _guided(self, values: Tensor, predicted: Tensor, conditioning: Conditioning) -> tuple[Tensor, Tensor]:
        """Predictions [batch, count + time] by the guide's filters, where it has any, and the scales of all of them.

        By Fourier transform of a frame and the samples before it.
        """
        filters, wanted = conditioning.filters, predicted.shape[1]
        order = filters.shape[2]
        length = order + GUIDE_HOP - 1
        samples = filters.shape[1] * GUIDE_HOP + order - 1
        pieces = pad(values[:, :-1], (max(samples - values.shape[1] + 1, 0), 0))[:, -samples:]
        size = 1 << (length - 1).bit_length()
        spectra = torch.fft.rfft(pieces.unfold(1, length, GUIDE_HOP), size) * torch.fft.rfft(filters.flip(2), size)
        guided = torch.fft.irfft(spectra, size)[..., order - 1 : length].flatten(1)[:, -wanted:]
        scales = conditioning.scales.repeat_interleave(GUIDE_HOP, dim=1)[:, -wanted:]
        there = scales > 0
        return torch.where(there, guided, predicted), torch.where(there, scales, self.scale)

    def sizes(self) -> Tensor:
        """How much of the amplitude range each code stands for, [levels]: a density times this is a probability."""
        middles = (self.values[1:] + self.values[:-1]) / 2
        first, last = 2 * self.values[:1] - middles[:1], 2 * self.values[-1:] - middles[-1:]
        return torch.cat([first, middles, last]).diff()

    def predict(self, values: Tensor) -> Tensor:
        """The amplitude after each stretch of `order`: [batch, order - 1 + n] to [batch, n].

        By Fourier transform: the filter is long.
        """
        length = values.shape[1]
        size = 1 << (length - 1).bit_length()
        spectrum = torch.fft.rfft(values, size) * torch.fft.rfft(self.lpc.flip(0), size)
        predicted: Tensor = torch.fft.irfft(spectrum, size)[:, self.order - 1 : length]
        return predicted

    @torch.no_grad()
    def fit(self, sound: Iterable[NDArray[np.float32]], cancelled: Cancelled = never) -> None:
        """Sets `lpc` and `scale` from stretches of training music (amplitudes, [n] each).

        Stretches shorter than a block are passed over, unless there are no others: then they are taken as one.

        Raises:
            concurrent.futures.CancelledError: once `cancelled()`; nothing has changed then.
        """
        pieces = list(sound)
        if pieces and max(map(len, pieces)) < BLOCK:
            pieces = [np.concatenate(pieces)]
        blocks = [np.asarray(piece[: len(piece) // BLOCK * BLOCK]).reshape(-1, BLOCK) for piece in pieces]
        thin = max(1, sum(map(len, blocks)) // ENOUGH)
        blocks = [block[::thin] for block in blocks]
        lpc = _solve(blocks, self.order, None, cancelled)
        weights = [1.0 / (_errors(block, lpc, cancelled) + 1e-5) for block in blocks]
        lpc = _solve(blocks, self.order, weights, cancelled)
        size = [np.sqrt(_errors(block, lpc, cancelled)) for block in blocks]
        self.lpc.copy_(torch.from_numpy(lpc[::-1].copy()))
        self.scale.fill_(max(float(np.concatenate(size).mean()), 1e-4) if any(map(len, size)) else 1.0)


def _solve(
    blocks: list[NDArray[np.float32]],
    order: int,
    weights: list[NDArray[np.float64]] | None,
    cancelled: Cancelled,
) -> NDArray[np.float64]:
    """LPC coefficients [order], newest sample first, of least squared error; blocks count by their weights."""
    spectrum = np.zeros(BLOCK + 1)
    for k, piece in enumerate(blocks):
        for begin in range(0, len(piece), _AT_ONCE):
            stop_if(cancelled)
            part = np.abs(np.fft.rfft(piece[begin : begin + _AT_ONCE], 2 * BLOCK)) ** 2
            spectrum += part.sum(0) if weights is None else weights[k][begin : begin + _AT_ONCE] @ part
    correlation = np.fft.irfft(spectrum)[: order + 1]
    if correlation[0] <= 0.0:
        return np.zeros(order)
    correlation[0] *= 1.0 + WHITE_NOISE
    lpc: NDArray[np.float64] = scipy.linalg.solve_toeplitz(correlation[:-1], correlation[1:])
    return lpc


def _errors(blocks: NDArray[np.float32], lpc: NDArray[np.float64], cancelled: Cancelled) -> NDArray[np.float64]:
    """Mean squared error in each block of [n, BLOCK]; what lies before a block counts as silence."""
    response = np.fft.rfft(np.concatenate([[1.0], -lpc]), 2 * BLOCK)
    found = []
    for begin in range(0, len(blocks), _AT_ONCE):
        stop_if(cancelled)
        wrong = np.fft.irfft(np.fft.rfft(blocks[begin : begin + _AT_ONCE], 2 * BLOCK) * response)[:, len(lpc) : BLOCK]
        found.append((wrong**2).mean(1))
    return np.concatenate(found) if found else np.zeros(0)
