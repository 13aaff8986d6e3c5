"""How fast sound goes, and where its bars begin.

Tempo is where onset strength repeats itself best: its autocorrelation after one, two, four and eight beats (after
Percival and Tzanetakis, "Streamlined tempo estimation", 2014), weighed by how usual a tempo is, then made precise by
the Fourier transform of onset strength around it. All such methods take the half or the double for the beat now and
then, which is why a person can correct it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.document.model import BEATS_PER_BAR, Tempo
from app.studio.analysis.onsets import STEPS_PER_SECOND, Strength, mean_around, top_of_parabola

SLOWEST, FASTEST = 60.0, 240.0
_USUAL, _USUAL_OCTAVES = 145.0, 1.2
_REPEATS = (1, 2, 4, 8)
"""Beats after which music is like itself. Three are left out: they speak as much for other tempos."""
_CANDIDATE_STEP = 1.004
_FINE_RANGE, _FINE_STEPS, _FINE_BLOCK = 0.012, 121, STEPS_PER_SECOND // 4
_LOUDEST = 3.0
_AROUND_STEPS = STEPS_PER_SECOND // 4
_SHORTEST_SECONDS = 2.0
_PHASES = 96
PULSE = 9
"""Steps that a stroke is spread over, so that players need not be exact to meet."""

Pulses = NDArray[np.float64]


def tempo_of(strength: Strength) -> Tempo | None:
    """Of sound with this onset strength; None for silence, for a drone, and for less than two seconds."""
    pulses = pulses_of(strength)
    if len(pulses) < _SHORTEST_SECONDS * STEPS_PER_SECOND or pulses.max() < 1e-3:
        return None
    bpm = _fine(pulses, _coarse(spread(pulses)))
    return Tempo(bpm=bpm, first_beat=_first_beat(spread(pulses), bpm))


def pulses_of(strength: Strength) -> Pulses:
    """What stands out of its surroundings, no single stroke counting for too much."""
    pulses: Pulses = np.clip(strength - mean_around(strength, _AROUND_STEPS), 0.0, _LOUDEST)
    return pulses


def spread(pulses: Pulses, steps: int = PULSE) -> Pulses:
    """Each pulse so many steps wide."""
    if not len(pulses):
        return pulses
    shape = np.hanning(steps + 2)
    wider: Pulses = np.convolve(pulses, shape)[len(shape) // 2 :][: len(pulses)]
    return wider


def _coarse(pulses: Pulses) -> float:
    pulses = pulses - pulses.mean()
    size = 1 << (2 * len(pulses)).bit_length()
    alike = np.fft.irfft(np.abs(np.fft.rfft(pulses, size)) ** 2)[: len(pulses)]
    # so that what is far apart is not less alike only because there are fewer pairs of it
    alike /= alike[0] * np.linspace(1.0, 0.0, len(pulses), endpoint=False)
    bpms = SLOWEST * _CANDIDATE_STEP ** np.arange(np.log(FASTEST / SLOWEST) / np.log(_CANDIDATE_STEP))
    lags = 60.0 * STEPS_PER_SECOND / bpms
    score = np.zeros(len(bpms))
    for beats in _REPEATS:
        known = lags * beats < 0.75 * len(alike)
        score += np.where(known, np.interp(lags * beats, np.arange(len(alike)), alike), 0.0)
    usual = np.exp(-0.5 * (np.log2(bpms / _USUAL) / _USUAL_OCTAVES) ** 2)
    return float(bpms[np.argmax(score * usual)])


def _fine(pulses: Pulses, bpm: float) -> float:
    """The tempo near `bpm` at which the Fourier transform of the pulses and its harmonics are strongest."""
    beats = np.arange(len(pulses)) / STEPS_PER_SECOND * bpm / 60.0
    off = np.linspace(-_FINE_RANGE, _FINE_RANGE, _FINE_STEPS)
    # All these tempos are so near to each other that, turned back by the one in the middle, they turn slowly: the
    # pulses can be added up block by block first.
    starts = np.arange(0, len(pulses), _FINE_BLOCK)
    middles = np.minimum(starts + _FINE_BLOCK / 2, len(pulses) - 1) / STEPS_PER_SECOND * bpm / 60.0
    score = np.zeros(_FINE_STEPS)
    for harmonic in (1, 2, 4):
        turned = np.add.reduceat(pulses * np.exp(-2j * np.pi * harmonic * beats), starts)
        score += np.abs(np.exp(-2j * np.pi * harmonic * np.outer(off, middles)) @ turned)
    best = int(np.clip(np.argmax(score), 1, _FINE_STEPS - 2))
    place = best + float(top_of_parabola(score[best - 1], score[best], score[best + 1]))
    return float(bpm * (1.0 - _FINE_RANGE + 2.0 * _FINE_RANGE * place / (_FINE_STEPS - 1)))


def _first_beat(pulses: Pulses, bpm: float) -> float:
    """Seconds to where beats gather most strength, and to the one of four where bars do."""
    period = 60.0 / bpm * STEPS_PER_SECOND
    places = np.arange(len(pulses))

    def gathered(start: float, every: float) -> float:
        return float(np.mean(np.interp(np.arange(start, len(pulses), every), places, pulses)))

    phases = np.arange(_PHASES) / _PHASES * period
    best = phases[int(np.argmax([gathered(phase, period) for phase in phases]))]
    starts = best + period * np.arange(BEATS_PER_BAR)
    starts = starts[starts < len(pulses)]
    bars = [gathered(start, period * BEATS_PER_BAR) for start in starts]
    return float(starts[int(np.argmax(bars))]) / STEPS_PER_SECOND
