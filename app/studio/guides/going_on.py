"""Stretches of a guide from anywhere on: what goes on from a clip goes on along the guide of that clip."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.document.bars import seconds_of_bar
from app.document.model import FASTEST_BPM, SLOWEST_BPM
from app.studio.guides.repeating import bpm_repeated
from resources.files import is_there
from samplernn.errors import SoundError
from samplernn.generation.clip_sidecar import GUIDE_SUFFIX
from samplernn.guides.guide import Guide
from samplernn.guides.guide_file import read_guide
from samplernn.guides.live_equaliser import LoopedGuide
from samplernn.guides.notes import PER_SECOND as NOTES_PER_SECOND
from samplernn.guides.strokes import PER_SECOND


def stretch_of(whole: Guide, begin: float, seconds: float) -> Guide:
    """So many seconds of a guide from `begin` on; after its end it begins anew, with no tempo where that breaks it, or
    where no song has such a tempo.
    """
    length = len(whole.strokes) / PER_SECOND
    begin %= length
    looped = LoopedGuide(whole)
    known = whole.bpm if whole.bpm is not None and SLOWEST_BPM <= whole.bpm <= FASTEST_BPM else None
    bpm = bpm_repeated(known, length, begin + seconds)
    first_bar = 0.0 if known is None else (whole.first_bar - begin) % seconds_of_bar(known)
    return replace(
        whole,
        strokes=looped.strokes(_moments(begin, seconds, PER_SECOND), 0.0),
        notes=looped.notes(_moments(begin, seconds, NOTES_PER_SECOND)),
        bpm=bpm,
        first_bar=first_bar,
        parts=(),
        whole=whole,
        begin=begin,
    )


def _moments(begin: float, seconds: float, per_second: float) -> NDArray[np.float64]:
    """The times of frames, [one at least], in seconds."""
    return begin + np.arange(max(round(seconds * per_second), 1)) / per_second


def is_guide_file(path: Path) -> bool:
    """Whether a file is taken for the guide of a clip, by its ending."""
    return path.suffix.lower() == GUIDE_SUFFIX


def guide_of_file(path: Path, seconds: float, follow: float) -> Guide:
    """So many seconds of the guide of a clip, from the beginning of that clip on.

    Raises:
        SoundError: the file cannot be read, or is none.
    """
    whole = read_guide(path)
    return replace(stretch_of(replace(whole, begin=0.0), whole.begin, seconds), follow=follow)


def guide_from(sound: Path, at: float, seconds: float) -> Guide | None:
    """What goes on at so many seconds of a clip in the guide that it plays along to, for so many seconds; None where it
    plays along to nothing, or its guide was not kept, or is damaged.

    Args:
        sound: the file of the clip.
    """
    path = sound.with_suffix(GUIDE_SUFFIX)
    if not is_there(path):
        return None
    try:
        whole = read_guide(path)
    except SoundError:
        return None
    return stretch_of(replace(whole, begin=0.0), whole.begin + at, seconds)
