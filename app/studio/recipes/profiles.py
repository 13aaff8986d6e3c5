"""How clips sound from window to window: their measures as recipes ask for them, and the notes that stand out."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.document.model import SONG_RATE, Clip
from app.studio.analysis.liveliness import WINDOW
from app.studio.measures.album import album_reference
from app.studio.measures.kept import measures_of_clip
from app.studio.measures.measured import ClipMeasures
from app.studio.measures.spectra import RATE, TONES, TONES_PER_SECOND, TONES_PER_SEMITONE, spectra_of
from app.studio.recipes.material import Profile
from resources.progress import Cancelled, Report, between, never, no_report, stop_if
from samplernn.audio.reading import mono_blocks, open_sound
from samplernn.errors import SoundError

log = logging.getLogger(__name__)

Floats = NDArray[np.float32]

_NOTES = 12
_FIRST_NOTE = 9
"""Tones begin at an A; chroma begins at C."""
_LEAST_DB = -70.0


def profiles_of(
    folder: Path,
    clips: Sequence[Clip],
    report: Report = no_report,
    cancelled: Cancelled = never,
    *,
    with_chroma: bool = False,
) -> dict[str, Profile]:
    """The profiles of clips of the project `folder`, by their ids, but for those that are missing or damaged; none
    where the album has not been prepared.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    try:
        album = album_reference(folder, between(report, 0.0, 0.3), cancelled)
    except SoundError as error:
        log.info("clips are not measured: %s", error)
        return {}
    found: dict[str, Profile] = {}
    for number, clip in enumerate(clips):
        stop_if(cancelled)
        report(0.3 + 0.7 * number / len(clips), f"Measuring clip {number + 1} of {len(clips)}")
        path = folder / clip.file
        try:
            measures = measures_of_clip(folder, clip, album, cancelled)
            if measures.sections:
                chroma = chroma_of_file(path, clip.frames, cancelled) if with_chroma else None
                found[clip.id] = profile_of(measures, clip, chroma)
        except SoundError as error:
            log.info("%s is not measured: %s", clip.id, error)
    return found


def profile_of(measures: ClipMeasures, clip: Clip, chroma: Floats | None = None) -> Profile:
    """The profile of a clip that has sections: each window has what its section has."""
    windows = max(clip.frames // WINDOW, 1)
    middles = (np.arange(windows) + 0.5) * WINDOW / SONG_RATE
    starts = np.array([section.start_seconds for section in measures.sections])
    at = np.maximum(np.searchsorted(starts, middles, side="right") - 1, 0)
    moving = np.array([section.moving for section in measures.sections], np.float32)[at]
    shut, stuck = np.zeros(windows, bool), measures.stuck
    if stuck is not None:
        shut |= _touched(stuck.from_seconds, stuck.to_seconds, windows)
    for copied in {section.copied for section in measures.sections if section.copied is not None}:
        shut |= _touched(copied.clip_seconds, copied.clip_seconds + copied.seconds, windows)
    return Profile(
        features=np.stack([section.features for section in measures.sections])[at],
        chroma=np.zeros((windows, _NOTES), np.float32) if chroma is None else chroma,
        closeness=np.array([section.closeness for section in measures.sections], np.float32)[at],
        shut=shut,
        moving=moving,
    )


def _touched(begin: float, end: float, windows: int) -> NDArray[np.bool_]:
    """The windows that a stretch of seconds reaches into."""
    places = np.arange(windows) * WINDOW / SONG_RATE
    return (places < end) & (places + WINDOW / SONG_RATE > begin)


def chroma_of_file(path: Path, frames: int, cancelled: Cancelled = never) -> Floats:
    """As `chroma_of` the sound of a clip.

    Raises:
        SoundError: where the file holds no sound that can be read.
    """
    with open_sound(path, cancelled) as stream:
        blocks = list(mono_blocks(stream.blocks(cancelled), stream.info.rate, RATE))
    return chroma_of(np.concatenate([np.zeros(0, np.float32), *blocks]), frames)


def chroma_of(sound: Floats, frames: int) -> Floats:
    """Float32 [windows, 12]: how far each note from C on stands out of the mean of all twelve, in each window of a clip
    of so many frames at `SONG_RATE`; each row of length one.

    Args:
        sound: of the clip, mono float32 [n] at 16 kHz, n > 0.
    """
    power = 10 ** (np.maximum(spectra_of(sound).tones, _LEAST_DB) / 10)
    whole = TONES // TONES_PER_SEMITONE // _NOTES * _NOTES
    semitones = power[:, : whole * TONES_PER_SEMITONE].reshape(len(power), whole, TONES_PER_SEMITONE).sum(axis=2)
    notes = np.roll(semitones.reshape(len(power), -1, _NOTES).sum(axis=1), _FIRST_NOTE, axis=1)
    windows = max(frames // WINDOW, 1)
    edges = np.round(np.arange(windows) * WINDOW / SONG_RATE * TONES_PER_SECOND).astype(int)
    sums = np.add.reduceat(notes, np.minimum(edges, len(notes) - 1), axis=0)
    levels = np.log(sums + 1e-9)
    levels -= levels.mean(axis=1, keepdims=True)
    rows: Floats = (levels / np.maximum(np.linalg.norm(levels, axis=1, keepdims=True), 1e-6)).astype(np.float32)
    return rows
