"""New, not copied: the longest stretch of a clip that stands in the album, and where in which track.

Landmarks find what is the same, whatever its gain, with noise or from a lossy file; an alignment of patches finds what
is faster, slower, higher or lower by up to four thirds of a semitone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.studio.measures.landmarks import LANDMARKS_PER_SECOND, WINDOW_HOP, LandmarkIndex, hashes_of
from app.studio.measures.measured import CopiedStretch
from app.studio.measures.patches import HOP, PATCHES_PER_SECOND, SHIFT_RANGE, PatchBasis, contrast_of, likeness_of
from app.studio.measures.same_wave import SAME, LearntSound
from app.studio.measures.spectra import RATE, Floats

_RUN = 8
"""Patches that have to go along with the album's together: three seconds of sound, the first and the last included."""
_PHASES = 2
"""Places between one patch and the next at which patches begin, too."""
_HASH_PHASES = 4
"""The same for the windows of landmarks: the album's windows begin at other samples than the clip's."""
WINDOW_SECONDS, _STEP_SECONDS = 6.0, 0.5
"""So long is looked at, and so far apart, to say what share of landmarks stands in the album."""
LEAST_SECONDS = 2.0
_LEAST_LANDMARKS = 20
_LIKELY_SHARE, _SURE_SHARE = 0.15, 0.5
"""Of the landmarks of a stretch, those that stand in the album where it may be a copy, and where it is one: a band that
plays a part again has 0.39 at most, an MP3 of 16 kHz has 0.26 to 0.48."""
_GROUPS = 4
"""The places in the album at which most landmarks meet are looked at; so many for each phase."""


@dataclass(frozen=True, eq=False)
class AlbumCopies:
    """All of an album that a clip can be held against.

    Attributes:
        tracks: paths, in the order of the numbers of tracks everywhere here.
        landmarks: of what is learnt of each.
        basis: of patches.
        patches: float32 [n, components], rows of length one.
        starts: int64 [tracks + 1], where the patches of each track begin, and their number.
        run_limits: float32 [shifts], how alike a run of patches has to be, in the mean, for each shift.
        sound: of what is learnt.
    """

    tracks: tuple[str, ...]
    landmarks: LandmarkIndex
    basis: PatchBasis
    patches: Floats
    starts: NDArray[np.int64]
    run_limits: Floats
    sound: LearntSound

    def found(self, sound: Floats, tones: Floats) -> list[CopiedStretch]:
        """The stretches of some sound that stand in the album, the longest first.

        Args:
            sound: mono at 16 kHz, a minute or so: all of it is held against all of the album at once.
            tones: of the sound, see `app.studio.measures.spectra.Spectra`.
        """
        stretches = [*self._same(sound), *self._alike(tones)]
        return sorted(stretches, key=lambda stretch: -stretch.seconds)

    def _same(self, sound: Floats) -> Iterable[CopiedStretch]:
        """By landmarks."""
        for match in self.matches(sound):
            inside = self._copied(match, sound)
            if inside.any():
                first, last = np.flatnonzero(inside)[[0, -1]]
                window = WINDOW_SECONDS * LANDMARKS_PER_SECOND
                begin, end = match.places[first], match.places[last] + window
                times = match.times[(match.times >= begin) & (match.times < end)]
                seconds = float(times[-1] - times[0]) / LANDMARKS_PER_SECOND
                if seconds >= LEAST_SECONDS:
                    here = float(times[0]) / LANDMARKS_PER_SECOND
                    there = max(here + match.shift / LANDMARKS_PER_SECOND, 0.0)
                    yield CopiedStretch(self.tracks[match.track], there, here, seconds)

    def _copied(self, match: LandmarkMatch, sound: Floats) -> NDArray[np.bool_]:
        """Which of the stretches of a match are copies: most landmarks meet, or some do and the waves are the same."""
        likely = match.shares >= _LIKELY_SHARE
        if not likely.any():
            return likely
        same = self.sound.likeness(sound, match.track, match.shift / LANDMARKS_PER_SECOND)
        first = np.ceil(match.places / LANDMARKS_PER_SECOND - 1e-6).astype(int)
        # One second of a stretch may be another: the waves of silence are never the same.
        waves = [np.sort(same[k : k + int(WINDOW_SECONDS)])[:2] for k in first]
        alike = np.array([len(lowest) == 2 and lowest[1] >= SAME for lowest in waves])
        copied: NDArray[np.bool_] = likely & (alike | (match.shares >= _SURE_SHARE))
        return copied

    def matches(self, sound: Floats) -> Iterable[LandmarkMatch]:
        """The places in the album at which most landmarks of some sound meet the album's."""
        for phase in range(_HASH_PHASES):
            hashes = hashes_of(sound[phase * WINDOW_HOP // _HASH_PHASES :])
            here, tracks, there = self.landmarks.matches(hashes)
            shifts = (tracks << 32) + there - here + (1 << 31)
            groups, counts = np.unique(shifts, return_counts=True)
            for group in groups[np.argsort(-counts)][:_GROUPS]:
                times = np.sort(here[shifts == group])
                if len(times) >= _LEAST_LANDMARKS:
                    places, shares = _shares(times, np.sort(hashes.times), len(sound) / RATE)
                    track, shift = int(group >> 32), int((group & 0xFFFFFFFF) - (1 << 31))
                    yield LandmarkMatch(track, shift, times, places, shares)

    def _alike(self, tones: Floats) -> Iterable[CopiedStretch]:
        """By the alignment of patches."""
        contrast = contrast_of(tones)
        for phase in range(_PHASES):
            best, where = np.full(0, -np.inf, np.float32), np.zeros(0, np.int64)
            for shift, limit in zip(SHIFT_RANGE, self.run_limits, strict=True):
                score, at = self.runs(contrast, shift, phase)
                above = score - limit
                best = best if len(best) else np.full(len(score), -np.inf, np.float32)
                where = np.where(above > best, at, where) if len(where) else at
                best = np.maximum(best, above)
            yield from self._stretches(best, where, phase / _PHASES)

    def runs(self, contrast: Floats, shift: int, phase: int = 0) -> tuple[Floats, NDArray[np.int64]]:
        """For each patch how alike the run that begins with it is to the best one in the album, and where that is.

        Args:
            contrast: of the sound, see `app.studio.measures.patches.contrast_of`.
            shift: thirds of a semitone that the tones are moved down by.
            phase: which half of the way from one patch to the next they begin at, 0 or 1.
        """
        likeness = likeness_of(contrast[HOP * phase // _PHASES :], self.basis, self.patches, shift)
        count, places = len(likeness) - _RUN + 1, likeness.shape[1] - _RUN + 1
        if count < 1 or places < 1:
            return np.zeros(0, np.float32), np.zeros(0, np.int64)
        runs = likeness[:count, :places].copy()
        for step in range(1, _RUN):
            runs += likeness[step : step + count, step : step + places]
        at = np.argmax(runs, axis=1)
        best: Floats = runs[np.arange(count), at] / np.float32(_RUN)
        return best, at

    def _stretches(self, above: Floats, where: NDArray[np.int64], phase: float) -> Iterable[CopiedStretch]:
        """Runs that go on along the album, of patches that are above the limit."""
        begin = 0
        while begin < len(above):
            if above[begin] < 0:
                begin += 1
                continue
            end = begin + 1
            while end < len(above) and above[end] >= 0 and abs(where[end] - where[end - 1] - 1) <= 1:
                end += 1
            track = int(np.searchsorted(self.starts, where[begin], "right")) - 1
            yield CopiedStretch(
                self.tracks[track],
                float(where[begin] - self.starts[track]) / PATCHES_PER_SECOND,
                (begin + phase) / PATCHES_PER_SECOND,
                (end - begin - 1 + _RUN) / PATCHES_PER_SECOND,
            )
            begin = end

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What `from_arrays` takes, besides the tracks."""
        return {
            **self.landmarks.arrays(),
            "patch_mean": self.basis.mean,
            "patch_axes": self.basis.axes,
            "patches": self.patches.astype(np.float16),
            "patch_starts": self.starts.astype(np.float64),
            "run_limits": self.run_limits,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], tracks: Sequence[str], sound: LearntSound) -> AlbumCopies:
        """What `arrays` gave.

        Raises:
            ValueError: damaged.
        """
        patches, axes = arrays["patches"].astype(np.float32), arrays["patch_axes"]
        starts = arrays["patch_starts"].astype(np.int64)
        basis = PatchBasis(arrays["patch_mean"], axes)
        if axes.ndim != 2 or basis.mean.shape != (len(axes),) or patches.shape[1:] != (axes.shape[1],):
            raise ValueError("not the patches of an album")
        if starts.shape != (len(tracks) + 1,) or starts[-1] != len(patches):
            raise ValueError("not the tracks of an album")
        if arrays["run_limits"].shape != (len(SHIFT_RANGE),):
            raise ValueError("not the limits of an album")
        landmarks = LandmarkIndex.from_arrays(arrays)
        return cls(tuple(tracks), landmarks, basis, patches, starts, arrays["run_limits"], sound)


@dataclass(frozen=True, eq=False)
class LandmarkMatch:
    """A place in the album at which landmarks of some sound meet the album's.

    Attributes:
        track: its number.
        shift: windows from the place in the sound to that in the track.
        times: the windows of the landmarks that meet, in order.
        places: the windows at which stretches of six seconds begin.
        shares: of the landmarks in each of those stretches, those that meet, 0..1.
    """

    track: int
    shift: int
    times: NDArray[np.int64]
    places: NDArray[np.float64]
    shares: NDArray[np.float64]


def _shares(
    times: NDArray[np.int64], hashes: NDArray[np.int64], seconds: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where stretches begin, and the share of `hashes` in each that is in `times`; both are sorted."""
    window = min(WINDOW_SECONDS, seconds) * LANDMARKS_PER_SECOND
    last = max(seconds * LANDMARKS_PER_SECOND - window, 0.0)
    places = np.arange(0.0, last + 1e-6, _STEP_SECONDS * LANDMARKS_PER_SECOND)
    counts = [np.searchsorted(each, places + window) - np.searchsorted(each, places) for each in (times, hashes)]
    return places, counts[0] / np.maximum(counts[1], _LEAST_LANDMARKS)
