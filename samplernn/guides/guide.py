"""A guide: what a clip is to play along to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from samplernn.errors import SoundError
from samplernn.guides.notes import SEMITONES
from samplernn.guides.strokes import BANDS, Floats


@dataclass(frozen=True, slots=True, eq=False)
class Guide:
    """How loud each band is at each moment of a clip, and which notes sound.

    Raises:
        SoundError: strokes of another form, or with numbers that are none.
    """

    strokes: Floats
    """[frames, 20] in dB, 250 a second; as they end, so they go on."""
    name: str
    """What the artist calls it."""
    notes: Floats | None = None
    """[frames, 62, 3], see `samplernn.guides.notes`; None for strokes alone: the model finds notes of its own."""
    follow: float = 1.0
    """How closely it is played, 0..1."""
    bpm: float | None = None
    """Beats a minute, the first bar at its beginning; None where nothing is known."""

    def __post_init__(self) -> None:
        strokes = self.strokes
        if strokes.ndim != 2 or strokes.shape[1] != BANDS or not len(strokes) or not np.isfinite(strokes).all():
            raise SoundError(f"The guide “{self.name}” is damaged.", "Choose another one.")
        notes = self.notes
        if notes is not None and (notes.shape[1:] != (SEMITONES, 3) or not len(notes) or not np.isfinite(notes).all()):
            raise SoundError(f"The guide “{self.name}” is damaged.", "Choose another one.")
        if not 0.0 <= self.follow <= 1.0:
            raise SoundError("How closely a guide is followed lies between 0 and 1.")
