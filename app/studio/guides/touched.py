"""Guides that were drawn on by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.document.guide_touches import GUIDE_BANDS, MOST_DB, STEPS_PER_SECOND, Touches
from samplernn.guides.framing import Floats
from samplernn.guides.guide import Guide
from samplernn.guides.strokes import PER_SECOND

_FRAMES = PER_SECOND // STEPS_PER_SECOND
"""Frames of strokes in a step."""


def touched(guide: Guide, touches: Touches) -> Guide:
    """The guide with what was drawn on it: its strokes louder or softer; its notes stay. What it is a stretch of has
    the same at the same moments.
    """
    if not touches:
        return guide
    strokes: Floats = guide.strokes + drawn_levels(touches, len(guide.strokes))
    return replace(guide, strokes=strokes, whole=guide.whole and _touched_from(guide.whole, guide.begin, touches))


def _touched_from(whole: Guide, begin: float, touches: Touches) -> Guide:
    first = round(begin * PER_SECOND)
    strokes = whole.strokes.copy()
    strokes[first:] += drawn_levels(touches, max(len(strokes) - first, 0))
    return replace(whole, strokes=strokes)


def drawn_levels(touches: Touches, frames: int) -> Floats:
    """By how much each band is louder, [frames, 20] in dB; what was drawn behind the end is left out."""
    steps = -(-frames // _FRAMES)
    levels = np.zeros((steps, GUIDE_BANDS), np.float32)
    for touch in touches:
        for step, band in touch.cells:
            if step < steps:
                levels[step, band] += touch.db
    return np.repeat(np.clip(levels, -MOST_DB, MOST_DB), _FRAMES, axis=0)[:frames]
