"""The demo band's drums for a beat that is drawn: what its strokes are heard as before any model plays them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from app.document.pattern import Stroke
from app.studio.demo import sounds

_SEED = 7
_LEVEL = 0.6
"""Of the loudest stroke: three at once are not cut off."""
_HIGH_LEVEL = 0.4
_FADE = 441
"""Frames in which each sound ends."""

Kit = Mapping[Stroke, NDArray[np.float32]]
"""For each stroke its sound [n], mono at `SONG_RATE`."""


def beat_kit() -> Kit:
    """A bass drum for low strokes, a snare drum for mid and a closed hi-hat for high ones."""
    noise = np.random.default_rng(_SEED)
    drums: dict[Stroke, sounds.Sound] = {
        "low": sounds.kick(noise),
        "mid": sounds.snare(noise),
        "high": _HIGH_LEVEL * sounds.cymbal(0.12, 0.028, 6500, noise),
    }
    return {stroke: _ended(_LEVEL * sound).astype(np.float32) for stroke, sound in drums.items()}


def _ended(sound: sounds.Sound) -> sounds.Sound:
    ended = sound.copy()
    ended[-_FADE:] *= np.linspace(1, 0, _FADE)
    return ended
