"""Learning the finish of an album from its tracks, as they are at full rate and in stereo."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from app.studio.finish.finish import AIR_BANDS, WIDTH_BANDS, Finish
from app.studio.finish.spectra import (
    AIR_BEGIN,
    AIR_END,
    CONTEXT,
    FEATURES,
    HOP,
    WINDOW,
    Floats,
    air_bands,
    copied_up,
    decibels,
    features,
    heard_bands,
    power,
    spectra,
    width_bands,
)

_RIDGE = 10.0
"""Strength of the ridge penalty, in windows: so many count as much as the penalty."""
_HEARD_DB = 30.0
"""Windows further below the loud ones than this are left out."""
LEAST_WINDOWS = 400
"""Five seconds."""
LEAST_WIDTH_DB = -40.0
_MONO_DB, _NO_AIR_DB = -37.0, -67.0
"""An album whose bands are no wider, and no louder, than this in the mean is mono, and cut off at 8 kHz."""


class FinishRegression:
    """Accumulates the normal equations of the finish over the music of an album, piece by piece, and solves them."""

    def __init__(self) -> None:
        self._squares = np.zeros((FEATURES, FEATURES))
        self._air = _Target(AIR_BANDS)
        self._width = _Target(WIDTH_BANDS)
        self._flatness = np.zeros((2, AIR_BANDS))
        self.windows = 0

    def add(self, stereo: Floats) -> None:
        """Adds a piece of music, [frames, 2] at `SONG_RATE`."""
        if len(stereo) < WINDOW + 2 * CONTEXT * HOP:
            return
        heard, air, width, flatness = targets(stereo)
        inputs = features(heard)
        loud = heard.max(axis=1)
        there = (loud > np.percentile(loud, 95) - _HEARD_DB)[CONTEXT:-CONTEXT]
        inputs, air, width = inputs[there], air[CONTEXT:-CONTEXT][there], width[CONTEXT:-CONTEXT][there]
        self._squares += inputs.T.astype(np.float64) @ inputs
        self._air.add(inputs, air)
        self._width.add(inputs, width)
        self._flatness += flatness[:, CONTEXT:-CONTEXT][:, there].sum(axis=1)
        self.windows += len(inputs)

    def solve(self) -> Finish | None:
        """The finish; None of less than five seconds of sound."""
        if self.windows < LEAST_WINDOWS:
            return None
        noise = _flatness_of_noise()
        real, copy = self._flatness / self.windows
        copied = np.clip((real - noise) / np.minimum(copy - noise, -0.1), 0, 1)
        return Finish(
            air=self._air.weights(self._squares, self.windows),
            width=self._width.weights(self._squares, self.windows),
            air_limits=self._air.limits,
            width_limits=self._width.limits,
            copied=copied.astype(np.float32),
            has_air=bool(self._air.means(self.windows)[1:].max() > _NO_AIR_DB),
            has_width=bool(self._width.means(self.windows).max() > _MONO_DB),
        )


class _Target:
    """The targets of the regression in so many bands, as sums over all windows."""

    def __init__(self, bands: int) -> None:
        self._products = np.zeros((FEATURES, bands))
        self._least, self._greatest = np.full(bands, np.inf), np.full(bands, -np.inf)

    @property
    def limits(self) -> Floats:
        return np.stack([self._least, self._greatest]).astype(np.float32)

    def add(self, inputs: Floats, levels: Floats) -> None:
        if len(levels):
            self._products += inputs.T.astype(np.float64) @ levels
            self._least = np.minimum(self._least, np.percentile(levels, 0.5, axis=0))
            self._greatest = np.maximum(self._greatest, np.percentile(levels, 99.5, axis=0))

    def means(self, windows: int) -> np.ndarray:
        means: np.ndarray = self._products[-1] / windows
        return means

    def weights(self, squares: np.ndarray, windows: int) -> Floats:
        """By ridge regression (Hoerl and Kennard 1970): features count as far as they vary, the constant wholly."""
        means = squares[-1] / windows
        varying = np.diag(squares) / windows - means**2
        return np.linalg.solve(squares + np.diag(_RIDGE * varying), self._products).astype(np.float32)


def targets(stereo: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """The levels below 7.5 kHz and the targets that are predicted from them, window by window.

    Returns:
        levels below 7.5 kHz [windows, 32]; of the air [windows, 10]; of side over mid [windows, 9]; in dB. And the
        spectral flatness of each band of the air, as it is and copied from below, [2, windows, 10].
    """
    mid, side = spectra(stereo.mean(axis=1)), spectra((stereo[:, 0] - stereo[:, 1]) * np.float32(0.5))
    middle = power(mid)
    apart = 10 * np.log10(power(side) @ width_bands() + 1e-12) - decibels(middle @ width_bands())
    apart = np.maximum(apart, LEAST_WIDTH_DB)
    both = np.stack([_flatness(middle[:, AIR_BEGIN:AIR_END]), _flatness(power(copied_up(mid)))])
    return decibels(middle @ heard_bands()), decibels(middle @ air_bands()), apart, both


def _flatness(powers: Floats) -> Floats:
    """Spectral flatness by band in dB: 0 for a click, less for noise, least for tones."""
    bands = air_bands()[AIR_BEGIN:AIR_END]
    flat: Floats = (10 * np.log10(powers + 1e-12)) @ bands - 10 * np.log10(powers @ bands + 1e-12)
    return flat


def _flatness_of_noise() -> np.ndarray:
    noise = np.random.default_rng(0).standard_normal(200 * WINDOW).astype(np.float32)
    return np.asarray(_flatness(power(spectra(noise))[:, AIR_BEGIN:AIR_END]).mean(axis=0))


def learn_finish(pieces: Iterable[Floats]) -> Finish | None:
    """The finish of music given as pieces of stereo [frames, 2] at `SONG_RATE`; None where there is too little."""
    regression = FinishRegression()
    for piece in pieces:
        regression.add(piece)
    return regression.solve()
