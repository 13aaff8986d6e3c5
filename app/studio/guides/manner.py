"""How a guide is followed besides how closely: its strokes alone, its notes alone, how fine its notes are, and what was
drawn on it.
"""

from __future__ import annotations

import math
from dataclasses import replace

from scipy.ndimage import uniform_filter1d

from app.document.errors import UserError
from app.document.guide_choice import Fineness, GuideChoice
from app.studio.guides.touched import touched
from samplernn.guides.guide import Guide
from samplernn.guides.notes import with_lines_below
from samplernn.guides.strokes import PER_SECOND

_LINES_BELOW: dict[Fineness, float] = {"fine": math.inf, "medium": 500.0, "coarse": 0.0}
"""Hz, below which the loudest partial of each semitone stands out of it."""
_SMOOTHED_FRAMES = PER_SECOND // 2
"""What is left of strokes that are not followed is their mean over half a second."""
_RATE = 16_000
"""In Hz; levels of semitones are the same at any."""


def as_chosen(guide: Guide, choice: GuideChoice) -> Guide:
    """The guide as it is to be followed.

    Raises:
        UserError: its notes alone are to be followed, and it has none.
    """
    guide = touched(guide, choice.touches)
    if not choice.manner:
        return guide
    whole = guide.whole and _followed(guide.whole, choice)
    return replace(_followed(guide, choice), whole=whole)


def _followed(guide: Guide, choice: GuideChoice) -> Guide:
    strokes, notes = guide.strokes, guide.notes
    if choice.heed == "notes":
        if notes is None:
            raise UserError(f"“{guide.name}” has no notes to play along to.", "Follow its strokes, or another guide.")
        strokes = uniform_filter1d(strokes, _SMOOTHED_FRAMES, axis=0, mode="nearest")
    if choice.heed == "strokes":
        notes = None
    elif notes is not None and choice.fineness != "fine":
        notes = with_lines_below(notes, _RATE, _LINES_BELOW[choice.fineness])
    return replace(guide, strokes=strokes, notes=notes, has_strokes=choice.heed != "notes", manner=choice.manner)
