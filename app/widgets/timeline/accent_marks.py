"""Which accents of clips are to be seen at a zoom: where they lie too close together, the strongest. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

LEAST_GAP = 26
"""Pixels that accents share among them, on the average."""
_TOO_CLOSE = 0.5
"""As a share of that; of two accents nearer to each other the weaker is not seen."""


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
        """The strongest of every so many frames, but none beside a stronger one."""
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


class SeenAccents:
    """Of all clips, at the zoom of the moment; worked out anew where one of both changes."""

    def __init__(self) -> None:
        self._marks: Mapping[str, AccentMarks] = {}
        self._gap = -1.0
        self._seen: Mapping[str, Sequence[int]] = {}

    def put(self, marks: Mapping[str, AccentMarks]) -> None:
        self._marks = marks
        self._gap = -1.0

    def at(self, frames_per_pixel: float) -> Mapping[str, Sequence[int]]:
        """By id of the clip; the same mapping as before where nothing has changed."""
        gap = LEAST_GAP * frames_per_pixel
        if gap != self._gap:
            self._gap = gap
            self._seen = {clip: marks.apart(gap) for clip, marks in self._marks.items()}
        return self._seen
