"""In which order songs make an album: an opening, a rise to a peak, a closing; neighbours alike in key, tempo and
loudness."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.studio.recipes.choosing import Stretch

_PEAK = 0.65
"""Where the peak lies on the album, 0..1."""
_OPENING, _CLOSING = 0.5, 0.0
"""How loud the first song and the last should be, from the quietest (0) to the loudest (1)."""
_ARCH = 4.0
"""How much a place on the arch counts, against alikeness of neighbours."""
_SWEEPS, _STARTS = 8, 4
_FAR_DB, _FAR_OCTAVES = 6.0, 0.5
"""Differences of loudness, and of tempo in octaves, that count as far apart as two keys that share no note."""


@dataclass(frozen=True, slots=True)
class Sounding:
    """What of a song decides where it goes on an album.

    Attributes:
        loudness_db: None where it is not known.
        bpm: None where it is not known, or there is none.
        chroma: mean strength of each note, [12], of length one; zeros where that is not known.
    """

    loudness_db: float | None
    bpm: float | None
    chroma: NDArray[np.float64]


def sounding(stretch: Stretch) -> Sounding:
    """What is heard in a stretch of a clip."""
    heard = stretch.heard
    chroma = np.zeros(12)
    if heard.profile is not None:
        chroma = heard.profile.chroma[heard.part(stretch.offset, stretch.length)].mean(axis=0).astype(np.float64)
        chroma /= max(float(np.linalg.norm(chroma)), 1e-9)
    return Sounding(heard.loudness_db, heard.bpm, chroma)


def album_order(songs: Sequence[Sounding], seed: int) -> list[int]:
    """The places of the songs in the order of the album; the same for the same seed."""
    draw = random.Random(seed)
    arch, apart = _arch_costs(songs), _distances(songs)
    best: list[int] = list(range(len(songs)))
    for _ in range(_STARTS):
        order = list(range(len(songs)))
        draw.shuffle(order)
        order = _improved(order, arch, apart)
        if _cost(order, arch, apart) < _cost(best, arch, apart) - 1e-9:
            best = order
    return best


def place_names(count: int) -> list[str]:
    """What each place of an album is called, "" for those between: one that has a single song has only that."""
    names = [""] * count
    if count > 1:
        names[0], names[-1] = "Opening", "Closing"
    if count > 2:
        names[min(max(round(_PEAK * (count - 1)), 1), count - 2)] = "Peak"
    return names


def _improved(order: list[int], arch: NDArray[np.float64], apart: NDArray[np.float64]) -> list[int]:
    """Two songs change places as long as that makes it better."""
    for _ in range(_SWEEPS):
        before = _cost(order, arch, apart)
        for one in range(len(order)):
            for other in range(one + 1, len(order)):
                tried = list(order)
                tried[one], tried[other] = tried[other], tried[one]
                if _cost(tried, arch, apart) < _cost(order, arch, apart) - 1e-9:
                    order = tried
        if _cost(order, arch, apart) >= before - 1e-9:
            break
    return order


def _cost(order: Sequence[int], arch: NDArray[np.float64], apart: NDArray[np.float64]) -> float:
    places = np.asarray(order, np.int64)
    return float(arch[places, np.arange(len(places))].sum() + apart[places[:-1], places[1:]].sum())


def _arch_costs(songs: Sequence[Sounding]) -> NDArray[np.float64]:
    """[songs, places]: how far each song would be from the arch at each place."""
    count = len(songs)
    if any(song.loudness_db is None for song in songs) or count < 2:
        return np.zeros((count, count))
    levels = np.array([song.loudness_db for song in songs], np.float64)
    ranks = np.argsort(np.argsort(levels, kind="stable")) / (count - 1)
    wanted = np.interp(np.arange(count) / (count - 1), (0.0, _PEAK, 1.0), (_OPENING, 1.0, _CLOSING))
    return np.asarray(_ARCH * np.square(ranks[:, None] - wanted))


def _distances(songs: Sequence[Sounding]) -> NDArray[np.float64]:
    """[songs, songs]: how unlike each two are in key, tempo and loudness."""
    return np.array([[_distance(one, other) for other in songs] for one in songs]).reshape(len(songs), len(songs))


def _distance(one: Sounding, other: Sounding) -> float:
    far = 1.0 - float(one.chroma @ other.chroma)
    if one.bpm is not None and other.bpm is not None:
        octaves = abs(np.log2(one.bpm / other.bpm)) % 1.0  # half time and double time feel alike
        far += min(octaves, 1.0 - octaves) / _FAR_OCTAVES
    if one.loudness_db is not None and other.loudness_db is not None:
        far += abs(one.loudness_db - other.loudness_db) / _FAR_DB
    return far
