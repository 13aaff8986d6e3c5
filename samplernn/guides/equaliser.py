"""Streaming equalisers that bring what a model plays to the notes and strokes of a guide.

`GuideEqualiser` is the whole chain; each `Equaliser` is a short-time Fourier transform, gains, and overlap-add.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.ndimage import uniform_filter1d

from samplernn.guides.framing import Floats, Framing
from samplernn.guides.guide import Guide
from samplernn.guides.notes import PEAK, PLACE, REST, covered_bins, notes_at, semitone_edges, whole_levels
from samplernn.guides.notes import framing_at as notes_framing
from samplernn.guides.strokes import PER_SECOND, decibels, levels_of, over_bins, strokes_at
from samplernn.guides.strokes import framing_at as strokes_framing

_LEAST_DB, _MOST_DB, _MOST_NOTE_DB = -40.0, 20.0, 30.0
"""Bounds of the gains: the lowest of all, the highest of strokes, the highest of notes."""
_EXAGGERATION = 0.15
"""The last equaliser of strokes exaggerates the guide by this share, as windows smear strokes a little."""
_MEAN_FRAMES = PER_SECOND // 4
"""On either side of a frame, which its running mean is taken over."""
_NEAR_BINS = 15
"""Levels of notes are compared with the mean of so many bins of the clip."""
_BESIDE_DB = -10.0
"""The rest of a semitone is set so much lower, as its partial leaks into it through the window."""
_NEPERS = np.float32(np.log(10) / 20)
"""Logarithm of the amplitude that a decibel stands for."""
_LINEAR = 0.75
"""Amplitude up to which the soft clipper is linear."""


class Equaliser(ABC):
    """Filters clips [clips, n] block by block, with gains of its own for each window; the output is delayed.

    The result does not depend on the lengths of blocks, up to rounding.
    """

    def __init__(self, framing: Framing, clips: int) -> None:
        self._framing, self._window, self._hop = framing, framing.window, framing.hop
        self._bins = slice(0, framing.bins)
        # the first window ends with the first hop of sound
        self._skip = len(self._window) - self._hop
        self._rest = np.zeros((clips, self._skip), np.float32)
        self._sum = np.zeros((clips, self._skip), np.float32)
        self._next = -self._skip

    @abstractmethod
    def _gains(self, spectra: NDArray[np.complex64], middles: NDArray[np.int64]) -> Floats:
        """Gains in dB of the bins `_bins`, [clips, windows, bins], in windows whose middles lie at these samples."""

    def push(self, sound: Floats) -> Floats:
        """What is ready after `sound` [clips, n] went in: [clips, m]."""
        self._rest = np.concatenate([self._rest, sound], axis=1)
        count = max((self._rest.shape[1] - len(self._window)) // self._hop + 1, 0)
        if not count:
            return self._rest[:, :0]
        spectra = self._framing.spectra(self._rest[:, : (count - 1) * self._hop + len(self._window)])
        self._rest = self._rest[:, count * self._hop :]
        middles = self._next + np.arange(count) * self._hop + len(self._window) // 2
        self._next += count * self._hop
        spectra[..., self._bins] *= np.exp(self._gains(spectra, middles) * _NEPERS)  # faster than powers of ten
        return self._added(fft.irfft(spectra, len(self._window), axis=-1) * self._window)

    def end(self) -> Floats:
        """The rest, at the end of the clips: all that went in has come out then, and some silence after it."""
        return self.push(np.zeros((len(self._rest), 2 * len(self._window)), np.float32))

    def _added(self, frames: Floats) -> Floats:
        clips, count, length = frames.shape
        overlap = length // self._hop
        pieces = frames.reshape(clips, count, overlap, self._hop)
        hops = np.zeros((clips, count + overlap - 1, self._hop), np.float32)
        hops[:, : overlap - 1] = self._sum.reshape(clips, overlap - 1, self._hop)
        for part in range(overlap):
            hops[:, part : part + count] += pieces[:, :, part]
        total = hops.reshape(clips, -1)
        ready, self._sum = total[:, : count * self._hop], total[:, count * self._hop :]
        skipped = min(self._skip, ready.shape[1])
        self._skip -= skipped
        return ready[:, skipped:]


def _by_clip(follow: Sequence[float]) -> Floats:
    """How closely each clip follows, such that gains [clips, windows, bins] can be multiplied by it."""
    return np.array(follow, np.float32)[:, None, None]


class StrokeEqualiser(Equaliser):
    """Brings every window to the guide's level in each of twenty bands, by at most +20 and -40 dB."""

    def __init__(self, strokes: Sequence[Floats], rate: int, follow: Sequence[float]) -> None:
        super().__init__(strokes_framing(rate), len(strokes))
        self._strokes, self._rate, self._follow = strokes, rate, _by_clip(follow)

    def _gains(self, spectra: NDArray[np.complex64], middles: NDArray[np.int64]) -> Floats:
        wanted = self._wanted(middles)
        gains = np.clip(self._follow * (wanted - levels_of(spectra, self._rate)), _LEAST_DB, _MOST_DB)
        spread: Floats = gains @ over_bins(self._rate)
        return spread

    def _wanted(self, middles: NDArray[np.int64]) -> Floats:
        """The levels that windows with these middles are brought to, [clips, windows, BANDS] in dB."""
        moments = middles * (PER_SECOND / self._rate)
        return np.stack([strokes_at(strokes, moments) for strokes in self._strokes])


class NoteEqualiser(Equaliser):
    """Brings the loudest partial of each semitone, and the rest of the semitone, to the levels of the guide."""

    def __init__(self, notes: Sequence[Floats], rate: int, follow: Sequence[float]) -> None:
        super().__init__(notes_framing(rate), len(notes))
        self._notes, self._rate, self._follow = notes, rate, _by_clip(follow)
        first, semitones = covered_bins(rate)
        self._bins = slice(first, first + len(semitones))

    def _gains(self, spectra: NDArray[np.complex64], middles: NDArray[np.int64]) -> Floats:
        first, semitones = covered_bins(self._rate)
        last = min(self._bins.stop + _NEAR_BINS, spectra.shape[-1])
        begin = max(first - _NEAR_BINS, 0)
        near = uniform_filter1d(self._framing.power(spectra[..., begin:last]), _NEAR_BINS, axis=-1, mode="nearest")
        heard = decibels(near[..., first - begin : first - begin + len(semitones)])
        wanted = self._wanted(middles)
        beside = wanted[..., REST] + np.where(wanted[..., PLACE] > 0, np.float32(_BESIDE_DB), np.float32(0))
        levels = beside[..., semitones]
        lines = np.round(wanted[..., PLACE] * (len(self._window) / self._rate)).astype(int) - first
        begins, ends = semitone_edges(self._rate)
        np.put_along_axis(levels, np.clip(lines, begins - first, ends - first - 1), wanted[..., PEAK], axis=-1)
        return self._bounded(levels - heard)

    def _wanted(self, middles: NDArray[np.int64]) -> Floats:
        """The notes that windows with these middles are brought to, [clips, windows, SEMITONES, 3]."""
        return np.stack([notes_at(notes, middles / self._rate) for notes in self._notes])

    def _bounded(self, gains: Floats) -> Floats:
        bounded: Floats = np.clip(self._follow * gains, _LEAST_DB, _MOST_NOTE_DB)
        return bounded


class SemitoneEqualiser(NoteEqualiser):
    """Brings every window to the guide's level in each semitone as a whole."""

    def __init__(self, notes: Sequence[Floats], rate: int, follow: Sequence[float]) -> None:
        super().__init__(notes, rate, follow)
        self._levels = [whole_levels(each, rate) for each in notes]

    def _gains(self, spectra: NDArray[np.complex64], middles: NDArray[np.int64]) -> Floats:
        _, semitones = covered_bins(self._rate)
        heard = decibels(self._framing.power(spectra[..., self._bins]) @ _means(self._rate)[self._bins])
        return self._bounded((self._wanted(middles) - heard)[..., semitones])

    def _wanted(self, middles: NDArray[np.int64]) -> Floats:
        """The levels of semitones that windows with these middles are brought to, [clips, windows, SEMITONES]."""
        return np.stack([notes_at(levels, middles / self._rate) for levels in self._levels])


@cache
def _means(rate: int) -> Floats:
    """[bins, semitones]: weights that give the mean of the bins of each semitone."""
    begins, ends = semitone_edges(rate)
    places = np.arange(notes_framing(rate).bins)[:, None]
    inside = (places >= begins) & (places < ends)
    shares: Floats = (inside / inside.sum(axis=0)).astype(np.float32)
    return shares


class GuideEqualiser:
    """The chain of equalisers for clips with guides: lines, strokes and semitones where all have notes, then strokes
    twice, and a soft clipper; without strokes where no guide has any.

    `samplernn.guides.live_equaliser.LiveEqualiser` has the same chain for live sound.
    """

    def __init__(self, guides: Sequence[Guide], rate: int) -> None:
        follow = [guide.follow for guide in guides]
        in_strokes = [guide.follow if guide.has_strokes else 0.0 for guide in guides]
        strokes = [guide.strokes for guide in guides]
        notes = [guide.notes for guide in guides if guide.notes is not None]
        with_strokes = any(guide.has_strokes for guide in guides)
        self._chain: list[Equaliser] = []
        if len(notes) == len(guides):
            # the semitones are heard in sound that has its strokes already, which long windows smear less
            self._chain += [
                NoteEqualiser(notes, rate, follow),
                *([StrokeEqualiser(strokes, rate, in_strokes)] if with_strokes else []),
                SemitoneEqualiser(notes, rate, follow),
            ]
        if with_strokes or not self._chain:
            last = [for_last(guide.strokes, guide.follow) for guide in guides]
            self._chain += [StrokeEqualiser(strokes, rate, in_strokes), StrokeEqualiser(last, rate, in_strokes)]

    def push(self, sound: Floats) -> Floats:
        """As `Equaliser.push`."""
        return soft_clipped(self._through(sound, 0))

    def end(self) -> Floats:
        """As `Equaliser.end`."""
        parts = [self._through(each.end(), place + 1) for place, each in enumerate(self._chain)]
        return soft_clipped(np.concatenate(parts, axis=1))

    def _through(self, sound: Floats, first: int) -> Floats:
        for equaliser in self._chain[first:]:
            sound = equaliser.push(sound)
        return sound


def for_last(strokes: Floats, follow: float = 1.0) -> Floats:
    """The strokes [frames, 20] that the last equaliser of strokes is given."""
    return exaggerated(strokes, 1.0 + _EXAGGERATION * follow)


def exaggerated(strokes: Floats, factor: float) -> Floats:
    """Strokes [frames, 20] whose deviations from a running mean of half a second are multiplied; as loud as before."""
    if not len(strokes):
        return strokes
    length = 2 * _MEAN_FRAMES + 1
    sums = np.cumsum(np.pad(strokes, ((_MEAN_FRAMES + 1, _MEAN_FRAMES), (0, 0)), mode="edge"), axis=0, dtype=np.float64)
    mean = (sums[length:] - sums[:-length]) / length
    moved = mean + (strokes - mean) * factor
    louder = 10 * np.log10(np.mean(10 ** (moved / 10), axis=0) / np.mean(10 ** (strokes / 10), axis=0))
    as_loud: Floats = (moved - louder).astype(np.float32)
    return as_loud


def soft_clipped(sound: Floats) -> Floats:
    """Sound within -1..1: linear up to 0.75, a hyperbolic tangent beyond."""
    over = np.abs(sound) - _LINEAR
    if not (over > 0).any():
        return sound
    room = 1 - _LINEAR
    clipped = np.sign(sound) * (_LINEAR + room * np.tanh(np.maximum(over, 0) / room))
    quiet: Floats = np.where(over > 0, clipped, sound).astype(np.float32)
    return quiet
