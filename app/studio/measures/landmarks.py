"""Landmark fingerprints (Wang, "An Industrial-Strength Audio Search Algorithm", 2003): where a clip stands in an album.

They survive gain, noise and lossy formats, but no change of speed or pitch. Mono at 16 kHz.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy import fft
from scipy.ndimage import maximum_filter

from app.studio.measures.spectra import RATE

_WINDOW, WINDOW_HOP = 1024, 512
"""Samples."""
LANDMARKS_PER_SECOND = RATE / WINDOW_HOP
"""Windows: the unit of all times here."""
_NEAR = (15, 21)
"""A landmark is the highest place within so many windows and bins."""
_FAN = 6
_LAGS = range(2, 48)
_REACH_BINS = 64
_BINS = _WINDOW // 2 + 1
_AT_ONCE = 1024

Ints = NDArray[np.int64]
Names = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Hashes:
    """Pairs of landmarks.

    Attributes:
        names: int32 [n], (bin, bin, lag) of each as one number below 2**25.
        times: int64 [n], the window of the first landmark of each.
    """

    names: Names
    times: Ints

    def __len__(self) -> int:
        return len(self.names)


def hashes_of(sound: NDArray[np.floating]) -> Hashes:
    """Of a sound; none of one that is shorter than a window."""
    if len(sound) < _WINDOW:
        return Hashes(np.zeros(0, np.int32), np.zeros(0, np.int64))
    times, bins = _landmarks(sound)
    taken = np.zeros(len(times), np.int64)
    names, firsts = [], []
    # The k-th landmark after each one, for all at once; each takes the first few that fit as its partners.
    for ahead in range(1, len(times)):
        lag = times[ahead:] - times[:-ahead]
        if lag.min() >= _LAGS.stop:
            break
        fits = (lag >= _LAGS.start) & (lag < _LAGS.stop) & (taken[:-ahead] < _FAN)
        fits &= np.abs(bins[ahead:] - bins[:-ahead]) <= _REACH_BINS
        here = np.flatnonzero(fits)
        taken[here] += 1
        names.append((bins[here] * _BINS + bins[here + ahead]) * _LAGS.stop + lag[here])
        firsts.append(times[here])
    if not names:
        return Hashes(np.zeros(0, np.int32), np.zeros(0, np.int64))
    return Hashes(np.concatenate(names).astype(np.int32), np.concatenate(firsts))


def _landmarks(sound: NDArray[np.floating]) -> tuple[Ints, Ints]:
    """The windows and bins of landmarks, in the order of time."""
    frames = sliding_window_view(sound, _WINDOW)[::WINDOW_HOP]
    shape = np.hanning(_WINDOW).astype(np.float32)
    parts = [fft.rfft(frames[k : k + _AT_ONCE] * shape, axis=1) for k in range(0, len(frames), _AT_ONCE)]
    levels = np.concatenate([np.log(np.abs(part) + 1e-4) for part in parts])
    highest = (levels == maximum_filter(levels, size=_NEAR)) & (levels > np.median(levels))
    times, bins = np.nonzero(highest)
    return times.astype(np.int64), bins.astype(np.int64)


def joined(parts: Iterable[tuple[float, Hashes]]) -> Hashes:
    """The hashes of sound that was looked at in parts, each with the second at which it begins."""
    moved = [(part.names, part.times + round(second * LANDMARKS_PER_SECOND)) for second, part in parts]
    names = np.concatenate([np.zeros(0, np.int32), *(names for names, _ in moved)])
    return Hashes(names, np.concatenate([np.zeros(0, np.int64), *(times for _, times in moved)]))


class LandmarkIndex:
    """The hashes of all tracks of an album, to be looked up.

    Args:
        tracks: the hashes of each.
    """

    def __init__(self, tracks: Sequence[Hashes]) -> None:
        names = np.concatenate([np.zeros(0, np.int32), *(track.names for track in tracks)])
        places = [track.times + (number << 32) for number, track in enumerate(tracks)]
        order = np.argsort(names, kind="stable")
        self._names = names[order]
        self._places = np.concatenate([np.zeros(0, np.int64), *places])[order]

    @classmethod
    def of_sounds(cls, tracks: Iterable[NDArray[np.floating]]) -> LandmarkIndex:
        """Of the sound of tracks."""
        return cls([hashes_of(track) for track in tracks])

    def matches(self, clip: Hashes) -> tuple[Ints, Ints, Ints]:
        """All pairs of equal hashes: the window in the clip, the track, and the window in the track."""
        first = np.searchsorted(self._names, clip.names, "left")
        counts = np.searchsorted(self._names, clip.names, "right") - first
        mine = np.repeat(np.arange(len(clip)), counts)
        nth = np.arange(len(mine)) - np.repeat(np.cumsum(counts) - counts, counts)
        places = self._places[first[mine] + nth]
        return clip.times[mine], places >> 32, places & 0xFFFFFFFF

    def standing(self, clip: NDArray[np.floating]) -> float:
        """Share of a clip's hashes that stand in one track of the album, all shifted alike.

        It is least where the clip's windows begin amid the track's: `AlbumCopies.matches` tries several beginnings.
        """
        found = hashes_of(clip)
        here, tracks, there = self.matches(found)
        if not len(here):
            return 0.0
        _, counts = np.unique((tracks << 32) + there - here + (1 << 31), return_counts=True)
        return float(counts.max()) / max(len(found), 1)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What `from_arrays` takes."""
        return {"names": self._names.view(np.uint8), "places": self._places.view(np.uint8)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> LandmarkIndex:
        """What `arrays` gave.

        Raises:
            ValueError: damaged.
        """
        names, places = arrays["names"].view(np.int32), arrays["places"].view(np.int64)
        if names.ndim != 1 or names.shape != places.shape or np.any(np.diff(names) < 0):
            raise ValueError("not the landmarks of an album")
        index = cls([])
        index._names, index._places = names, places
        return index
