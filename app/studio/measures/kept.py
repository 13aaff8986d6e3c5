"""The measures of clips in the project's cache: a clip never changes, and is measured once for each album."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.document.model import Clip
from app.document.store import ProjectFolder
from app.studio.array_cache import keep_arrays_of, kept_arrays_of
from app.studio.measures.album import VERSION, AlbumReference
from app.studio.measures.clip import measure_clip
from app.studio.measures.features import FEATURES
from app.studio.measures.measured import ClipMeasures, CopiedStretch, MeasuredSection, Stuck
from app.studio.measures.stuck import KINDS
from resources.progress import Cancelled, never
from samplernn.data.dataset import Dataset
from samplernn.errors import SoundError

_KIND, _BITS_KIND = "measures", "bits"
_COLUMNS = ("start_seconds", "seconds", "closeness", "moving", "pulse", "tempo", "loudness", "brightness", "dc")
_UNKNOWN = -1.0


def measures_of(path: Path, cache_folder: Path, album: AlbumReference, cancelled: Cancelled = never) -> ClipMeasures:
    """The measures of a clip's file, from the cache where neither it nor the album has changed since.

    Raises:
        SoundError: where the file is gone or holds no sound that can be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    measures = _kept(path, cache_folder, album.key, album.copies.tracks)
    if measures is None:
        measures = measure_clip(path, album, cancelled)
        with contextlib.suppress(SoundError):
            keep_arrays_of(path, cache_folder, _KIND, _arrays(measures, album))
    bits = kept_bits(path, cache_folder)
    return measures if bits is None else with_bits(measures, bits)


def measures_of_clip(folder: Path, clip: Clip, album: AlbumReference, cancelled: Cancelled = never) -> ClipMeasures:
    """What is known of a clip of the project `folder`, its guide, if any, taken into account.

    Raises:
        SoundError: where the file is gone or holds no sound that can be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    measures = measures_of(folder / clip.file, ProjectFolder(folder).cache, album, cancelled)
    return measures.along_guide() if clip.guide else measures


def kept_measures(folder: Path, clips: Iterable[Clip]) -> dict[str, ClipMeasures]:
    """What is kept of clips of the project `folder`, by their ids: nothing is listened to, and nothing worked out.

    Those that have not been measured beside the album as it is prepared now are left out, as are those that are gone.
    Bits, and what a guide makes of a loop, are left out, too.
    """
    place = ProjectFolder(folder)
    try:
        dataset = Dataset.open(place.dataset)
    except SoundError:
        return {}
    tracks = [track.path for track in dataset.report.tracks]
    found: dict[str, ClipMeasures] = {}
    for clip in clips:
        with contextlib.suppress(SoundError):
            if (measures := _kept(folder / clip.file, place.cache, dataset.key, tracks)) is not None:
                found[clip.id] = measures
    return found


def with_bits(measures: ClipMeasures, bits: NDArray[np.floating]) -> ClipMeasures:
    """The same with the bits of each section; as it was where they are of other sections."""
    if len(bits) != len(measures.sections):
        return measures
    sections = (replace(one, bits=float(value)) for one, value in zip(measures.sections, bits, strict=True))
    return replace(measures, sections=tuple(sections))


def keep_bits(path: Path, cache_folder: Path, bits: NDArray[np.float32]) -> None:
    """Keeps the bits per sample of each section of a clip."""
    with contextlib.suppress(SoundError):
        keep_arrays_of(path, cache_folder, _BITS_KIND, {"bits": bits})


def kept_bits(path: Path, cache_folder: Path) -> NDArray[np.float32] | None:
    """What `keep_bits` kept; None where there is nothing.

    Raises:
        SoundError: where the clip is gone.
    """
    kept = kept_arrays_of(path, cache_folder, _BITS_KIND, "bits")
    if kept is None or kept["bits"].ndim != 1 or not np.isfinite(kept["bits"]).all():
        return None
    bits: NDArray[np.float32] = kept["bits"].astype(np.float32)
    return bits


def _arrays(measures: ClipMeasures, album: AlbumReference) -> dict[str, NDArray[Any]]:
    sections, stuck = measures.sections, measures.stuck
    rows = [[getattr(one, name) for name in _COLUMNS] for one in sections]
    table = np.array([[_UNKNOWN if value is None else value for value in row] for row in rows], np.float64)
    numbers = {track: number for number, track in enumerate(album.copies.tracks)}
    copied = [_copied_row(one.copied, numbers) for one in sections]
    features = np.stack([one.features for one in sections]) if sections else np.zeros((0, FEATURES), np.float32)
    return {
        "made": _made_for(album.key),
        "table": table.reshape(-1, len(_COLUMNS)),
        "copied": np.array(copied, np.float64).reshape(-1, 4),
        "features": features,
        "stuck": np.array([] if stuck is None else [KINDS.index(stuck.kind), stuck.from_seconds, stuck.to_seconds]),
    }


def _copied_row(copied: CopiedStretch | None, numbers: dict[str, int]) -> list[float]:
    if copied is None:
        return [_UNKNOWN, 0.0, 0.0, 0.0]
    return [numbers[copied.track], copied.track_seconds, copied.clip_seconds, copied.seconds]


def _made_for(album: str) -> NDArray[np.uint8]:
    """Names the album of this key, and the version of the measures."""
    return np.frombuffer(hashlib.sha256(f"{VERSION} {album}".encode()).digest(), np.uint8)


def _kept(path: Path, cache_folder: Path, album: str, tracks: Sequence[str]) -> ClipMeasures | None:
    """Args: album: its key. tracks: the paths of its tracks, in their order."""
    kept = kept_arrays_of(path, cache_folder, _KIND, "made", "table", "copied", "features", "stuck")
    if kept is None or not np.array_equal(kept["made"], _made_for(album)):
        return None
    table, copied, features, stuck = (kept[name] for name in ("table", "copied", "features", "stuck"))
    count = len(table)
    if table.shape != (count, len(_COLUMNS)) or copied.shape != (count, 4) or features.shape != (count, FEATURES):
        return None
    if not all(np.isfinite(part).all() for part in (table, copied, features, stuck)) or stuck.shape not in ((0,), (3,)):
        return None
    if np.any(copied[:, 0] >= len(tracks)) or (len(stuck) and not 0 <= stuck[0] < len(KINDS)):
        return None
    sections = [_section(*row, tracks) for row in zip(table, copied, features, strict=True)]
    found = Stuck(KINDS[int(stuck[0])], float(stuck[1]), float(stuck[2])) if len(stuck) else None
    return ClipMeasures(tuple(sections), found)


def _section(
    row: NDArray[np.float64], copied: NDArray[np.float64], features: NDArray[np.float32], tracks: Sequence[str]
) -> MeasuredSection:
    values = dict(zip(_COLUMNS, map(float, row), strict=True))
    tempo = values.pop("tempo")
    stretch = CopiedStretch(tracks[int(copied[0])], *map(float, copied[1:])) if copied[0] >= 0 else None
    return MeasuredSection(**values, tempo=tempo if tempo > 0 else None, features=features, copied=stretch)
