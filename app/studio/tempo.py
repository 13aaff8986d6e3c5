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
from app.studio.onsets import STEPS_PER_SECOND, Strength, top_of_parabola

SLOWEST, FASTEST = 60.0, 240.0
_USUAL, _USUAL_OCTAVES = 145.0, 1.2
_REPEATS = (1, 2, 4, 8)
"""Beats after which music is like itself. Three are left out: they speak as much for other tempos."""
_CANDIDATE_STEP = 1.004
_FINE_RANGE, _FINE_STEPS = 0.012, 121
_LOUDEST = 3.0
_AROUND_STEPS = STEPS_PER_SECOND // 2
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
    from scipy.ndimage import uniform_filter1d

    around = uniform_filter1d(strength.astype(np.float64), _AROUND_STEPS, mode="constant")
    pulses: Pulses = np.minimum(np.maximum(strength - around, 0.0), _LOUDEST)
    return pulses


def spread(pulses: Pulses, steps: int = PULSE) -> Pulses:
    """Each pulse so many steps wide."""
    from scipy.ndimage import convolve1d

    wider: Pulses = convolve1d(pulses, np.hanning(steps + 2), mode="constant")
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
    from scipy.signal import zoom_fft

    hertz = bpm / 60.0 * np.array([1 - _FINE_RANGE, 1 + _FINE_RANGE])
    score = np.zeros(_FINE_STEPS)
    for harmonic in (1, 2, 4):
        score += np.abs(zoom_fft(pulses, harmonic * hertz, _FINE_STEPS, fs=STEPS_PER_SECOND, endpoint=True))
    best = int(np.clip(np.argmax(score), 1, _FINE_STEPS - 2))
    best_place = best + float(top_of_parabola(score[best - 1], score[best], score[best + 1]))
    return float(bpm * (1 - _FINE_RANGE + 2 * _FINE_RANGE * best_place / (_FINE_STEPS - 1)))


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
