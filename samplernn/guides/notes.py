"""Notes: what sounds in each semitone from 55 Hz to 2 kHz, some sixteen times a second.

A semitone has three numbers: the level of its loudest partial, the frequency of that, and the level of the rest. So
partials stay narrow, and a guide still holds far less than the recording it was taken from.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from samplernn.guides.framing import Floats, Framing
from samplernn.guides.strokes import decibels

SEMITONES = 62
PEAK, PLACE, REST = range(3)
"""The level of the loudest partial in dB, where it lies in Hz, and the level of what sounds beside it in dB. Where no
partial is to stand out of its semitone, its place is 0: both levels are that of the semitone then."""
_LOWEST_HZ = 55.0
PER_SECOND = 15.625
"""Windows of 256 ms, a quarter of that from one to the next."""
_ANY_DB = (-200.0, 100.0)
"""Levels are clipped to these."""


@cache
def framing_at(rate: int) -> Framing:
    """The windows of notes at this rate."""
    return Framing(rate, PER_SECOND)


def notes_of(blocks: Iterable[Floats], rate: int) -> Floats:
    """Notes [frames, SEMITONES, 3] of mono sound that comes in blocks [n] of any length."""
    framing = framing_at(rate)
    parts = [_in_semitones(framing.power(spectra), rate) for spectra in framing.spectra_of_blocks(blocks)]
    return np.concatenate(parts) if parts else np.zeros((0, SEMITONES, 3), np.float32)


def _in_semitones(power: Floats, rate: int) -> Floats:
    notes = np.empty((len(power), SEMITONES, 3), np.float32)
    for semitone, bins in enumerate(semitone_bins(rate)):
        inside = power[:, bins]
        loudest = inside.argmax(axis=1)
        peak = inside[np.arange(len(power)), loudest]
        count = max(inside.shape[1] - 1, 1)
        beside = (inside.sum(axis=1) - peak) / count if inside.shape[1] > 1 else peak
        notes[:, semitone, PEAK] = decibels(peak)
        notes[:, semitone, PLACE] = (bins.start + loudest) * (rate / len(framing_at(rate).window))
        notes[:, semitone, REST] = decibels(np.maximum(beside, 0))
    return notes


@cache
def semitone_frequencies() -> NDArray[np.float64]:
    """In the middle of each semitone, in Hz."""
    middles: NDArray[np.float64] = _LOWEST_HZ * 2 ** (np.arange(SEMITONES) / 12)
    return middles


@cache
def semitone_bins(rate: int) -> tuple[slice, ...]:
    """Which bins of a spectrum belong to each semitone: one at least; none twice but where semitones share one."""
    framing = framing_at(rate)
    width = rate / len(framing.window)
    edges = _LOWEST_HZ * 2 ** ((np.arange(SEMITONES + 1) - 0.5) / 12)
    begins = np.minimum(np.ceil(edges / width).astype(int), framing.bins - 1)
    return tuple(slice(int(low), max(int(high), int(low) + 1)) for low, high in itertools.pairwise(begins))


@cache
def semitone_edges(rate: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first bin of each semitone, and the one behind its last."""
    bins = semitone_bins(rate)
    return np.array([each.start for each in bins]), np.array([each.stop for each in bins])


@cache
def covered_bins(rate: int) -> tuple[int, NDArray[np.int64]]:
    """The first bin of the lowest semitone, and the semitone of that bin and of each one up to the last, [bins]."""
    begins, ends = semitone_edges(rate)
    places = np.arange(begins[0], ends.max())
    return int(begins[0]), np.clip(np.searchsorted(begins, places, side="right") - 1, 0, len(begins) - 1)


def notes_at(notes: Floats, seconds: NDArray[np.floating]) -> Floats:
    """The frames nearest to these times [n]; the first and the last beyond the ends."""
    frames = np.clip(np.round(seconds * PER_SECOND).astype(int), 0, len(notes) - 1)
    found: Floats = notes[frames]
    return found


def whole_levels(notes: Floats, rate: int) -> Floats:
    """Levels [frames, SEMITONES] in dB of semitones as a whole, of notes [frames, SEMITONES, 3]."""
    begins, ends = semitone_edges(rate)
    counts = (ends - begins).astype(np.float32)
    peak, rest = (10 ** (np.clip(notes[..., kind], *_ANY_DB) / 10) for kind in (PEAK, REST))
    return decibels(((peak + (counts - 1) * rest) / counts).astype(np.float32))


def with_lines_below(notes: Floats, rate: int, hertz: float) -> Floats:
    """Notes [frames, SEMITONES, 3] whose partials stand out below so many Hz only; further up semitones are even, each
    as loud as it was as a whole.
    """
    even = semitone_frequencies() >= hertz
    coarser = notes.copy()
    levels = whole_levels(notes, rate)[:, even]
    coarser[:, even] = np.stack([levels, np.zeros_like(levels), levels], axis=-1)
    return coarser
