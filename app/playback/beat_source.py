"""A beat that goes round while it is drawn, and strokes that are tapped meanwhile."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.document.beat_grid import STROKES, BeatGrid
from app.document.model import SONG_RATE
from app.document.pattern import Stroke
from app.studio.demo.kit import Kit

Block = NDArray[np.float32]

_HOURS = 10
"""How long it goes round at most."""
_BLEND = SONG_RATE // 200
"""Frames in which one beat passes over into the next."""
_KEPT = 8
"""Beats that are kept to tell what was heard a moment ago."""


@dataclass(frozen=True, slots=True, eq=False)
class _Round:
    """A beat from some frame on.

    Attributes:
        begins: where it is read from on.
        place: how far into the loop that is, in frames.
        loop: [n], mono; it goes round.
        step: frames of a step.
    """

    begins: int
    place: float
    loop: Block
    step: float

    def place_at(self, frame: int) -> float:
        """How far into the loop a frame is, in frames."""
        return (self.place + frame - self.begins) % len(self.loop)

    def read(self, start: int, frames: int) -> Block:
        """[frames]."""
        first = int(self.place_at(start))
        sound: Block = np.take(self.loop, np.arange(first, first + frames), mode="wrap")
        return sound


class BeatSource:
    """What the player takes as a source. It may be told another beat, or a stroke to strike, at any time.

    Args:
        kit: the sound of each stroke.
    """

    rate = SONG_RATE
    frames = _HOURS * 3600 * SONG_RATE

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._lock = threading.Lock()
        self._rounds: deque[_Round] = deque(maxlen=_KEPT)
        self._next: BeatGrid | None = None
        self._tapped: list[Stroke] = []
        self._struck: list[tuple[int, Block]] = []
        """The frame with which each stroke begins that was tapped, and its sound."""

    def put(self, grid: BeatGrid) -> None:
        """This beat from what is read next on; where it is another tempo, at the same step."""
        with self._lock:
            self._next = grid

    def silence(self) -> None:
        """Nothing goes round; what is tapped is heard."""
        with self._lock:
            self._rounds.clear()
            self._struck.clear()
            self._next = None

    def strike(self, stroke: Stroke) -> None:
        """This stroke at once."""
        with self._lock:
            self._tapped.append(stroke)

    def step_at(self, frame: int) -> float | None:
        """Which step is at a frame that was read a moment ago, with its share; None where nothing went round then."""
        with self._lock:
            there = next((each for each in reversed(self._rounds) if each.begins <= frame), None)
            return None if there is None else there.place_at(frame) / there.step

    def read(self, start: int, frames: int) -> Block:
        """float32 [frames, 2], both sides alike."""
        with self._lock:
            sound = self._beat(start, frames)
            self._struck += [(start, self._kit[stroke]) for stroke in self._tapped]
            self._tapped.clear()
            for begin, stroke_sound in self._struck:
                there = stroke_sound[max(start - begin, 0) : max(start - begin, 0) + frames]
                sound[: len(there)] += there
            self._struck = [each for each in self._struck if each[0] + len(each[1]) > start]
        return np.repeat(np.clip(sound, -1.0, 1.0)[:, None], 2, axis=1)

    def _beat(self, start: int, frames: int) -> Block:
        before = next((each for each in reversed(self._rounds) if each.begins <= start), None)
        sound = np.zeros(frames, np.float32) if before is None else before.read(start, frames)
        if self._next is not None:
            now = _round_of(self._next, self._kit, start, before)
            self._next = None
            self._rounds.append(now)
            share = np.minimum(np.arange(frames, dtype=np.float32) / _BLEND, 1.0)
            fresh = now.read(start, frames)
            sound = fresh if before is None else sound + share * (fresh - sound)
        return sound


def _round_of(grid: BeatGrid, kit: Kit, start: int, before: _Round | None) -> _Round:
    step = grid.step_seconds * SONG_RATE
    place = 0.0 if before is None else before.place_at(start) / before.step * step
    loop = np.zeros(round(step * grid.steps), np.float32)
    for stroke, row in zip(STROKES, grid.rows, strict=True):
        sound = kit[stroke]
        for number, strength in enumerate(row):
            if strength:
                # what is longer than the beat goes on at its beginning
                at = (round(number * step) + np.arange(len(sound))) % len(loop)
                np.add.at(loop, at, np.float32(strength) * sound)
    return _Round(start, place % len(loop), loop, step)
