"""A guide: the envelopes and notes that a clip is brought to while it is generated.

Most networks know nothing of it: `samplernn.guides.equaliser` filters what they play. Those with a `guide_predictor`
are conditioned on it, too: `samplernn.guides.conditioning`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from samplernn.errors import SoundError
from samplernn.guides.framing import Floats
from samplernn.guides.notes import PEAK, PLACE, REST, SEMITONES
from samplernn.guides.strokes import BANDS

_MOST_DB, _HIGHEST_HZ = 300.0, 1e6
"""No level is further from 0 dB, and no partial lies higher."""


@dataclass(frozen=True, slots=True, eq=False)
class Guide:
    """How loud each band is over the time of a clip, and which notes sound.

    Raises:
        SoundError: strokes or notes of another shape, or with levels that no sound has; `follow` out of its range.
    """

    strokes: Floats
    """[frames, 20] in dB, 250 a second, see `samplernn.guides.strokes`; a longer clip holds the last frame."""
    name: str
    """What the artist calls it."""
    notes: Floats | None = None
    """[frames, 62, 3], see `samplernn.guides.notes`; None for strokes alone."""
    follow: float = 1.0
    """How closely it is followed, 0..1: all gains in dB are multiplied by it."""
    bpm: float | None = None
    """Tempo; None where it is not known."""
    first_bar: float = 0.0
    """Seconds from the beginning to a bar; it counts where the tempo is known."""
    parts: tuple[tuple[str, float], ...] = ()
    """The names of its parts, some of which may come back, and how many seconds each lasts; none where it has none."""
    has_strokes: bool = True
    """Whether strokes are played; where not, they are smooth levels, which tell a network how loud it is to be."""
    manner: str = ""
    """How else than closely it is followed, as one would say it: “strokes only”; "" for strokes and fine notes."""
    whole: Guide | None = None
    """What this is a stretch of: what goes on from a clip goes on along it. After its end it begins anew. None where
    this is all there is."""
    begin: float = 0.0
    """Where this begins in `whole`, in seconds."""

    def __post_init__(self) -> None:
        strokes = self.strokes
        if strokes.ndim != 2 or strokes.shape[1] != BANDS or not len(strokes) or not _are_levels(strokes):
            raise SoundError(f"The guide “{self.name}” is damaged.", "Choose another one.")
        notes = self.notes
        if notes is not None and (
            notes.shape[1:] != (SEMITONES, 3)
            or not len(notes)
            or not _are_levels(notes[:, :, (PEAK, REST)])
            or not (np.abs(notes[:, :, PLACE]) <= _HIGHEST_HZ).all()
        ):
            raise SoundError(f"The guide “{self.name}” is damaged.", "Choose another one.")
        if not 0.0 <= self.follow <= 1.0:
            raise SoundError("How closely a guide is followed lies between 0 and 1.")


def _are_levels(levels: Floats) -> bool:
    """Whether sound can be so loud and so soft, in dB; False for what is no number."""
    return bool((np.abs(levels) <= _MOST_DB).all())
