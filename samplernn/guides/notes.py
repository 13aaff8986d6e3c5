"""Notes: what sounds in each semitone from 55 Hz to 2 kHz, some sixteen times a second.

A semitone has three numbers: the level of its loudest partial, the frequency of that, and the level of the rest. So
partials stay narrow, and a guide still holds far less than the recording it was taken from.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy import fft

from samplernn.guides.strokes import SILENCE_DB, Floats

SEMITONES = 62
PEAK, PLACE, REST = range(3)
"""The level of the loudest partial in dB, where it lies in Hz, and the level of what sounds beside it in dB."""
_LOWEST_HZ = 55.0
_WINDOW_SECONDS = 0.256
_HOPS_PER_WINDOW = 4
PER_SECOND = _HOPS_PER_WINDOW / _WINDOW_SECONDS
_AT_ONCE = 256
"""Windows whose spectra are computed at once."""


def hop_of(rate: int) -> int:
    """Samples from one window to the next at this rate."""
    return max(round(rate / PER_SECOND), 1)


def window_of(rate: int) -> Floats:
    """The root of a Hann window of four hops, such that windows applied twice add up to one."""
    length = _HOPS_PER_WINDOW * hop_of(rate)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)
    return np.sqrt(hann / 2).astype(np.float32)


def spectra_of(sound: Floats, rate: int) -> NDArray[np.complex64]:
    """Spectra [..., windows, bins] of sound [..., n], whole windows only, the first at its beginning."""
    window = window_of(rate)
    frames = sliding_window_view(sound, len(window), axis=-1)[..., :: hop_of(rate), :] * window
    found: NDArray[np.complex64] = fft.rfft(frames, axis=-1)
    return found


def power_of(spectra: NDArray[np.complex64], rate: int) -> Floats:
    """Mean square that each bin stands for: white noise of mean square v has v in every bin."""
    power: Floats = (spectra.real**2 + spectra.imag**2) * np.float32(1 / np.sum(window_of(rate) ** 2))
    return power


def decibels(power: Floats) -> Floats:
    """10 log10, with nothing below silence."""
    levels: Floats = 10 * np.log10(power + np.float32(10 ** (SILENCE_DB / 10)))
    return levels


def notes_of(blocks: Iterable[Floats], rate: int) -> Floats:
    """Notes [frames, SEMITONES, 3] of mono sound that comes in blocks [n] of any length."""
    parts = list(_notes_in_blocks(blocks, rate))
    return np.concatenate(parts) if parts else np.zeros((0, SEMITONES, 3), np.float32)


def _notes_in_blocks(blocks: Iterable[Floats], rate: int) -> Iterator[Floats]:
    hop, window = hop_of(rate), len(window_of(rate))
    rest, samples, done = np.zeros(window // 2, np.float32), 0, 0
    for block in blocks:
        samples += len(block)
        rest = np.concatenate([rest, block])
        while (ready := (len(rest) - window) // hop + 1) > 0:
            ready = min(ready, _AT_ONCE)
            yield _in_semitones(power_of(spectra_of(rest[: (ready - 1) * hop + window], rate), rate), rate)
            rest = rest[ready * hop :]
            done += ready
    left = -(-samples // hop) - done
    if left > 0:
        rest = np.pad(rest, (0, max((left - 1) * hop + window - len(rest), 0)))
        yield _in_semitones(power_of(spectra_of(rest[: (left - 1) * hop + window], rate), rate), rate)


def _in_semitones(power: Floats, rate: int) -> Floats:
    notes = np.empty((len(power), SEMITONES, 3), np.float32)
    for semitone, bins in enumerate(semitone_bins(rate)):
        inside = power[:, bins]
        loudest = inside.argmax(axis=1)
        peak = inside[np.arange(len(power)), loudest]
        count = max(inside.shape[1] - 1, 1)
        beside = (inside.sum(axis=1) - peak) / count if inside.shape[1] > 1 else peak
        notes[:, semitone, PEAK] = decibels(peak)
        notes[:, semitone, PLACE] = (bins.start + loudest) * (rate / len(window_of(rate)))
        notes[:, semitone, REST] = decibels(np.maximum(beside, 0))
    return notes


@cache
def semitone_bins(rate: int) -> tuple[slice, ...]:
    """Which bins of a spectrum belong to each semitone: one at least; none twice but where semitones share one."""
    width = rate / len(window_of(rate))
    edges = _LOWEST_HZ * 2 ** ((np.arange(SEMITONES + 1) - 0.5) / 12)
    last = len(window_of(rate)) // 2 + 1
    begins = np.minimum(np.ceil(edges / width).astype(int), last - 1)
    return tuple(slice(int(low), max(int(high), int(low) + 1)) for low, high in itertools.pairwise(begins))


def notes_at(notes: Floats, seconds: NDArray[np.floating]) -> Floats:
    """The frames nearest to these times [n]; the first and the last beyond the ends."""
    frames = np.clip(np.round(seconds * PER_SECOND).astype(int), 0, len(notes) - 1)
    found: Floats = notes[frames]
    return found
