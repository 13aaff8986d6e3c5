"""Which accents of clips are to be seen at a zoom: where they lie too close together, the strongest. No Qt."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

LEAST_GAP = 22
"""Pixels for each accent that is shown, on average."""
_TOO_CLOSE = 0.5
"""As a share of that: of two accents nearer to each other than this, the weaker is not shown."""


class AccentMarks:
    """The accents of one clip.

    Args:
        frames: in order, counted from the start of the clip at the rate of songs.
        weights: how strong each of them is.
    """

    def __init__(self, frames: Sequence[int], weights: Sequence[float]) -> None:
        self._frames = np.asarray(frames, np.int64)
        self._weights = np.asarray(weights, np.float64)

    def apart(self, gap: float) -> tuple[int, ...]:
        """The strongest accent of every `gap` frames, without those within half of that of a stronger one."""
        if not len(self._frames):
            return ()
        cells = (self._frames / max(gap, 1.0)).astype(np.int64)
        order = np.lexsort((self._weights, cells))
        strongest = np.sort(order[np.append(np.diff(cells[order]) > 0, True)])
        frames, weights = self._frames[strongest], self._weights[strongest]
        close = np.diff(frames) < gap * _TOO_CLOSE
        kept = np.ones(len(frames), bool)
        kept[:-1] &= ~(close & (weights[:-1] < weights[1:]))
        kept[1:] &= ~(close & (weights[:-1] >= weights[1:]))
        return tuple(frames[kept].tolist())


class _Apart(Mapping[str, Sequence[int]]):
    """The accents of clips at one zoom, each worked out when it is first looked at; equal only to itself."""

    def __init__(self, marks: Mapping[str, AccentMarks], gap: float) -> None:
        self._marks = marks
        self._gap = gap
        self._known: dict[str, tuple[int, ...]] = {}

    def __getitem__(self, clip: str) -> Sequence[int]:
        if clip not in self._known:
            self._known[clip] = self._marks[clip].apart(self._gap)
        return self._known[clip]

    def __iter__(self) -> Iterator[str]:
        return iter(self._marks)

    def __len__(self) -> int:
        return len(self._marks)

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__


class VisibleAccents:
    """The accents of all clips that are shown at a zoom."""

    def __init__(self) -> None:
        self._marks: Mapping[str, AccentMarks] = {}
        self._gap = 0.0
        self._seen: Mapping[str, Sequence[int]] = _Apart({}, 0.0)

    def put(self, marks: Mapping[str, AccentMarks]) -> None:
        """Takes over the accents of all clips, by id."""
        self._marks = marks
        self._gap = 0.0

    def at(self, frames_per_pixel: float) -> Mapping[str, Sequence[int]]:
        """By id of the clip; the same mapping as before where nothing has changed."""
        # in steps, so that not every turn of the wheel shows others
        gap = 2.0 ** (math.ceil(2 * math.log2(LEAST_GAP * frames_per_pixel)) / 2)
        if gap != self._gap:
            self._gap = gap
            self._seen = _Apart(self._marks, gap)
        return self._seen
