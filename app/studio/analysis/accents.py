"""Analysis of a clip: onset strength, accents and tempo, kept in the cache beside its peaks.

A clip is listened to once. What is damaged or out of date in the cache is made again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.document.clip_names import clip_name
from app.document.errors import UserError
from app.document.model import FASTEST_BPM, SLOWEST_BPM, SONG_RATE, Clip, Tempo
from app.document.store import ProjectFolder
from app.studio.analysis.onsets import RATE, STEPS_PER_SECOND, Strength, accents_in, strength_of_blocks
from app.studio.analysis.tempo import tempo_of
from app.studio.array_cache import keep_arrays_of, kept_arrays_of
from resources.progress import Cancelled, Report, never, no_report, stop_if
from samplernn.audio.reading import mono_blocks, open_sound

_KIND, _VERSION = "accents", 1


@dataclass(frozen=True)
class Accents:
    """What is heard in one clip.

    Attributes:
        strength: onset strength, see `onsets`.
        moments: seconds of the accents, in order.
        weights: how strong each of them is.
        tempo: None where there is no telling.
    """

    strength: Strength
    moments: NDArray[np.float32]
    weights: NDArray[np.float32]
    tempo: Tempo | None

    @property
    def frames(self) -> NDArray[np.int64]:
        """The accents in frames of a song."""
        return np.round(self.moments.astype(np.float64) * SONG_RATE).astype(np.int64)


def accents_of_strength(strength: Strength) -> Accents:
    """The accents and the tempo that an onset strength shows."""
    moments, weights = accents_in(strength)
    return Accents(strength, moments, weights, tempo_of(strength))


def accents_of(path: Path, cache_folder: Path, cancelled: Cancelled = never) -> Accents:
    """What is heard in a sound file, from the cache where the file has not changed since.

    Raises:
        SoundError: where the file holds no sound that can be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    kept = _kept(path, cache_folder)
    if kept is not None:
        return kept
    with open_sound(path) as stream:
        strength = strength_of_blocks(mono_blocks(stream.blocks(cancelled), stream.info.rate, RATE))
    heard = accents_of_strength(strength)
    _keep(path, cache_folder, heard)
    return heard


def listen_to(
    folder: Path, clips: Iterable[Clip], report: Report = no_report, cancelled: Cancelled = never
) -> dict[str, Accents]:
    """What is heard in clips of the project `folder`, by their ids.

    Raises:
        UserError: where one of them is missing.
        SoundError: where one is damaged.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    wanted = {clip.id: clip for clip in clips}
    heard = {}
    for number, clip in enumerate(wanted.values()):
        stop_if(cancelled)
        report(number / len(wanted), f"Listening to clip {number + 1} of {len(wanted)}")
        if not (folder / clip.file).exists():
            raise UserError(f"The clip {clip_name(clip)} is missing.", "Locate it in Arrange, or put its file back.")
        heard[clip.id] = accents_of(folder / clip.file, ProjectFolder(folder).cache, cancelled)
    return heard


def _kept(path: Path, cache_folder: Path) -> Accents | None:
    kept = kept_arrays_of(path, cache_folder, _KIND, "facts", "strength", "moments", "weights")
    if kept is None:
        return None
    facts, strength = kept["facts"].astype(np.float64), kept["strength"].astype(np.float32)
    moments, weights = kept["moments"].astype(np.float32), kept["weights"].astype(np.float32)
    sound = facts.shape == (3,) and strength.ndim == moments.ndim == 1 and moments.shape == weights.shape
    if not sound or facts[0] != _VERSION or not all(_are_numbers(part) for part in (facts, strength, moments, weights)):
        return None
    longest = (len(strength) + 2) / STEPS_PER_SECOND
    if len(moments) and (np.any(np.diff(moments) <= 0) or moments[0] < 0 or moments[-1] > longest):
        return None
    knows_tempo = SLOWEST_BPM <= facts[1] <= FASTEST_BPM and facts[2] >= 0
    tempo = Tempo(bpm=float(facts[1]), first_beat=float(facts[2])) if knows_tempo else None
    return Accents(strength, moments, weights, tempo)


def _keep(path: Path, cache_folder: Path, heard: Accents) -> None:
    """A cache that cannot be written to is no fault."""
    tempo = (heard.tempo.bpm, heard.tempo.first_beat) if heard.tempo is not None else (0.0, 0.0)
    arrays = {
        "facts": np.array([_VERSION, *tempo]), "strength": heard.strength.astype(np.float16),
        "moments": heard.moments, "weights": heard.weights,
    }  # fmt: skip
    keep_arrays_of(path, cache_folder, _KIND, arrays)


def _are_numbers(values: NDArray[np.float32] | NDArray[np.float64]) -> bool:
    return bool(np.isfinite(values).all())
