"""Bringing an album to its loudness: one gain for all of it, and a true-peak limiter where the gain asks for one.

The limiter looks ahead: the gain it needs is known before the peak comes, so it falls along a smooth curve that
reaches its lowest point at the peak, is the same on both sides, and rises again slowly. Sound that does not reach
the ceiling passes unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from app.document.model import SONG_RATE
from app.studio.audio.loudness import Block, Measured, decibels, integrated, measure, peak_curve, with_context
from app.studio.torch_import import wait_for_torch

CEILING_DB = -1.1
"""dBTP; a tenth under the -1 that is promised, as meters differ by that much."""
NEAR_ENOUGH_LU = 0.05
_TRIES = 6
_LOOK_AHEAD = int(0.0015 * SONG_RATE)
_RELEASE_DB_PER_FRAME = 80.0 / SONG_RATE
_MOST_GAIN_DB = 40.0
_LEAST_SLOPE = 0.2
"""Loudness gained per gain; the more is limited, the less a dB brings."""

Song = Callable[[], Iterable[Block]]
"""Plays a song from its start, in blocks; each call plays the same."""


@dataclass(frozen=True, slots=True)
class Mastering:
    """What is done to the album as a whole."""

    gain_db: float
    limited: bool
    """Whether peaks had to be held back, rather than only turned up or down."""
    lufs: float
    true_peak_db: float
    songs: tuple[Measured, ...]
    """Each song as it comes out."""

    def apply(self, blocks: Iterable[Block], ceiling_db: float = CEILING_DB) -> Iterator[Block]:
        """One song of the album, mastered."""
        return mastered(blocks, self.gain_db, ceiling_db if self.limited else None)


def mastered(blocks: Iterable[Block], gain_db: float, ceiling_db: float | None) -> Iterator[Block]:
    """The sound turned up by `gain_db`, its true peak held at the ceiling where there is one."""
    gain = np.float32(10 ** (gain_db / 20))
    louder = (block * gain for block in blocks)
    return louder if ceiling_db is None else limited(louder, ceiling_db)


def limited(blocks: Iterable[Block], ceiling_db: float = CEILING_DB) -> Iterator[Block]:
    """The same sound with its true peak held at the ceiling."""
    ceiling = 10 ** (ceiling_db / 20)
    held = 0.0
    waiting: list[Block] = []
    curves: list[NDArray[np.float64]] = [np.zeros(2 * _LOOK_AHEAD)]
    for block, context, start in with_context(blocks):
        peaks = peak_curve(context, start, len(block)).astype(np.float64)
        over = 20 * np.log10(np.maximum(peaks / ceiling, 1.0))
        falling = np.arange(1, len(over) + 1) * _RELEASE_DB_PER_FRAME
        reduction = np.maximum.accumulate(np.concatenate([[held], over + falling]))[1:] - falling
        held = float(reduction[-1])
        waiting.append(block)
        curves.append(np.maximum(reduction, 0.0))
        yield from _ready(waiting, curves)
    curves.append(np.zeros(2 * _LOOK_AHEAD))
    yield from _ready(waiting, curves)


def _ready(waiting: list[Block], curves: list[NDArray[np.float64]]) -> Iterator[Block]:
    """Turns down what has been looked at far enough ahead; keeps the rest waiting.

    The reduction is the largest within the look-ahead on either side, then a mean over the same width: at each frame
    the mean is over values that all cover that frame's own need.
    """
    curve = np.concatenate(curves)
    ready = len(curve) - 4 * _LOOK_AHEAD
    sound = np.concatenate(waiting)
    ready = min(ready, len(sound))
    if ready <= 0:
        return
    reduction = _smoothed(curve[: ready + 4 * _LOOK_AHEAD])
    if reduction.any():
        yield sound[:ready] * (10 ** (-reduction / 20)).astype(np.float32)[:, None]
    else:
        yield sound[:ready]
    waiting[:] = [sound[ready:]]
    curves[:] = [curve[ready:]]


def _smoothed(curve: NDArray[np.float64]) -> NDArray[np.float64]:
    """The reduction for all but the first and last two look-aheads of the curve."""
    size = 2 * _LOOK_AHEAD + 1
    if not curve.any():
        return np.zeros(len(curve) - 4 * _LOOK_AHEAD)
    from scipy.ndimage import maximum_filter1d
    from scipy.signal import oaconvolve

    wait_for_torch()
    widest = maximum_filter1d(curve, size)[_LOOK_AHEAD : len(curve) - _LOOK_AHEAD]
    bell = np.hanning(size + 2)[1:-1]
    smooth: NDArray[np.float64] = np.maximum(oaconvolve(widest, bell / bell.sum(), mode="valid"), 0.0)
    return smooth


def master(
    songs: Sequence[Song],
    target: float | None,
    *,
    ceiling_db: float = CEILING_DB,
    may_limit: bool = True,
    heard: Callable[[float], None] = lambda fraction: None,
) -> Mastering:
    """Finds the one gain that brings the album to `target` LUFS with no true peak above the ceiling.

    Args:
        target: None leaves the level as it is, unless peaks reach over the ceiling.
        may_limit: whether peaks may be held back. Where not, the gain goes only as far as they leave room, and with no
            target nothing at all is done.
        heard: told how much of the work is done, 0..1; may raise to end it.
    """
    parts = max(len(songs), 1) * (_TRIES + 1)
    done = 0

    def listen(gain_db: float, ceiling_db: float | None) -> tuple[Measured, ...]:
        nonlocal done
        measured = []
        for song in songs:
            blocks = mastered(song(), gain_db, ceiling_db)
            measured.append(measure(_told(blocks, partial(heard, done / parts))))
            done += 1
        return tuple(measured)

    gain_db, limit = 0.0, False
    raw = listen(0.0, None)
    lufs, peak_db = _album(raw)
    if target is not None and np.isfinite(lufs):
        gain_db = min(target - lufs, _MOST_GAIN_DB)
    if peak_db + gain_db <= ceiling_db:
        return Mastering(gain_db, limit, lufs + gain_db, peak_db + gain_db, _turned(raw, gain_db))
    if not may_limit:
        gain_db = min(gain_db, ceiling_db - peak_db) if target is not None else 0.0
        return Mastering(gain_db, limit, lufs + gain_db, peak_db + gain_db, _turned(raw, gain_db))
    limit = True
    if target is None:
        songs_out = listen(0.0, ceiling_db)
        return Mastering(0.0, limit, *_album(songs_out), songs_out)
    slope, step = 1.0, 0.0
    for attempt in range(_TRIES):
        songs_out = listen(gain_db, ceiling_db)
        before, (lufs, peak_db) = lufs, _album(songs_out)
        if abs(target - lufs) <= NEAR_ENOUGH_LU or gain_db >= _MOST_GAIN_DB or attempt == _TRIES - 1:
            break
        if attempt:
            slope = min(max((lufs - before) / step, _LEAST_SLOPE), 1.0)
        step = (target - lufs) / slope
        gain_db = min(gain_db + step, _MOST_GAIN_DB)
    return Mastering(gain_db, limit, lufs, peak_db, songs_out)


def _told(blocks: Iterable[Block], tell: Callable[[], None]) -> Iterator[Block]:
    for block in blocks:
        tell()
        yield block


def _album(songs: Sequence[Measured]) -> tuple[float, float]:
    return integrated(songs), decibels(max((song.true_peak for song in songs), default=0.0))


def _turned(songs: Sequence[Measured], gain_db: float) -> tuple[Measured, ...]:
    """What the songs measure after a plain gain."""
    gain = 10 ** (gain_db / 20)
    return tuple(
        Measured(song.frames, song.windows * gain**2, song.true_peak * gain, song.offset * gain) for song in songs
    )
