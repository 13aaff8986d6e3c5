"""The album as the model heard it, any seconds of it at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from app.document.errors import UserError
from app.document.excerpt import Excerpt
from app.document.model import SONG_RATE
from app.document.store import ProjectFolder
from app.studio.audio.mono_source import MonoSource
from samplernn.data.dataset import Dataset
from samplernn.errors import SoundError


def album_sound(folder: Path, excerpt: Excerpt) -> MonoSource:
    """The seconds of a track that the excerpt tells, of the prepared album of the project in the folder.

    Raises:
        UserError: it is not prepared, or has no such track.
    """
    try:
        dataset = Dataset.open(ProjectFolder(folder).dataset)
    except SoundError as error:
        raise UserError(error.what, error.what_to_do) from error
    paths = [track.path for track in dataset.report.tracks]
    if excerpt.source not in paths:
        raise UserError("This track is not in the prepared album any more.", "Let the model learn from it first.")
    track = dataset.tracks[paths.index(excerpt.source)]
    start = track.start + excerpt.offset * dataset.rate // SONG_RATE
    stop = min(start + excerpt.length * dataset.rate // SONG_RATE, track.stop)
    return MonoSource(np.array(dataset.sound[min(start, stop) : stop]), dataset.rate)
