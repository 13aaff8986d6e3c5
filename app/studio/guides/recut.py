"""Guides re-cut from the album's own bars, in an order that the album does not have.

A bar is followed by one that is like what followed it on the album (after Jehan's and Lamere's "Infinite Jukebox"), but
never by that very bar. Bars gather in parts of four, and parts come back as in a song.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.document.model import Tempo
from app.studio.analysis.tempo import FASTEST, SLOWEST
from app.studio.guides.bars import Bars
from samplernn.guides.strokes import PER_SECOND, Floats, strokes_at

PART_BARS = 4
_FORMS = ("ABACABDA", "AABBACCA", "ABCABDCA", "AABACBDA")
"""Which part follows which."""
_CHOICES = 6
"""Of so many bars that are like what would follow, one is drawn."""
_TIRED = 4
"""A bar that was among the last so many is not taken again within a part."""
_CELLS = 16
"""Moments of a bar that are held against those of another."""
_LOUD_DB = 6.0
"""A guide begins with a bar that is no further below the mean than this."""
_MOST_DB = 12.0
"""By so much at most a guide is brought to the album's level."""


@dataclass(frozen=True, slots=True, eq=False)
class Recut:
    """A guide that was re-cut: strokes [frames, 20], its tempo, and the plan, a letter for each part."""

    strokes: Floats
    tempo: Tempo
    plan: str


def loudness(strokes: Floats) -> float:
    """Level of the mean power of all bands, in dB."""
    return float(10 * np.log10(np.mean(10 ** (strokes / 10))))


def _shape(bar: Floats) -> NDArray[np.float32]:
    """What a bar does: its levels in sixteen moments, [16 * 20]."""
    cells = strokes_at(bar, np.linspace(0, len(bar), _CELLS, endpoint=False) + len(bar) / (2 * _CELLS))
    return cells.reshape(-1)


def recut(album: Bars, seconds: float, seed: int) -> Recut | None:
    """A guide of this length; None where the album has too few bars to be cut anew.

    The tempo is that of the first bar; each bar is stretched to it.
    """
    if len(album.strokes) < 2 * PART_BARS:
        return None
    random = np.random.default_rng(seed)
    shapes = np.stack([_shape(bar) for bar in album.strokes])
    levels = np.array([loudness(bar) for bar in album.strokes])
    usual = 10 * np.log10(np.mean(10 ** (levels / 10)))
    first = int(random.choice(np.flatnonzero(levels > usual - _LOUD_DB)))
    frames = len(album.strokes[first])
    count = -(-round(seconds * PER_SECOND) // frames)
    form = _FORMS[int(random.integers(len(_FORMS)))]
    plan = "".join(form[part % len(form)] for part in range(-(-count // PART_BARS)))
    parts: dict[str, list[int]] = {}
    walk: list[int] = []
    for name in plan:
        if name not in parts:
            parts[name] = _walk(album, shapes, walk[-1] if walk else None, first, random)
        if walk and parts[name][0] == _follower(album, walk[-1]):
            parts[name] = [_next(album, shapes, walk[-1:], random), *parts[name][1:]]
        walk += parts[name]
    bars = [album.strokes[index] for index in walk[:count]]
    pieces = [strokes_at(bar, np.arange(frames) * (len(bar) / frames)) for bar in bars]
    strokes = np.concatenate(pieces)[: round(seconds * PER_SECOND)]
    strokes += np.float32(np.clip(usual - loudness(strokes), -_MOST_DB, _MOST_DB))
    bpm = 4 * 60 * PER_SECOND / frames
    return Recut(strokes, Tempo(bpm=float(np.clip(bpm, SLOWEST / 2, FASTEST)), first_beat=0.0), plan)


def _walk(
    album: Bars, shapes: NDArray[np.float32], before: int | None, first: int, random: np.random.Generator
) -> list[int]:
    """The bars of one part, each like what would follow the one before it."""
    walk = [first if before is None else _next(album, shapes, [before], random)]
    while len(walk) < PART_BARS:
        walk.append(_next(album, shapes, walk[-_TIRED:], random))
    return walk


def _next(album: Bars, shapes: NDArray[np.float32], walk: Sequence[int], random: np.random.Generator) -> int:
    follower = _follower(album, walk[-1])
    model = shapes[walk[-1] if follower is None else follower]
    distance = np.mean((shapes - model) ** 2, axis=1)
    distance[[index for index in (*walk, follower) if index is not None]] = np.inf
    nearest = np.argsort(distance)[:_CHOICES]
    return int(random.choice(nearest[np.isfinite(distance[nearest])]))


def _follower(album: Bars, bar: int) -> int | None:
    """The bar that came right behind it on the album."""
    return bar + 1 if album.follows[bar] else None
