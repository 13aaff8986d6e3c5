"""Endless sound that is brought to a guide, which may be another one at any moment, and begins anew after its end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from samplernn.guides.equaliser import (
    Equaliser,
    NoteEqualiser,
    SemitoneEqualiser,
    StrokeEqualiser,
    for_last,
    soft_clipped,
)
from samplernn.guides.framing import Floats
from samplernn.guides.guide import Guide
from samplernn.guides.notes import SEMITONES, notes_at, whole_levels
from samplernn.guides.notes import framing_at as notes_framing
from samplernn.guides.strokes import BANDS, PER_SECOND, strokes_at
from samplernn.guides.strokes import framing_at as strokes_framing

_NOTE_HOPS_AHEAD, _STROKE_HOPS_AHEAD = 2 * 4, 3 * 4
"""Hops of delay of the chain, in hops of its own for each kind: four for each of the two equalisers of notes and of the
three of strokes, as each holds three hops back and gives the rest in whole hops."""

_LEAST_HOPS = 4
"""Strokes are equalised for so many hops, 16 ms, at a time: less costs nearly as much."""


class LoopedGuide:
    """A guide that begins anew after its end.

    Attributes:
        guide: how closely that is followed is not its own matter here.
    """

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self._second = for_last(guide.strokes)
        self._seconds = len(guide.strokes) / PER_SECOND

    def strokes(self, seconds: NDArray[np.float64], second: float = 0.0) -> Floats:
        """Strokes at these times [n]: the guide's own (0), or those for a second equaliser (1), or between them."""
        places = self._inside(seconds) * PER_SECOND
        own = strokes_at(self.guide.strokes, places)
        return own if not second else own + np.float32(second) * (strokes_at(self._second, places) - own)

    def notes(self, seconds: NDArray[np.float64]) -> Floats | None:
        """Notes at these times [n]; None for a guide without."""
        return None if self.guide.notes is None else notes_at(self.guide.notes, self._inside(seconds))

    def _inside(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        inside: NDArray[np.float64] = np.maximum(seconds, 0.0) % self._seconds
        return inside


class LiveEqualiser:
    """The chain of `GuideEqualiser`, whose order stands here a second time, for one endless sound. Guide and closeness
    may be changed between two calls.

    What is changed is heard from the next sample that is taken on: strokes within some 40 ms, notes within half a
    second, as their windows are long.

    Attributes:
        guide: what the sound is brought to.
        begins: the sample of the sound with which the guide begins.
        follow: how closely, 0..1.
    """

    def __init__(self, guide: LoopedGuide, rate: int, first: int) -> None:
        """Begins with the sample `first` of a sound at `rate` Hz."""
        self.guide, self.begins, self.follow = guide, first, 1.0
        self._rate, self._first = rate, first
        self._notes: Sequence[Equaliser] = (
            _LiveNotes(self, rate),
            _LiveStrokes(self, rate, is_before_notes=True),
            _LiveSemitones(self, rate),
        )
        self._strokes: Sequence[Equaliser] = (_LiveStrokes(self, rate), _LiveStrokes(self, rate, is_second=True))
        self._hop = strokes_framing(rate).hop
        # strokes are equalised no sooner than they are taken, so that another guide is heard at once
        self._noted = np.zeros((1, 0), np.float32)
        self._ready = np.zeros((1, 0), np.float32)

    @staticmethod
    def ahead_at(rate: int) -> int:
        """So many samples more than are taken have to be pushed."""
        return _NOTE_HOPS_AHEAD * notes_framing(rate).hop + _STROKE_HOPS_AHEAD * strokes_framing(rate).hop

    def push(self, sound: Floats) -> None:
        """Takes the next samples [n] in."""
        block = sound[None]
        for equaliser in self._notes:
            block = equaliser.push(block)
        self._noted = np.concatenate([self._noted, block], axis=1)

    def take(self, count: int) -> Floats:
        """The next samples [count], within -1..1; fewer where not enough was pushed."""
        while self._ready.shape[1] < count and self._noted.shape[1]:
            missing = count - self._ready.shape[1]
            block = self._noted[:, : max(-(-missing // self._hop), _LEAST_HOPS) * self._hop]
            self._noted = self._noted[:, block.shape[1] :]
            for equaliser in self._strokes:
                block = equaliser.push(block)
            self._ready = np.concatenate([self._ready, block], axis=1)
        taken, self._ready = self._ready[0, :count], self._ready[:, count:]
        return soft_clipped(taken)

    def seconds_at(self, middles: NDArray[np.int64]) -> NDArray[np.float64]:
        """The times of the guide for windows with these middles, which count from the first sample that was pushed."""
        return (middles + (self._first - self.begins)) / self._rate


class _LiveStrokes(StrokeEqualiser):
    def __init__(
        self, live: LiveEqualiser, rate: int, *, is_second: bool = False, is_before_notes: bool = False
    ) -> None:
        super().__init__([np.zeros((1, BANDS), np.float32)], rate, [0.0])
        self._live, self._is_second, self._is_before_notes = live, is_second, is_before_notes

    def _gains(self, spectra: NDArray[np.complex64], middles: NDArray[np.int64]) -> Floats:
        guide = self._live.guide.guide
        if not guide.has_strokes or (self._is_before_notes and guide.notes is None):
            return np.zeros(spectra.shape, np.float32)
        self._follow = np.full((1, 1, 1), self._live.follow, np.float32)
        return super()._gains(spectra, middles)

    def _wanted(self, middles: NDArray[np.int64]) -> Floats:
        live = self._live
        return live.guide.strokes(live.seconds_at(middles), live.follow if self._is_second else 0.0)[None]


class _LiveNotes(NoteEqualiser):
    def __init__(self, live: LiveEqualiser, rate: int) -> None:
        super().__init__([np.zeros((1, SEMITONES, 3), np.float32)], rate, [0.0])
        self._live = live

    def _gains(self, spectra: NDArray[np.complex64], middles: NDArray[np.int64]) -> Floats:
        if self._live.guide.guide.notes is None:
            return np.zeros(spectra[..., self._bins].shape, np.float32)
        self._follow = np.full((1, 1, 1), self._live.follow, np.float32)
        return super()._gains(spectra, middles)

    def _wanted(self, middles: NDArray[np.int64]) -> Floats:
        notes = self._live.guide.notes(self._live.seconds_at(middles))
        return super()._wanted(middles) if notes is None else notes[None]


class _LiveSemitones(_LiveNotes, SemitoneEqualiser):
    """`_LiveNotes` asks whether there are notes; its `super()._gains` is that of `SemitoneEqualiser`, the next class in
    the method resolution order.
    """

    def _wanted(self, middles: NDArray[np.int64]) -> Floats:
        notes = self._live.guide.notes(self._live.seconds_at(middles))
        return SemitoneEqualiser._wanted(self, middles) if notes is None else whole_levels(notes, self._rate)[None]
