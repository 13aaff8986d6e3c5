"""Landmark fingerprints (Wang, "An Industrial-Strength Audio Search Algorithm", 2003): how much of a clip stands in an
album, at the same distances in time. Mono at 16 kHz."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.ndimage import maximum_filter

_WINDOW, _HOP = 1024, 512
_NEAR = (15, 21)
"""A landmark is the highest place within so many windows and bins."""
_FAN = 6
_LAGS = range(2, 48)
_REACH_BINS = 64

Hash = tuple[int, int, int]


def hashes(sound: np.ndarray) -> list[tuple[Hash, int]]:
    """Pairs of landmarks, (bin, bin, lag), each with the window of the first."""
    frames = sliding_window_view(sound, _WINDOW)[::_HOP] * np.hanning(_WINDOW)
    levels = np.log(np.abs(np.fft.rfft(frames, axis=1)) + 1e-4)
    highest = (levels == maximum_filter(levels, size=_NEAR)) & (levels > np.median(levels))
    times, bins = np.nonzero(highest)
    found = []
    for here in range(len(times)):
        partners = 0
        for there in range(here + 1, len(times)):
            lag = int(times[there] - times[here])
            if lag >= _LAGS.stop or partners == _FAN:
                break
            if lag in _LAGS and abs(int(bins[there]) - int(bins[here])) <= _REACH_BINS:
                found.append(((int(bins[here]), int(bins[there]), lag), int(times[here])))
                partners += 1
    return found


class Album:
    """The hashes of all tracks of an album."""

    def __init__(self, tracks: Iterable[np.ndarray]) -> None:
        self._places: defaultdict[Hash, list[tuple[int, int]]] = defaultdict(list)
        for number, track in enumerate(tracks):
            for name, time in hashes(track):
                self._places[name].append((number, time))

    def standing(self, clip: np.ndarray) -> float:
        """Share of a clip's hashes that stand in one track of the album, all shifted alike."""
        found = hashes(clip)
        aligned = Counter((track, there - time) for name, time in found for track, there in self._places.get(name, ()))
        return max(aligned.values(), default=0) / max(len(found), 1)
