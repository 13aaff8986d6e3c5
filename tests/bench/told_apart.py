"""How well a small classifier tells half-second excerpts of sound from those of music, by log-mel spectra alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view
from torch import Tensor, nn

RATE = 16_000
_EXCERPT, _EVERY = RATE // 2, RATE // 8
_BANDS, _WINDOW, _HOP = 40, 512, 160
_STEPS, _BATCH = 150, 64


def accuracy(music: Sequence[np.ndarray], sounds: Sequence[np.ndarray], seed: int = 0) -> float:
    """Share of the excerpts that are told right: one half of the pairs is learnt, the other one tried, by turns.

    Args:
        music, sounds: as many of each, of the same length; 0.5 where they cannot be told apart.
    """
    pairs = [(_excerpts(one), _excerpts(other)) for one, other in zip(music, sounds, strict=True)]
    halves = [pairs[0::2], pairs[1::2]]
    return float(np.mean([_told(halves[k], halves[1 - k], seed) for k in range(2)]))


def _told(learnt: Sequence[tuple[Tensor, Tensor]], tried: Sequence[tuple[Tensor, Tensor]], seed: int) -> float:
    torch.manual_seed(seed)
    x, y = _labelled(learnt)
    mean, deviation = x.mean((0, 2), keepdim=True), x.std((0, 2), keepdim=True)
    network = nn.Sequential(
        nn.Conv1d(_BANDS, 32, 5), nn.ReLU(), nn.Conv1d(32, 32, 5, stride=2), nn.ReLU(), _Pooled(), nn.Dropout(0.3),
        nn.Linear(64, 1),
    )  # fmt: skip
    optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=1e-2)
    for _ in range(_STEPS):
        rows = torch.randint(0, len(x), (_BATCH,))
        taken = (x[rows] - mean) / deviation + 0.1 * torch.randn(_BATCH, 1, 1)
        loss = nn.functional.binary_cross_entropy_with_logits(network(taken)[:, 0], y[rows])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    network.eval()
    x, y = _labelled(tried)
    with torch.no_grad():
        said = network((x - mean) / deviation)[:, 0] > 0
    return float((said == (y > 0.5)).float().mean())


class _Pooled(nn.Module):
    """Mean and deviation over time."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x.mean(2), x.std(2)], dim=1)


def _labelled(pairs: Sequence[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
    music, sounds = (torch.cat([pair[k] for pair in pairs]) for k in range(2))
    return torch.cat([music, sounds]), torch.cat([torch.ones(len(music)), torch.zeros(len(sounds))])


def _excerpts(sound: np.ndarray) -> Tensor:
    """[excerpts, bands, frames] of log levels, at one loudness each."""
    parts = sliding_window_view(sound, _EXCERPT)[::_EVERY]
    frames = sliding_window_view(parts, _WINDOW, axis=-1)[:, ::_HOP] * np.hanning(_WINDOW)
    levels = np.log(np.abs(np.fft.rfft(frames, axis=-1)) ** 2 @ _mel() + 1e-5)
    levels -= levels.mean(axis=(1, 2), keepdims=True)
    return torch.from_numpy(levels.transpose(0, 2, 1).astype(np.float32))


def _mel() -> np.ndarray:
    low, high = (2595 * np.log10(1 + edge / 700) for edge in (40, 7600))
    edges = 700 * (10 ** (np.linspace(low, high, _BANDS + 2) / 2595) - 1)
    places = np.arange(_WINDOW // 2 + 1)[:, None] * RATE / _WINDOW
    rising = (places - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - places) / (edges[2:] - edges[1:-1])
    return np.asarray(np.clip(np.minimum(rising, falling), 0, 1))
