"""What a guide says to a network: linear predictors made from it, frame by frame, and features for the slowest tier.

Notes become a power spectrum, lines and all, where a guide has any; elsewhere it is the album's own, which the filter
under the network holds. The strokes then give every band its level. Of the spectrum come autocorrelation, and by the
recursion of Levinson (1947) and Durbin (1960) the filter that such sound is best foretold with, as LPCNet (Valin and
Skoglund, 2019) has it from its features.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from samplernn.config import GUIDE_FEATURES, GUIDE_HOP
from samplernn.guides.framing import Floats, product
from samplernn.guides.guide import Guide
from samplernn.guides.notes import PEAK, PLACE, REST, SEMITONES, covered_bins, notes_at, semitone_edges
from samplernn.guides.notes import framing_at as notes_framing
from samplernn.guides.strokes import BANDS, PER_SECOND, band_weights, over_frequencies, strokes_at
from samplernn.guides.strokes import framing_at as strokes_framing
from samplernn.native import library as native
from samplernn.network.conditioning import GuideFrames

FRAMES_AT_ONCE = 64
"""So many are always worked out together: what a clip is made from is then the same to the last bit in any company."""
_ROUNDS = 2
"""How often the spectrum is brought to the strokes; bands overlap, so that once is not enough."""
_LOUDEST_DB, _SILENT_DB, _MOST_DB = 20.0, -90.0, 60.0
"""Levels are clipped to the first two; a band is raised or lowered by the last at most."""
_WHITE_NOISE, _LEAST_NOISE = 3e-4, 1e-8
"""Share of white noise in the sound that is foretold, about what codes add, and its power where all is silent."""
_LARGEST_REFLECTION = 0.99999
_DEVIATION = 1.64
"""Standard deviation of the prior of scale 1 (see `samplernn.network.prior`): sqrt(K2(1) / K1(1)), Bessel functions."""
_MORE_IS_LEFT = 1.22
"""What filters leave of music, over what they leave of a sound with just that spectrum: held-out bits are least."""
_NEIGHBOUR_BINS = 60
"""Bins over which the album's spectrum is joined to the last semitones."""
_BINS_AT_ONCE = 512
"""Bins of strokes' windows, those of 60 kHz: at the highest rates that a checkpoint may tell, all take gigabytes."""
_LOGARITHM = np.float32(np.log(10) / 10)
"""Natural logarithm of the power that a decibel stands for."""
_MIDDLE_DB, _SPREAD_DB, _LARGEST_FEATURE = -45.0, 20.0, 2.5
"""Features are levels less the first, over the second, clipped to the third on both sides."""


def levinson(correlation: Floats, order: int, instructions: str | None = None) -> tuple[Floats, Floats]:
    """The linear predictors of many autocorrelations, all at once.

    By the native library where that is there and n a multiple of 16, in a tenth of the time.

    Args:
        correlation: [n, order + 1], each of a positive spectrum.
        instructions: of the library, one of `native.SETS`; the best that the processor has by default.

    Returns:
        Coefficients [n, order], the newest sample first, and the variance of what they leave, [n]. The filters that
        play them back are stable, as every reflection is kept below 1.
    """
    lags = np.ascontiguousarray(correlation.T)
    if (found := _by_library(lags, order, instructions)) is not None:
        return found
    predictors = np.zeros((order, len(correlation)), lags.dtype)
    left = np.maximum(lags[0], np.float32(1e-30))
    for k in range(order):
        missed = lags[k + 1] - np.einsum("kn,kn->n", predictors[:k], lags[k:0:-1])
        # not by np.clip, which takes as long as all else here
        reflection = np.minimum(np.maximum(missed / left, -_LARGEST_REFLECTION), _LARGEST_REFLECTION)
        predictors[:k] -= reflection * predictors[:k][::-1]
        predictors[k] = reflection
        left = left * (1 - reflection * reflection)
    return np.ascontiguousarray(predictors.T), left


def _by_library(lags: Floats, order: int, instructions: str | None) -> tuple[Floats, Floats] | None:
    """`levinson` for lags [order + 1, n]; None where there is no library for it, or these are not for the library."""
    library, frames = native.library(), lags.shape[1]
    suits = lags.dtype == np.float32 and len(lags) > order and frames and frames % native.LEVINSON_FRAMES == 0
    if library is None or not native.knows_levinson(library) or not suits:
        return None
    predictors, left = np.empty((order, frames), np.float32), np.empty(frames, np.float32)
    asked = native.Levinson(
        frames=frames, order=order, largest_reflection=_LARGEST_REFLECTION,
        lags=lags.ctypes.data, predictors=predictors.ctypes.data, left=left.ctypes.data,
    )  # fmt: skip
    chosen = native.SETS.index(instructions or native.instruction_sets()[-1])
    if not library.deepcuts_levinson(ctypes.byref(asked), chosen):
        return None
    return np.ascontiguousarray(predictors.T), left


class GuideInTime(Protocol):
    """A guide that is asked for its levels at any times, [n] in seconds."""

    def strokes(self, seconds: NDArray[np.float64]) -> Floats:
        """[n, BANDS] in dB."""
        ...

    def notes(self, seconds: NDArray[np.float64]) -> Floats | None:
        """[n, SEMITONES, 3], see `samplernn.guides.notes`; None for a guide without."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class _Levels:
    """A guide that holds its first and its last frame beyond its ends."""

    of_strokes: Floats
    of_notes: Floats | None

    def strokes(self, seconds: NDArray[np.float64]) -> Floats:
        return strokes_at(self.of_strokes, seconds * PER_SECOND)

    def notes(self, seconds: NDArray[np.float64]) -> Floats | None:
        return None if self.of_notes is None else notes_at(self.of_notes, seconds)


class Conditioner:
    """Makes the conditioning of a network from guides.

    Attributes:
        order: of the filters.
    """

    def __init__(self, lpc: Floats, order: int, rate: int) -> None:
        """`lpc` [any order, the newest sample last] is the album's filter, for sound at `rate` Hz."""
        self.order, self._rate = order, rate
        response = np.fft.rfft(np.concatenate([[1.0], -lpc[::-1].astype(np.float64)]), len(notes_framing(rate).window))
        self._album: Floats = (1.0 / np.clip(np.abs(response) ** 2, 1e-12, 1e12)).astype(np.float32)

    def frames(self, strokes: Floats, notes: Floats | None, begin: float) -> GuideFrames:
        """The next `FRAMES_AT_ONCE` frames of one clip from sample `begin` of its guide on, [1, frames, ...].

        Args:
            strokes, notes: see `Guide`.
        """
        return self.frames_of(_Levels(strokes, notes), begin)

    def frames_of(self, guide: GuideInTime, begin: float) -> GuideFrames:
        """As `frames`, of a guide that is asked for its levels at any times."""
        seconds = (begin + (np.arange(FRAMES_AT_ONCE) + 0.5) * GUIDE_HOP) / self._rate
        spectra = self._spectra(guide, seconds)
        used = min(self.order, spectra.shape[1] - 1)  # at rates of 2 kHz and less, windows are shorter than filters
        correlation: Floats = fft.irfft(spectra, axis=-1)[:, : used + 1]
        correlation[:, 0] = correlation[:, 0] * np.float32(1 + _WHITE_NOISE) + np.float32(_LEAST_NOISE)
        filters, left = levinson(correlation, used)
        filters = np.pad(filters, ((0, 0), (0, self.order - used)))
        scales: Floats = (np.sqrt(np.maximum(left, _LEAST_NOISE)) * (_MORE_IS_LEFT / _DEVIATION)).astype(np.float32)
        features = _features(guide, seconds, GUIDE_HOP / self._rate)
        return GuideFrames(np.ascontiguousarray(filters[None, :, ::-1]), scales[None], features[None])

    def _spectra(self, guide: GuideInTime, seconds: NDArray[np.float64]) -> Floats:
        """Power [frames, bins] at these times, as fine as notes are."""
        spectra = np.repeat(self._album[None], len(seconds), axis=0)
        notes = guide.notes(seconds)
        if notes is not None:
            self._play(notes, spectra)
        bands, over = _smeared_bands(self._rate), _over_fine_bins(self._rate)
        wanted = np.clip(guide.strokes(seconds), _SILENT_DB, _LOUDEST_DB)
        silence = np.float32(10 ** (_SILENT_DB / 10))
        for _ in range(_ROUNDS):
            levels = np.log(product(spectra, bands) + silence) / _LOGARITHM
            spectra *= np.exp(product(np.clip(wanted - levels, -_MOST_DB, _MOST_DB) * _LOGARITHM, over))
        return spectra

    def _play(self, notes: Floats, spectra: Floats) -> None:
        """Puts the semitones [frames, SEMITONES, 3] into the spectra; what lies beside them moves to their level."""
        first, semitones = covered_bins(self._rate)
        begins, ends = semitone_edges(self._rate)
        levels = notes[..., REST][..., semitones]
        lines = np.round(notes[..., PLACE] * (len(notes_framing(self._rate).window) / self._rate)).astype(int) - first
        lines = np.minimum(np.clip(lines, begins - first, ends - first - 1), len(semitones) - 1)
        np.put_along_axis(levels, lines, notes[..., PEAK], axis=-1)
        power = np.exp(np.clip(levels, _SILENT_DB, _LOUDEST_DB) * _LOGARITHM)
        last = first + len(semitones)
        around = max(len(semitones) - _NEIGHBOUR_BINS, 0)
        spectra *= power[:, around:].mean(axis=1, keepdims=True) / self._album[first + around : last].mean()
        spectra[:, first:last] = power


def followed(guide: Guide) -> tuple[Floats, Floats | None]:
    """Strokes and notes of a guide as closely as it is to be followed: levels that move less around their means."""
    strokes, notes = guide.strokes, guide.notes
    if guide.follow < 1:
        share = np.float32(guide.follow)
        mean = strokes.mean(axis=0)
        strokes = mean + share * (strokes - mean)
        if notes is not None:
            mean_notes = notes.mean(axis=0)
            notes = np.stack(
                [
                    notes[..., kind] if kind == PLACE else mean_notes[:, kind] + share * (notes - mean_notes)[..., kind]
                    for kind in range(notes.shape[2])
                ],
                axis=-1,
            )
    return strokes, notes


def _features(guide: GuideInTime, seconds: NDArray[np.float64], hop: float) -> Floats:
    """[frames, GUIDE_FEATURES]: strokes of the frame before, this one and the next, the notes, and a one."""
    features = np.zeros((len(seconds), GUIDE_FEATURES), np.float32)
    for place in range(3):
        at = guide.strokes(seconds + (place - 1) * hop)
        features[:, place * BANDS : (place + 1) * BANDS] = _scaled(at)
    notes = guide.notes(seconds)
    if notes is not None:
        features[:, 3 * BANDS : 3 * BANDS + SEMITONES] = _scaled(notes[..., PEAK])
    features[:, -1] = 1.0
    return features


def _scaled(levels: Floats) -> Floats:
    """Levels in dB as inputs of a network."""
    scaled: Floats = np.clip((levels - _MIDDLE_DB) / _SPREAD_DB, -_LARGEST_FEATURE, _LARGEST_FEATURE)
    return scaled


@cache
def _smeared_bands(rate: int) -> Floats:
    """[bins, BANDS]: how much of the power in each bin of notes' windows is found in each band of strokes' windows."""
    fine, window = len(notes_framing(rate).window), strokes_framing(rate).window
    bins = fine // 2 + 1
    lobe = np.abs(np.fft.fft(window, fine)) ** 2 / (np.sum(window**2) * fine)
    places = np.arange(bins)
    weights = band_weights(rate)
    found = np.zeros((bins, BANDS))
    for begin in range(0, len(weights), _BINS_AT_ONCE):
        some = range(begin, min(begin + _BINS_AT_ONCE, len(weights)))
        smeared = np.empty((bins, len(some)))
        for column, coarse in enumerate(some):
            middle = round(coarse * fine / len(window))
            smeared[:, column] = lobe[(places - middle) % fine] + lobe[(-places - middle) % fine]
        smeared[[0, -1]] /= 2  # these bins stand for one frequency, the others for two
        found += smeared @ weights[begin : some.stop]
    return found.astype(np.float32)


@cache
def _over_fine_bins(rate: int) -> Floats:
    """[BANDS, bins]: weights that interpolate a value per band to one per bin of notes' windows."""
    framing = notes_framing(rate)
    return over_frequencies(np.arange(framing.bins) * rate / len(framing.window))
