"""Baselines: bits per held-out sample of simple predictors, which a model has to beat.

Bits per sample say little by themselves; loud, dense music has many. All baselines are fitted to the training part
alone. A model that does not beat the linear one has learnt nothing of music, only of spectra and level.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_toeplitz

from resources.progress import Cancelled, never, stop_if
from samplernn.data.quantise import decode, encode
from samplernn.data.split import Part

if TYPE_CHECKING:
    from samplernn.config import Law
    from samplernn.data.dataset import Dataset

Codes: TypeAlias = NDArray[np.integer[Any]]
Floats: TypeAlias = NDArray[np.float64]

_PIECE = 2**20
_BACK_OFF = 16.0
"""Weight of the order-0 distribution in every row of the bigram table, in counts."""
_NEVER = 1e-6
"""Share of the probability that the linear predictor spreads over all codes, so that none is impossible."""
_SMALLEST_SCALE = 1e-5
_EXCERPTS, _EXCERPT = 16, 10_000
_WINDOWS = (32, 64, 128, 256, 512)
_DENSITIES: tuple[tuple[Literal["logistic", "laplace"], tuple[float, ...]], ...] = (
    ("logistic", (0.5, 0.6, 0.7, 0.8)),
    ("laplace", (0.8, 0.9, 1.0, 1.15)),
)


@dataclass(frozen=True)
class BaselineBits:
    """Held-out bits per sample of each baseline."""

    order0: float
    bigram: float
    linear32: float


def baseline_bits(
    dataset: Dataset, levels: int, law: Law, *, part: Part = "valid", cancelled: Cancelled = never
) -> BaselineBits:
    """All three baselines, fitted to the training part of `dataset` and measured on `part`.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    train = _codes(dataset, "train", levels, law, cancelled)
    held_out = _codes(dataset, part, levels, law, cancelled)
    order0 = order0_bits(train, held_out, levels)
    stop_if(cancelled)
    bigram = bigram_bits(train, held_out, levels)
    stop_if(cancelled)
    return BaselineBits(order0, bigram, linear_bits(train, held_out, levels, law, cancelled=cancelled))


def _codes(dataset: Dataset, part: Part, levels: int, law: Law, cancelled: Cancelled) -> Codes:
    """All codes of a part, in the smallest type that holds them."""
    smallest = np.min_scalar_type(levels - 1)
    pieces = [np.zeros(0, smallest)]
    for start, stop in dataset.spans(part):
        for begin in range(start, stop, _PIECE):
            stop_if(cancelled)
            pieces.append(encode(dataset.sound[begin : min(stop, begin + _PIECE)], levels, law).astype(smallest))
    return np.concatenate(pieces)


def order0_bits(train: Codes, held_out: Codes, levels: int) -> float:
    """Mean bits per held-out code when each is guessed by how often it occurs in training.

    Args:
        train, held_out: whole numbers from 0 to `levels` - 1, any number of them; `held_out` at least one.
    """
    return float(-np.log2(_frequencies(train, levels))[held_out].mean())


def _frequencies(codes: Codes, levels: int) -> Floats:
    """How likely each code is [levels]; half a count is added to each, so that none is impossible."""
    counts = np.full(levels, 0.5)
    for piece in _overlapping_pieces(codes, 0):
        counts += np.bincount(piece, minlength=levels)
    frequencies: Floats = counts / counts.sum()
    return frequencies


def bigram_bits(train: Codes, held_out: Codes, levels: int) -> float:
    """Mean bits per held-out code when each is guessed from the one before it, backing off to order 0.

    Args:
        train, held_out: as for `order0_bits`.
    """
    frequencies = _frequencies(train, levels)
    counts = np.zeros(levels * levels)
    for piece in _overlapping_pieces(train, 1):
        counts += np.bincount(piece[:-1].astype(np.int64) * levels + piece[1:], minlength=levels * levels)
    table = counts.reshape(levels, levels) + _BACK_OFF * frequencies
    bits = -np.log2(table / table.sum(axis=1, keepdims=True))
    first = -np.log2(frequencies[held_out[0]])
    return float((first + bits[held_out[:-1], held_out[1:]].sum()) / len(held_out))


def linear_bits(
    train: Codes, held_out: Codes, levels: int, law: Law, *, order: int = 32, cancelled: Cancelled = never
) -> float:
    """Mean bits per held-out code of a linear predictor of `order` with an error scale that follows the music.

    The coefficients solve the normal equations of the autocorrelation of the decoded training part. Around each
    prediction lies a logistic or Laplace density, as wide as the mean absolute error of the last samples, integrated
    over the interval of each code. Density, width and number of samples are those that serve best on excerpts of
    `train`.

    Args:
        train, held_out: as for `order0_bits`.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    if len(train) <= order:
        return order0_bits(train, held_out, levels)
    coefficients = _coefficients(train, levels, law, order)
    excerpts = _LinearPrediction(_excerpts(train), levels, law, coefficients)
    best = (np.inf, _WINDOWS[0], _DENSITIES[0][0], 1.0)
    for window in _WINDOWS:
        level = excerpts.error_level(window, excerpts.mean_error)
        for density, widths in _DENSITIES:
            for width in widths:
                stop_if(cancelled)
                best = min(best, (float(excerpts.bits(width * level, density)), window, density, width))
    _, window, density, width = best
    measured = _LinearPrediction(held_out, levels, law, coefficients)
    return measured.bits(width * measured.error_level(window, excerpts.mean_error), density)


def _overlapping_pieces(codes: Codes, overlap: int) -> Iterator[Codes]:
    for start in range(0, len(codes), _PIECE):
        yield codes[max(0, start - overlap) : start + _PIECE]


def _coefficients(train: Codes, levels: int, law: Law, order: int) -> Floats:
    """The weights [order] of the last samples, newest first."""
    correlation = np.zeros(order + 1)
    for start in range(0, len(train), _PIECE):
        past = decode(train[max(0, start - order) : start + _PIECE], levels, law).astype(np.float64)
        now = past[min(start, order) :]
        for lag in range(order + 1):
            shift = min(start, order) - lag
            skip = max(0, -shift)
            correlation[lag] += np.dot(now[skip:], past[shift + skip : shift + len(now)])
    correlation[0] = correlation[0] * (1 + 1e-9) + 1e-9
    weights: Floats = solve_toeplitz(correlation[:-1], correlation[1:])
    return weights


def _excerpts(train: Codes) -> Codes:
    """A few seconds of the training part, evenly over all of it."""
    if len(train) <= _EXCERPTS * _EXCERPT:
        return train
    starts = np.linspace(0, len(train) - _EXCERPT, _EXCERPTS).astype(int)
    return np.concatenate([train[start : start + _EXCERPT] for start in starts])


class _LinearPrediction:
    """Codes, and the error of the linear prediction of each of them."""

    def __init__(self, codes: Codes, levels: int, law: Law, coefficients: Floats) -> None:
        edges = _edges(levels, law)
        sound = decode(codes, levels, law).astype(np.float64)
        prediction = np.convolve(sound, np.concatenate([[0.0], coefficients]))[: len(sound)]
        self._levels = levels
        self._errors = np.abs(sound - prediction)
        low, high = edges[codes] - prediction, edges[codes.astype(np.int64) + 1] - prediction
        # mirrored to the lower tail, where differences of the distribution function stay exact
        above = low + high > 0
        self._low = np.where(above, -high, low)
        self._high = np.where(above, -low, high)

    @property
    def mean_error(self) -> float:
        return float(self._errors.mean())

    def error_level(self, window: int, before: float) -> Floats:
        """Mean absolute error of the `window` samples before each one; before the first, all erred by `before`."""
        sums = np.cumsum(np.concatenate([np.full(window, before), self._errors]))
        sums = np.concatenate([[0.0], sums])
        level: Floats = (sums[window:-1] - sums[: -window - 1]) / window
        return np.maximum(level, 0.0) + _SMALLEST_SCALE

    def bits(self, scale: Floats, density: Literal["logistic", "laplace"]) -> float:
        """Mean bits per code."""
        distribution = _logistic if density == "logistic" else _laplace
        probability = distribution(self._high / scale) - distribution(self._low / scale)
        return float(-np.log2((1 - _NEVER) * probability + _NEVER / self._levels).mean())


def _logistic(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(x, -700, 700)))


def _laplace(x: Floats) -> Floats:
    tail = 0.5 * np.exp(-np.minimum(np.abs(x), 700))
    return np.where(x < 0, tail, 1 - tail)


def _edges(levels: int, law: Law) -> Floats:
    """Where the intervals of the codes begin and end, [levels + 1], from minus to plus infinity."""
    half = levels // 2
    curved = (np.arange(1, levels) - 0.5 - half) / half
    if law == "mu-law":
        curved = np.sign(curved) * np.expm1(np.abs(curved) * np.log(levels)) / (levels - 1)
    return np.concatenate([[-np.inf], curved, [np.inf]])
