"""Freeing sound of its offset: what a mean beside zero, or a slow drift, takes away from the room that sound has.

A model that has learnt little plays around another level than zero. Where a section of such a clip begins, that would
be heard as a thump, and it eats loudness. Clips themselves stay what the model made: others go on from them.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from app.document.model import SONG_RATE
from app.studio.torch_import import wait_for_torch

Sound = NDArray[np.float32]

LOWEST_HZ = 7.0
"""At 30 Hz, 0.03 dB are lost."""
_EDGE_SECONDS = 0.5
"""The sound is mirrored by so much at both ends, so that the filter has settled where it begins."""
_PIECE = 1 << 20


def without_offset(sound: Sound, rate: int = SONG_RATE) -> Sound:
    """The same sound, mono float32 [n], without what lies below 7 Hz.

    A Butterworth filter of second order, once forwards and once backwards, so that nothing is delayed: what is filtered
    as a whole can be cut anywhere.
    """
    from scipy.signal import sosfilt, sosfilt_zi

    wait_for_torch()
    if not len(sound):
        return sound
    sections, edge = _high_pass(rate), round(_EDGE_SECONDS * rate)
    settled = sosfilt_zi(sections)
    padded = np.pad(sound, edge, mode="reflect")
    for heard in (padded, padded[::-1]):
        state = settled * np.mean(heard[:edge], dtype=np.float64)
        for start in range(0, len(heard), _PIECE):
            piece = heard[start : start + _PIECE].astype(np.float64)
            heard[start : start + _PIECE], state = sosfilt(sections, piece, zi=state)
    free: Sound = padded[edge : len(padded) - edge]
    return free


@cache
def _high_pass(rate: int) -> NDArray[np.float64]:
    from scipy.signal import butter

    wait_for_torch()
    sections: NDArray[np.float64] = butter(2, LOWEST_HZ, "highpass", fs=rate, output="sos")
    return sections
