"""Guides that a small model of the album dreams: bars, and an order of bars, that the album does not have.

What happens in a beat is a point in a space of a few dimensions (principal components of the levels of all beats). A
linear model tells each beat from what was dreamt 1, 2, 4, 8 and 16 beats before and from its place in the bar, and
chance adds what the model did not know of the album (a vector autoregression; Lütkepohl, "New Introduction to Multiple
Time Series Analysis", 2005). What these dimensions leave out, is taken from the album's beat that is next to what was
dreamt, preferably from one that was taken a bar, two or four ago: so beats come back as they do on the album. Guides
are then cut from these bars as they are from the album's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from app.document.model import BEATS_PER_BAR
from app.document.store import ProjectFolder
from app.studio.array_cache import keep_arrays, kept_arrays
from app.studio.guides.bars import Bars
from app.studio.guides.walker import loudness
from resources.progress import Cancelled, Report, never, no_report, stop_if
from samplernn.data.dataset import Dataset
from samplernn.errors import SoundError
from samplernn.guides.framing import Floats
from samplernn.guides.notes import PEAK, REST, SEMITONES
from samplernn.guides.notes import PER_SECOND as NOTES_PER_SECOND
from samplernn.guides.strokes import BANDS, PER_SECOND, strokes_at

_LEAST_BARS = 8
"""With fewer, nothing can be learnt."""
_STEPS, _NOTE_STEPS = 32, 4
"""Points in time at which strokes and notes of a beat are taken."""
_LAGS = (1, 2, 4, 8, 16)
"""Lags of the autoregression, in beats."""
_STROKE_CODES, _NOTE_CODES = 32, 16
"""Principal components of strokes and of notes."""
_BEATS_PER_CODE = 8
"""With fewer beats for each, there are fewer components."""
_RIDGE = 0.02
"""What the squares of the weights are multiplied by, for each beat of the album; codes have a variance of 1 at most."""
_BACK_AGAIN = (4, 8, 16)
_NEARER = 0.75
"""Squares of distances to the album's beats that were taken so many beats ago are multiplied by this for each."""
_WARM_UP_BARS = 8
"""Dreamt before the guide begins, so that it begins anywhere."""
_MOST_DB = 12.0
"""By so much at most a dream is brought to the album's level."""
BARS = 64
"""Of a dream: enough to be cut anew into a song."""
_NAMES = ("strokes", "weights", "chance", "beats", "limits")
_LARGEST = 1e3
"""No number of what is learnt of music is larger: what is, is damage."""


@dataclass(frozen=True, slots=True, eq=False)
class Dreamer:
    """What was learnt of an album's beats.

    A code [codes] is what happens in a beat: the first `strokes.shape[0]` numbers of it are strokes, the others notes.

    Attributes:
        strokes: what each code of strokes adds, [stroke codes, _STEPS * BANDS] in dB.
        weights: of the codes so many beats before, one lag below the other, and of the four places in a bar,
            [len(_LAGS) * codes + 4, codes].
        chance: Cholesky factor of the covariance of the residuals, which white noise is multiplied by, [codes, codes].
        beats: the codes of each beat of the album, [beats, codes].
        limits: the lowest and the highest value of each code, [2, codes].
    """

    strokes: Floats
    weights: Floats
    chance: Floats
    beats: Floats
    limits: Floats


def learn_to_dream(album: Bars, report: Report = no_report, cancelled: Cancelled = never) -> Dreamer | None:
    """Learns from all beats of an album; None where it has too few bars. It takes a few seconds.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    if len(album.strokes) < _LEAST_BARS:
        return None
    doing = "Learning to dream"
    report(0.0, doing)
    stop_if(cancelled)
    levels = _beats_of_strokes(album)
    most = max(len(levels) // _BEATS_PER_CODE, 1)
    mean, strokes = _components(levels, min(_STROKE_CODES, most))
    report(0.5, doing)
    stop_if(cancelled)
    notes = _beats_of_notes(album)
    note_mean, note_parts = _components(notes, min(_NOTE_CODES, most))
    report(0.8, doing)
    stop_if(cancelled)
    codes = np.concatenate([_codes(levels - mean, strokes), _codes(notes - note_mean, note_parts)], axis=1)
    weights, chance = _autoregression(codes.astype(np.float64))
    report(1.0, doing)
    limits = np.stack([codes.min(axis=0), codes.max(axis=0)])
    return Dreamer(strokes, weights, chance, codes, limits)


def kept_dreamer(
    place: ProjectFolder, album: Bars, report: Report = no_report, cancelled: Cancelled = never
) -> Dreamer | None:
    """What was learnt of a project's album, from the cache where that was done before; None as `learn_to_dream` has it.

    Args:
        album: its bars, as `app.studio.guides.bars.kept_bars` gives them.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    try:
        path = place.cache / f"dreamer-{Dataset.open(place.dataset).key[:16]}.arrays"
    except SoundError:
        return None
    kept = kept_arrays(path, *_NAMES)
    found = None if kept is None else _fitting(kept, album)
    if found is None:
        found = learn_to_dream(album, report, cancelled)
        if found is not None:
            keep_arrays(path, {name: getattr(found, name) for name in _NAMES})
    return found


def _fitting(kept: dict[str, NDArray[np.floating]], album: Bars) -> Dreamer | None:
    """None where the arrays fit neither each other nor the album."""
    beats = len(album.strokes) * BEATS_PER_BAR
    of_strokes, codes = kept["strokes"].size // (_STEPS * BANDS), kept["limits"].size // 2
    shapes = {
        "strokes": (of_strokes, _STEPS * BANDS),
        "weights": (len(_LAGS) * codes + BEATS_PER_BAR, codes),
        "chance": (codes, codes),
        "beats": (beats, codes),
        "limits": (2, codes),
    }
    if (
        not beats
        or codes <= of_strokes
        or any(
            kept[name].shape != shape or not (np.abs(kept[name]) <= _LARGEST).all() for name, shape in shapes.items()
        )
    ):
        return None
    return Dreamer(**{name: kept[name].astype(np.float32) for name in _NAMES})


def _beats_of_strokes(album: Bars) -> Floats:
    """Levels of every beat at even points in time, [beats, _STEPS * BANDS]."""
    count = BEATS_PER_BAR * _STEPS
    bars = [strokes_at(bar, np.arange(count) * (len(bar) / count)) for bar in album.strokes]
    return np.stack(bars).reshape(-1, _STEPS * BANDS)


def _beats_of_notes(album: Bars) -> Floats:
    """Levels of the semitones of every beat at even points in time, [beats, _NOTE_STEPS * SEMITONES * 2]."""
    count = BEATS_PER_BAR * _NOTE_STEPS
    bars = [bar[np.arange(count) * len(bar) // count][:, :, (PEAK, REST)] for bar in album.notes]
    return np.stack(bars).reshape(-1, _NOTE_STEPS * SEMITONES * 2)


def _components(points: Floats, count: int) -> tuple[Floats, Floats]:
    """The mean of points [n, d], and their first principal components [count, d], such that all codes together have a
    variance of 1.
    """
    mean = points.mean(axis=0)
    moved = (points - mean).astype(np.float64)
    size = moved.shape[1]
    variances, parts = linalg.eigh(moved.T @ moved / len(moved), subset_by_index=(size - count, size - 1))
    length = max(float(np.sqrt(np.maximum(variances, 0).sum())), 1e-6)
    return mean, np.ascontiguousarray(parts.T[::-1] * length, np.float32)


def _codes(points: Floats, parts: Floats) -> Floats:
    """The codes [n, count] of points [n, d] whose mean was taken off."""
    codes: Floats = points @ (parts / np.sum(parts**2, axis=1, keepdims=True)).T
    return codes


def _regressors(codes: NDArray[np.float64], beat: int) -> NDArray[np.float64]:
    """What a beat is predicted from: codes of beats before it and its place in the bar, [len(_LAGS) * codes + 4]."""
    before = [codes[beat - lag] for lag in _LAGS]
    return np.concatenate([*before, np.eye(BEATS_PER_BAR)[beat % BEATS_PER_BAR]])


def _autoregression(codes: NDArray[np.float64]) -> tuple[Floats, Floats]:
    """Weights by ridge regression, and the Cholesky factor of the covariance of the residuals."""
    count = codes.shape[1]
    inputs = np.stack([_regressors(codes, beat) for beat in range(max(_LAGS), len(codes))])
    targets = codes[max(_LAGS) :]
    ridge = np.append(np.full(len(_LAGS) * count, _RIDGE * len(codes) / count), np.full(BEATS_PER_BAR, 1e-3))
    weights = linalg.solve(inputs.T @ inputs + np.diag(ridge), inputs.T @ targets, assume_a="pos")
    residuals = targets - inputs @ weights
    chance = linalg.cholesky(residuals.T @ residuals / len(residuals) + 1e-9 * np.eye(count), lower=True)
    return weights.astype(np.float32), chance.astype(np.float32)


def dreamt_bars(dreamer: Dreamer, album: Bars, seed: int) -> Bars:
    """Bars that the album does not have, one behind the other, as loud as the album and all of one tempo of it.

    Strokes are those of the album's beats that are next to what was dreamt, moved to what was dreamt; notes are those
    of the same beats.
    """
    random = np.random.default_rng(seed)
    frames = len(album.strokes[int(random.integers(len(album.strokes)))])
    codes = _dreamt(dreamer, BARS * BEATS_PER_BAR, random)
    nearest = _nearest(dreamer.beats, codes)
    moved = (codes - dreamer.beats[nearest])[:, : len(dreamer.strokes)]
    taken = np.stack([_strokes_of_beat(album, int(beat)) for beat in nearest])
    levels: Floats = (taken + moved @ dreamer.strokes).reshape(BARS, -1, BANDS).astype(np.float32)
    louder = np.float32(np.clip(album.loudness - loudness(levels.reshape(-1, BANDS)), -_MOST_DB, _MOST_DB))
    places = np.arange(frames) * (BEATS_PER_BAR * _STEPS / frames)
    notes = _notes_of_beats(album, nearest, max(round(frames / PER_SECOND * NOTES_PER_SECOND), 1))
    notes[..., (PEAK, REST)] += louder
    return Bars(
        tuple(strokes_at(bar, places) + louder for bar in levels),
        tuple(notes),
        (*[True] * (BARS - 1), False),
        album.mean,
        album.loudness,
    )


def _dreamt(dreamer: Dreamer, beats: int, random: np.random.Generator) -> Floats:
    """The codes [beats, codes] of a new dream."""
    warm_up = _WARM_UP_BARS * BEATS_PER_BAR
    codes = np.zeros((max(_LAGS) + warm_up + beats, dreamer.weights.shape[1]))
    for beat in range(max(_LAGS), len(codes)):
        predicted = _regressors(codes, beat) @ dreamer.weights
        noise = dreamer.chance @ random.standard_normal(len(predicted))
        codes[beat] = np.clip(predicted + noise, *dreamer.limits)
    return codes[max(_LAGS) + warm_up :].astype(np.float32)


def _nearest(known: Floats, wanted: Floats) -> NDArray[np.intp]:
    """For each dreamt beat the nearest of the album's at the same place in the bar; codes [n, codes] of both."""
    places = known.reshape(-1, BEATS_PER_BAR, known.shape[1])
    bars: list[int] = []
    for beat, code in enumerate(wanted):
        distances = np.sum((places[:, beat % BEATS_PER_BAR] - code) ** 2, axis=1)
        for ago in _BACK_AGAIN:
            if beat >= ago:
                distances[bars[beat - ago]] *= _NEARER
        bars.append(int(distances.argmin()))
    return np.array(bars) * BEATS_PER_BAR + np.arange(len(wanted)) % BEATS_PER_BAR


def _strokes_of_beat(album: Bars, beat: int) -> Floats:
    """The levels of a beat of the album at even points in time, [_STEPS * BANDS]."""
    bar = album.strokes[beat // BEATS_PER_BAR]
    steps = beat % BEATS_PER_BAR * _STEPS + np.arange(_STEPS)
    return strokes_at(bar, steps * (len(bar) / (BEATS_PER_BAR * _STEPS))).reshape(-1)


def _notes_of_beats(album: Bars, beats: NDArray[np.intp], frames: int) -> Floats:
    """The notes of these beats of the album in bars of so many frames, [bars, frames, SEMITONES, 3]."""
    bars = []
    for four in beats.reshape(-1, BEATS_PER_BAR).tolist():
        picked = []
        for place in np.arange(frames) * (BEATS_PER_BAR / frames):
            bar, beat = divmod(four[int(place)], BEATS_PER_BAR)
            notes = album.notes[bar]
            picked.append(notes[int((beat + place % 1) / BEATS_PER_BAR * len(notes))])
        bars.append(np.stack(picked))
    return np.stack(bars)
