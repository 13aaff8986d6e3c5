"""The album's own sections among those of clips: some of each track, as the model heard them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from app.document.excerpt import Excerpt
from app.document.model import SONG_RATE
from app.document.store import ProjectFolder
from app.studio.measures.album import SECTION_SECONDS, AlbumReference, features_in
from app.studio.measures.spectra import RATE, spectra_of
from resources.progress import Cancelled, never, stop_if
from samplernn.data.dataset import Dataset
from samplernn.errors import SoundError

Floats = NDArray[np.float32]
_MOST = 120
"""Sections of an album: enough to show where it lies among the clips."""


def album_excerpts(folder: Path) -> tuple[Excerpt, ...]:
    """Sections spread evenly over the prepared album of the project; none where it is not prepared."""
    try:
        dataset = Dataset.open(ProjectFolder(folder).dataset)
    except SoundError:
        return ()
    length = round(SECTION_SECONDS * SONG_RATE)
    found = []
    for track, told in zip(dataset.tracks, dataset.report.tracks, strict=True):
        frames = track.length * SONG_RATE // dataset.rate
        found += [Excerpt(told.path, start, length, is_album=True) for start in range(0, frames - length + 1, length)]
    every = max(-(-len(found) // _MOST), 1)
    return tuple(found[every // 2 :: every])


def features_of_album(
    folder: Path, excerpts: Sequence[Excerpt], album: AlbumReference, cancelled: Cancelled = never
) -> Floats:
    """Float32 [n, FEATURES] of sections of the prepared album, in the units of those of clips.

    Raises:
        SoundError: it is not prepared, or is damaged.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    dataset = Dataset.open(ProjectFolder(folder).dataset)
    starts = {told.path: track for track, told in zip(dataset.tracks, dataset.report.tracks, strict=True)}
    rows = []
    for excerpt in excerpts:
        stop_if(cancelled)
        start = starts[excerpt.source].start + excerpt.offset * dataset.rate // SONG_RATE
        sound = np.array(dataset.sound[start : start + excerpt.length * dataset.rate // SONG_RATE])
        if dataset.rate != RATE:
            sound = soxr.resample(sound, dataset.rate, RATE)
        rows.append(features_in(sound, spectra_of(sound))[:1])
    found: Floats = album.closeness.standardised(np.concatenate(rows))
    return found
