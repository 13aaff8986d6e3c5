"""Whether the tracks of an album sound as if they were recorded and mixed the same way.

A model learns one sound well and two sounds badly: one loud and one quiet half, or one bright and one dull half, end up
as a blur of both.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

WIDEST_LOUDNESS_DB = 9.0
"""More than this between the loudest and the quietest track is not one production."""
WIDEST_BANDWIDTH_OCTAVES = 0.8
"""The same for the upper end of the spectrum: a phone recording among studio tracks."""

WIDEST_WIDTHS = 0.2
"""The same for the stereo width: a mono recording among wide ones."""

_WINDOW = 2048
_ROLL_OFF = 0.95


class ProductionMeter:
    """Measures loudness and bandwidth of a mono recording that is added piece by piece."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._squares = 0.0
        self._samples = 0
        self._window = np.hanning(_WINDOW).astype(np.float32)
        self._spectrum: NDArray[np.float64] = np.zeros(_WINDOW // 2 + 1)

    def add(self, piece: NDArray[np.float32]) -> None:
        """Takes the next samples, float32 [n]; every fourth window of them is looked at."""
        self._squares += float(np.dot(piece, piece))
        self._samples += len(piece)
        windows = len(piece) // _WINDOW
        if windows:
            some = piece[: windows * _WINDOW].reshape(windows, _WINDOW)[::4]
            self._spectrum += np.square(np.abs(np.fft.rfft(some * self._window))).sum(axis=0)

    @property
    def loudness_db(self) -> float:
        """Root mean square in dBFS; -120 for silence."""
        return float(10 * np.log10(max(self._squares / max(self._samples, 1), 1e-12)))

    @property
    def bandwidth(self) -> float:
        """In Hz: 95 % of the energy of the slope, where treble counts as much as bass, lies below; 0.0 unknown."""
        slope = np.cumsum(self._spectrum * np.square(np.arange(len(self._spectrum))))
        if slope[-1] <= 0:
            return 0.0
        return float(np.searchsorted(slope, _ROLL_OFF * slope[-1])) * self._rate / _WINDOW


class WidthMeter:
    """Measures how wide a recording is that is added piece by piece."""

    def __init__(self) -> None:
        self._middle = self._sides = 0.0

    def add(self, block: NDArray[np.float32]) -> None:
        """Takes the next samples, float32 [n, channels]; of more than two channels the first two count."""
        if block.shape[1] > 1:
            left, right = block[:, 0], block[:, 1]
            self._middle += float(np.square(left + right, dtype=np.float64).sum())
            self._sides += float(np.square(left - right, dtype=np.float64).sum())

    @property
    def width(self) -> float:
        """Share of the amplitude that differs between the sides: 0 for mono, 0.5 for two strangers, 1 at most."""
        middle, sides = np.sqrt(self._middle), np.sqrt(self._sides)
        return float(sides / (middle + sides)) if middle + sides > 0 else 0.0


def differences(tracks: Mapping[str, tuple[float, float, float]]) -> tuple[str, ...]:
    """What sets the tracks apart, in plain sentences; nothing where they are of one production.

    Args:
        tracks: by name, loudness in dBFS, bandwidth in Hz, and stereo width as `WidthMeter` measures it.
    """
    known = {name: values for name, values in tracks.items() if values[1] > 0}
    if len(known) < 2:
        return ()
    found = []
    loudest = max(known, key=lambda name: known[name][0])
    quietest = min(known, key=lambda name: known[name][0])
    spread = known[loudest][0] - known[quietest][0]
    if spread > WIDEST_LOUDNESS_DB:
        found.append(f"“{quietest}” is {spread:.0f} dB quieter than “{loudest}”.")
    brightest = max(known, key=lambda name: known[name][1])
    dullest = min(known, key=lambda name: known[name][1])
    if np.log2(known[brightest][1] / known[dullest][1]) > WIDEST_BANDWIDTH_OCTAVES:
        found.append(
            f"“{dullest}” sounds duller than “{brightest}”"
            f" (up to {known[dullest][1] / 1000:.1f} kHz, against {known[brightest][1] / 1000:.1f} kHz)."
        )
    widest = max(known, key=lambda name: known[name][2])
    narrowest = min(known, key=lambda name: known[name][2])
    if known[widest][2] - known[narrowest][2] > WIDEST_WIDTHS:
        found.append(f"“{widest}” is a wide stereo recording, “{narrowest}” nearly mono.")
    return tuple(found)
