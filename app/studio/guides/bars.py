"""The bars of an album: found once, and kept in the project's cache."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from app.document.store import ProjectFolder
from app.studio.analysis.onsets import RATE, onset_strength
from app.studio.array_cache import keep_arrays, kept_arrays
from app.studio.guides.beats import beats_of
from resources.progress import Cancelled, Report, never, no_report, stop_if
from samplernn.data.dataset import Dataset
from samplernn.errors import SoundError
from samplernn.guides.framing import Floats
from samplernn.guides.notes import PEAK, PLACE, REST, SEMITONES, notes_at, notes_of
from samplernn.guides.notes import PER_SECOND as NOTES
from samplernn.guides.strokes import BANDS, strokes_of
from samplernn.guides.strokes import PER_SECOND as STROKES

_MOST, _MOST_SECONDS = 900, 2000
"""Bars that are kept, those of half an hour: more do not fit into the cache."""
_LOUDEST_DB, _HIGHEST_HZ = 300.0, 20_000.0
"""No level or place of a note is beyond; what is, is damage."""
_UNEVEN = 0.2
"""Bars that differ from the median length of their track by more than this share are left out."""
_PIECE_SECONDS = 600
"""Longer tracks are analysed in pieces of this length."""
HEARD_DB = 50.0
"""Frames further below the loudest one than this do not count for the mean."""
_NAMES = ("strokes", "ends", "notes", "note_ends", "follows", "mean")


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """All bars of an album in their order.

    Attributes:
        strokes: of each bar, [frames, 20] in dB.
        notes: of each bar, [frames, 62, 3].
        follows: whether the next of them came right behind it on the album.
        mean: the album's mean level in each band, [20] in dB; None where nothing is known of the album.
        loudness: the level of its mean power, in dB.
    """

    strokes: tuple[Floats, ...] = ()
    notes: tuple[Floats, ...] = ()
    follows: tuple[bool, ...] = ()
    mean: Floats | None = None
    loudness: float = 0.0


def kept_bars(place: ProjectFolder, report: Report = no_report, cancelled: Cancelled = never) -> Bars:
    """The bars of a project's album, from the cache where they were found before; none without a prepared album.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    try:
        dataset = Dataset.open(place.dataset)
    except SoundError:
        return Bars()
    path = place.cache / f"bars-{dataset.key[:16]}.arrays"
    kept = kept_arrays(path, *_NAMES)
    found = None if kept is None else _unpacked(kept)
    if found is None:
        found = bars_of(dataset, report, cancelled)
        packed = _packed(found)
        keep_arrays(path, packed)
        # rounded as they are in the cache, so that a seed makes the same guide this time and every other
        found = _unpacked(packed) or found
    return found


def bars_of(dataset: Dataset, report: Report = no_report, cancelled: Cancelled = never) -> Bars:
    """The bars of all tracks of a prepared album, or of its first hour.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    bars: list[Floats] = []
    notes: list[Floats] = []
    follows: list[bool] = []
    total, power, count = np.zeros(BANDS), 0.0, 0
    piece = _PIECE_SECONDS * dataset.rate
    places = [(at, min(at + piece, stop)) for start, stop in dataset.tracks for at in range(start, stop, piece)]
    for number, (start, stop) in enumerate(places):
        stop_if(cancelled)
        report(number / len(places), "Finding the album's bars")
        sound = np.array(dataset.sound[start:stop])
        strokes = strokes_of([sound], dataset.rate)
        levels = strokes.max(axis=1)
        heard = strokes[levels > levels.max(initial=-np.inf) - HEARD_DB]
        total, count = total + heard.sum(axis=0), count + len(heard)
        power += float(np.sum(10 ** (heard / 10))) / BANDS
        if len(bars) < _MOST:
            found = notes_of([sound], dataset.rate)
            for begin, end, goes_on in _places(sound, dataset.rate):
                bars.append(strokes[begin:end])
                notes.append(notes_at(found, np.arange(begin / STROKES, end / STROKES, 1 / NOTES)))
                follows.append(goes_on)
    if not count:
        return Bars()
    mean = (total / count).astype(np.float32)
    fits = np.cumsum([len(each) for each in bars[:_MOST]]) <= _MOST_SECONDS * STROKES
    most = int(np.count_nonzero(fits))
    follow_on = (*follows[: max(most - 1, 0)], False)[:most]
    return Bars(tuple(bars[:most]), tuple(notes[:most]), follow_on, mean, float(10 * np.log10(power / count)))


def _places(sound: Floats, rate: int) -> list[tuple[int, int, bool]]:
    """Where bars begin and end, in frames, and whether the next one follows."""
    beats = beats_of(onset_strength(sound if rate == RATE else soxr.resample(sound, rate, RATE)))
    if beats is None or len(beats.bars) < 3:
        return []
    edges = np.round(beats.bars * STROKES).astype(int)
    lengths = np.diff(edges)
    even = np.abs(lengths / np.median(lengths) - 1) <= _UNEVEN
    goes_on = np.append(even[1:], False)
    return [
        (int(begin), int(end), bool(follows))
        for begin, end, is_bar, follows in zip(edges, edges[1:], even, goes_on, strict=False)
        if is_bar
    ]


def _packed(bars: Bars) -> dict[str, NDArray[np.floating]]:
    ends, note_ends = (np.cumsum([len(each) for each in of]) for of in (bars.strokes, bars.notes))
    return {
        "strokes": np.concatenate([np.zeros((0, BANDS)), *bars.strokes]).astype(np.float16),
        "ends": ends.astype(np.float64),
        "notes": np.concatenate([np.zeros((0, SEMITONES, 3)), *bars.notes]).astype(np.float16),
        "note_ends": note_ends.astype(np.float64),
        "follows": np.array(bars.follows, np.float32),
        "mean": np.zeros(0, np.float32) if bars.mean is None else np.append(bars.mean, np.float32(bars.loudness)),
    }


def _unpacked(kept: dict[str, NDArray[np.floating]]) -> Bars | None:
    """None where the arrays do not fit together, or hold what no music has."""
    strokes, ends, notes, note_ends, follows, mean = (kept[name] for name in _NAMES)
    if strokes.shape[1:] != (BANDS,) or notes.shape[1:] != (SEMITONES, 3) or mean.shape not in ((0,), (BANDS + 1,)):
        return None
    if not all(np.isfinite(each).all() for each in kept.values()):
        return None
    levels = (strokes, notes[..., PEAK], notes[..., REST], mean)
    if any(np.abs(each).max(initial=0) > _LOUDEST_DB for each in levels):
        return None
    if np.abs(notes[..., PLACE]).max(initial=0) > _HIGHEST_HZ:
        return None
    bars, bars_of_notes = _cut(strokes, ends), _cut(notes, note_ends)
    if bars is None or bars_of_notes is None or not len(bars) == len(bars_of_notes) == len(follows):
        return None
    return Bars(
        bars,
        bars_of_notes,
        tuple(bool(each) for each in follows),
        mean[:BANDS].astype(np.float32) if len(mean) else None,
        float(mean[BANDS]) if len(mean) else 0.0,
    )


def _cut(frames: NDArray[np.floating], ends: NDArray[np.floating]) -> tuple[Floats, ...] | None:
    """The frames in pieces that end there; None where the ends are none."""
    edges = np.append(0.0, ends)
    if edges[-1] != len(frames) or (np.diff(edges) < 1).any():
        return None
    return tuple(frames[begin:end].astype(np.float32) for begin, end in itertools.pairwise(edges.astype(int)))
