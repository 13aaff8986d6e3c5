"""The finish of a project: learnt from the album when that is prepared for learning, and kept beside its cover."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soxr

from app.document.model import SONG_RATE, Album
from app.document.store import ProjectFolder
from app.studio.finish.finish import Finish, load_finish, save_finish
from app.studio.finish.learning import FinishRegression
from app.studio.finish.spectra import Floats
from resources.progress import Cancelled, Report, never, no_report, stop_if
from samplernn.audio.reading import open_sound
from samplernn.data.dataset_index import read_index
from samplernn.errors import SoundError

log = logging.getLogger(__name__)

LEARNING = "Learning the album's air and width"
_MOST_SECONDS, _LEAST_OF_A_TRACK, _MOST_OF_A_TRACK = 900.0, 20.0, 150.0
"""Of music that the finish is fitted to: more makes it no better, and the training waits for it."""
_INTRO = 30.0


def finish_of(place: Path, album: Album, report: Report = no_report, cancelled: Cancelled = never) -> Finish | None:
    """The finish of the prepared album of the project `place`; learns it where it is not known yet, and keeps it.

    Whatever goes wrong is logged and leaves the project without a finish, or without a kept one: it is no reason not
    to train. Tracks that cannot be read are left out.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`; what was kept before is still there.
    """
    folder = ProjectFolder(place)
    tracks = [Path(track.path) for track in album.tracks if track.on]
    try:
        learnt_from = _content_of(folder.dataset)
        known = load_finish(folder.finish, learnt_from)
        if known is not None:
            return known
        finish = _learnt(tracks, report, cancelled)
        if finish is not None:
            save_finish(finish, folder.finish, learnt_from)
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        log.warning("the finish of the album could not be learnt or kept: %s", error)
        return None
    return finish


def _content_of(dataset: Path) -> str:
    """Names the recordings that were prepared, in any order and at any rate.

    Raises:
        OSError, ValueError, RecursionError: nothing is prepared.
    """
    index = read_index(dataset)
    prints = sorted(index.prints) if index.prints and all(index.prints) else [index.key]
    return hashlib.sha256(" ".join(prints).encode()).hexdigest()


def _learnt(tracks: Sequence[Path], report: Report, cancelled: Cancelled) -> Finish | None:
    regression = FinishRegression()
    share = min(max(_MOST_SECONDS / max(len(tracks), 1), _LEAST_OF_A_TRACK), _MOST_OF_A_TRACK)
    for number, track in enumerate(tracks):
        report(number / len(tracks), LEARNING)
        try:
            regression.add(stereo_part(track, share, cancelled))
        except SoundError as error:
            log.warning("the finish is learnt without %s: %s", track.name, error)
        stop_if(cancelled)
    report(1.0, LEARNING)
    return regression.solve()


def stereo_part(track: Path, seconds: float, cancelled: Cancelled = never, *, intro: float = _INTRO) -> Floats:
    """So much of a track, from where its intro is over, or all of a shorter one: float32 [frames, 2] at `SONG_RATE`.

    One channel goes to both sides; of more than two, the first two are heard.

    Args:
        intro: seconds that are left out at its beginning, if it is long enough.

    Raises:
        SoundError: it cannot be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    parts: list[Floats] = []
    with open_sound(track, cancelled) as stream:
        rate = stream.info.rate
        begin = round(min(max((stream.info.seconds - seconds) / 2, 0.0), intro) * rate)
        end, at = begin + round(seconds * rate), 0
        for block in stream.blocks(cancelled):
            part = block[max(begin - at, 0) : max(end - at, 0)]
            at += len(block)
            if len(part):
                parts.append(np.repeat(part, 2, axis=1) if part.shape[1] == 1 else part[:, :2])
            if at >= end:
                break
    sound = np.concatenate(parts) if parts else np.zeros((0, 2), np.float32)
    resampled: Floats = soxr.resample(sound, rate, SONG_RATE)
    return resampled
