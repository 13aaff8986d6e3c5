"""What clips are measured against: the album's own music, looked through once and kept in the project's cache.

Clips are held against what is learnt of each track, as only that can be copied; what is held out of the learning says
how far apart sections of one album lie.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soxr

from app.document.store import ProjectFolder
from app.studio.array_cache import keep_arrays, kept_arrays
from app.studio.measures.closeness import Closeness, learn_closeness
from app.studio.measures.copies import AlbumCopies
from app.studio.measures.features import FEATURES, features_of
from app.studio.measures.landmarks import Hashes, LandmarkIndex, hashes_of, joined
from app.studio.measures.patches import SHIFT_RANGE, contrast_of, learn_basis, patches_of
from app.studio.measures.rhythm import PER_SECOND, onset_strength
from app.studio.measures.same_wave import LearntSound
from app.studio.measures.spectra import LONG_HOP, RATE, TONES, Floats, Spectra, spectra_of
from app.studio.measures.stuck import CHANGE_LIMIT, SPREAD_LIMIT, Movement, movement_of
from app.studio.measures.worse import WAYS
from resources.progress import Cancelled, Report, never, no_report, stop_if
from samplernn.audio.signal_statistics import Span
from samplernn.data.dataset import Dataset
from samplernn.data.split import regions

SECTION_SECONDS = 4.0
"""Length of the sections that are measured."""
VERSION = 4
"""Of all measures: what is kept of an older one is measured again."""
_HOP_SECONDS = 2.0
_STRETCH_SECONDS = 64.0
_MOST_SECTIONS = 4000
_NOISE_SECONDS = 16.0
_WORSE_SECONDS = 8.0
"""Of each minute of the album that is made worse."""
_LEAST_LIKE, _ABOVE_LIKE = 0.85, 0.05
"""How alike runs of patches are that are a copy, at least; and by how much more than the album repeats itself."""
_NAMES = (
    "mean", "scale", "axes", "rows", "ends", "names", "places", "patch_mean", "patch_axes", "patches", "patch_starts",
    "run_limits",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class AlbumReference:
    """What is known of an album.

    Attributes:
        key: changes whenever the prepared album does.
        closeness: where its sections lie.
        copies: all that is learnt of it.
        change, spread: how much its sections move, in the median (see `app.studio.measures.stuck.Movement`).
        change_limit, spread_limit: what its held-out music stays above: less is stuck.
    """

    key: str
    closeness: Closeness
    copies: AlbumCopies
    change: float
    spread: float
    change_limit: float
    spread_limit: float


def album_reference(folder: Path, report: Report = no_report, cancelled: Cancelled = never) -> AlbumReference:
    """Of the prepared album of the project `folder`, from the cache where the album is the same.

    Raises:
        SoundError: it has not been prepared, or is damaged.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    place = ProjectFolder(folder)
    dataset = Dataset.open(place.dataset)
    kept = _kept(place.cache, dataset)
    if kept is not None:
        return kept
    reference = reference_of(dataset, report, cancelled)
    _keep(place.cache, reference)
    return reference


def reference_key(folder: Path) -> str:
    """The `AlbumReference.key` of the prepared album of the project `folder`, without looking at its sound.

    Raises:
        SoundError: it has not been prepared, or is damaged.
    """
    return Dataset.open(ProjectFolder(folder).dataset).key


def reference_of(dataset: Dataset, report: Report = no_report, cancelled: Cancelled = never) -> AlbumReference:
    """Of a prepared album.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    learning = _Learning()
    for number, track in enumerate(dataset.tracks):
        stop_if(cancelled)
        report(0.8 * number / len(dataset.tracks), "Listening to the album")
        learning.add_track(dataset, track, cancelled)
    report(0.8, "Listening to the album")
    return learning.reference(dataset, report, cancelled)


class _Learning:
    """What is gathered of the tracks of an album, one after another."""

    def __init__(self) -> None:
        self._learnt: list[Floats] = []
        self._worse: tuple[list[Floats], ...] = tuple([] for _ in WAYS)
        self._held_out: list[Floats] = []
        self._hashes: list[Hashes] = []
        self._tones: list[Floats] = []
        self._held_tones: list[Floats] = []
        self._changes: list[Floats] = []
        self._spreads: list[Floats] = []

    def add_track(self, dataset: Dataset, track: Span, cancelled: Cancelled) -> None:
        parts = regions([track])
        tones, hashes, heard = [], [], 0.0
        for span in parts["train"]:
            for sound in _stretches(dataset, span):
                stop_if(cancelled)
                spectra = spectra_of(sound)
                self._learnt.append(features_in(sound, spectra))
                self._add_worse(sound[: round(_WORSE_SECONDS * RATE)], seed=len(self._learnt))
                self._add_movement(movement_of(spectra, sound))
                tones.append(spectra.tones[: max(len(sound) // LONG_HOP, 1)])
                hashes.append((heard, hashes_of(sound)))
                heard += len(sound) / RATE
        for part in ("valid", "test"):
            for span in parts[part]:
                for sound in _stretches(dataset, span):
                    spectra = spectra_of(sound)
                    self._held_out.append(features_in(sound, spectra))
                    self._held_tones.append(spectra.tones)
        self._hashes.append(joined(hashes))
        self._tones.append(np.concatenate([np.zeros((0, TONES), np.float32), *tones]))

    def _add_worse(self, sound: Floats, seed: int) -> None:
        for way, rows in zip(WAYS, self._worse, strict=True):
            worse = way(sound, np.random.default_rng(seed))
            rows.append(features_in(worse, spectra_of(worse)))

    def _add_movement(self, movement: Movement) -> None:
        self._changes.append(movement.change)
        self._spreads.append(movement.spread)

    def reference(self, dataset: Dataset, report: Report, cancelled: Cancelled) -> AlbumReference:
        tracks = [track.path for track in dataset.report.tracks]
        sound = LearntSound(dataset)
        noise = np.random.default_rng(0).normal(0, 0.1, round(_NOISE_SECONDS * RATE)).astype(np.float32)
        rows = np.concatenate([np.zeros((0, FEATURES), np.float32), *self._learnt])
        held_out = np.concatenate([np.zeros((0, FEATURES), np.float32), *self._held_out])
        rows = rows[:: -(-len(rows) // _MOST_SECTIONS)] if len(rows) else held_out
        worse = [np.concatenate([np.zeros((0, FEATURES), np.float32), *each]) for each in self._worse]
        closeness = learn_closeness(rows, held_out, worse, features_in(noise, spectra_of(noise)))
        stop_if(cancelled)
        patches = [patches_of(contrast_of(tones)) for tones in self._tones]
        basis = learn_basis(np.concatenate(patches))
        starts = np.cumsum([0, *map(len, patches)])
        all_rows = np.concatenate([basis.rows(patch) for patch in patches])
        limits = np.full(len(SHIFT_RANGE), _LEAST_LIKE, np.float32)
        copies = AlbumCopies(tuple(tracks), LandmarkIndex(self._hashes), basis, all_rows, starts, limits, sound)
        for number, tones in enumerate(self._held_tones):
            stop_if(cancelled)
            report(0.85 + 0.15 * number / len(self._held_tones), "Listening to the album")
            likest = [copies.runs(contrast_of(tones), shift)[0].max(initial=0.0) + _ABOVE_LIKE for shift in SHIFT_RANGE]
            limits = np.maximum(limits, np.array(likest, np.float32))
        change, spread = (_all_of(parts) for parts in (self._changes, self._spreads))
        return AlbumReference(
            dataset.key,
            closeness,
            replace(copies, run_limits=limits),
            float(np.median(change)),
            float(np.median(spread)),
            min(CHANGE_LIMIT, 0.7 * float(np.percentile(change, 0.5))),
            min(SPREAD_LIMIT, 0.7 * float(np.percentile(spread, 0.5))),
        )


def features_in(sound: Floats, spectra: Spectra) -> Floats:
    """[sections, FEATURES] of sections of four seconds, every two seconds; one of all of a shorter sound."""
    strength = onset_strength(sound)
    rows = [
        features_of(
            spectra.between(start, start + SECTION_SECONDS),
            strength[round(start * PER_SECOND) : round((start + SECTION_SECONDS) * PER_SECOND)],
        )
        for start in np.arange(0.0, max(len(sound) / RATE - SECTION_SECONDS, 0.0) + 1e-6, _HOP_SECONDS)
    ]
    return np.stack(rows)


def _all_of(parts: list[Floats]) -> Floats:
    return np.concatenate(parts) if parts else np.ones(1, np.float32)


def _stretches(dataset: Dataset, span: Span) -> Iterator[Floats]:
    """A span of the prepared sound at `RATE`, a minute at a time; what is shorter than a second is left out."""
    length = round(_STRETCH_SECONDS * dataset.rate)
    for start in range(span.start, span.stop, length):
        sound = np.array(dataset.sound[start : min(start + length, span.stop)], np.float32)
        if len(sound) >= dataset.rate:
            yield sound if dataset.rate == RATE else soxr.resample(sound, dataset.rate, RATE)


def _file(cache: Path) -> Path:
    return cache / "measures" / "album.reference"


def _kept(cache: Path, dataset: Dataset) -> AlbumReference | None:
    kept = kept_arrays(_file(cache), "key", "movement", *_NAMES)
    if kept is None or kept["key"].tobytes().decode("utf-8", "replace") != _name_of(dataset.key):
        return None
    try:
        closeness = Closeness.from_arrays(kept)
        copies = AlbumCopies.from_arrays(kept, [track.path for track in dataset.report.tracks], LearntSound(dataset))
    except ValueError:
        return None
    if kept["movement"].shape != (4,) or not np.isfinite(kept["movement"]).all():
        return None
    return AlbumReference(dataset.key, closeness, copies, *map(float, kept["movement"]))


def _keep(cache: Path, reference: AlbumReference) -> None:
    """A cache that cannot be written to is no fault."""
    movement = [reference.change, reference.spread, reference.change_limit, reference.spread_limit]
    arrays = {
        "key": np.frombuffer(_name_of(reference.key).encode(), np.uint8),
        "movement": np.array(movement),
        **reference.closeness.arrays(),
        **reference.copies.arrays(),
    }
    keep_arrays(_file(cache), arrays)


def _name_of(key: str) -> str:
    return f"{VERSION} {key}"
