"""Where the guides of clips come from: the album's own bars in a new order, or any recording."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from app.document.errors import UserError
from app.document.store import ProjectFolder
from app.studio.guides.bars import Bars, kept_bars
from app.studio.guides.choice import GuideChoice
from app.studio.guides.recut import loudness, recut
from resources.progress import Cancelled, Report, never, no_report
from samplernn.audio.downmix import MonoSound
from samplernn.audio.reading import at_rate, heard_in_mono
from samplernn.guides.guide import Guide
from samplernn.guides.strokes import PER_SECOND, Floats, strokes_of

RECUT_NAME = "the album, cut anew"

_SHORTEST_SECONDS = 1.0
_HEARD_DB = 50.0
"""What of a recording lies no further below its loudest moment than this has its mean moved to the album's."""
_SILENT_DB = -75.0
_RATE = 16_000


def guides_for(
    place: ProjectFolder,
    choice: GuideChoice,
    seconds: float,
    seeds: Sequence[int],
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> tuple[Guide, ...]:
    """A guide for each clip of these seeds; none at all where the choice is none.

    An album that has too few bars to be cut anew gives none either.

    Raises:
        UserError: a recording that is silent or shorter than a second.
        SoundError: a recording that cannot be read, or an album that was never prepared.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    if choice.source == "none":
        return ()
    bars = kept_bars(place, report, cancelled)
    if choice.source == "recording":
        if choice.recording is None:
            raise UserError("No recording was chosen to play along to.", "Choose a sound file.")
        guide = guide_of_recording(choice.recording, seconds, bars, choice.follow, cancelled)
        return (guide,) * len(seeds)
    made = [recut(bars, seconds, seed) for seed in seeds]
    return tuple(Guide(each.strokes, RECUT_NAME, choice.follow, each.tempo.bpm) for each in made if each is not None)


def guide_of_recording(
    path: Path, seconds: float, album: Bars, follow: float = 1.0, cancelled: Cancelled = never
) -> Guide:
    """The strokes of a recording, again and again for `seconds`, around the mean levels of the album;
    around its own where nothing is known of the album.

    Raises:
        UserError: it is silent, or shorter than a second.
        SoundError: it cannot be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    most = round(seconds * _RATE)

    def hear(sound: MonoSound) -> Floats:
        def blocks() -> Iterator[Floats]:
            left = most
            for block in at_rate((mixed for _, mixed in sound.blocks(cancelled)), sound.info.rate, _RATE):
                if left > 0:
                    yield block[:left]
                left -= len(block)
                if left <= 0 and sound.info.channels == 1:  # of several channels, all of the file is to be known
                    break

        return strokes_of(blocks(), _RATE)

    strokes = heard_in_mono(path, hear, cancelled)
    if len(strokes) < min(_SHORTEST_SECONDS, seconds) * PER_SECOND:
        raise UserError(f"“{path.name}” is shorter than a second, too short to play along to.", "Choose another file.")
    levels = strokes.max(axis=1)
    if levels.max() < _SILENT_DB:
        raise UserError(f"“{path.name}” is silent: there is nothing to play along to.", "Choose another file.")
    there = levels > levels.max() - _HEARD_DB
    moved = strokes if album.mean is None else strokes - strokes[there].mean(axis=0) + album.mean
    if album.mean is not None:
        moved += np.float32(album.loudness - loudness(moved[there]))
    again = np.resize(moved, (max(round(seconds * PER_SECOND), 1), moved.shape[1]))
    return Guide(again.astype(np.float32), path.name, follow)
