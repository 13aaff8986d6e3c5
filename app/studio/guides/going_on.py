"""Stretches of a guide from anywhere on: what goes on from a clip goes on along the guide of that clip."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from app.document.bars import seconds_of_bar
from resources.files import is_there
from samplernn.errors import SoundError
from samplernn.generation.clip_sidecar import GUIDE_SUFFIX
from samplernn.guides.guide import Guide
from samplernn.guides.guide_file import read_guide
from samplernn.guides.live_equaliser import LoopedGuide
from samplernn.guides.notes import PER_SECOND as NOTES_PER_SECOND
from samplernn.guides.strokes import PER_SECOND

_OFF_BARS = 0.02
"""By so many bars a guide may be longer or shorter than whole ones, and still keep time where it begins anew."""


def stretch_of(whole: Guide, begin: float, seconds: float) -> Guide:
    """So many seconds of a guide from `begin` on; after its end it begins anew, with no tempo where that breaks it."""
    length = len(whole.strokes) / PER_SECOND
    begin %= length
    looped = LoopedGuide(whole)
    bpm, first_bar = whole.bpm, 0.0
    if bpm is not None:
        bar = seconds_of_bar(bpm)
        bars = length / bar
        first_bar = (whole.first_bar - begin) % bar
        if begin + seconds > length and abs(bars - round(bars)) > _OFF_BARS:
            bpm = None
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


def _moments(begin: float, seconds: float, per_second: float) -> np.ndarray:
    return begin + np.arange(max(round(seconds * per_second), 1)) / per_second


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
