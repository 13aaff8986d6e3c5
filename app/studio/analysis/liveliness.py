"""How much goes on in a clip: detects clips that are silent or stuck.

A simple measure for choosing at random; it says nothing of beauty.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.document.model import SONG_RATE, Clip
from app.studio.audio.clip_sound import ClipSounds
from resources.progress import Cancelled, Report, never, no_report, stop_if

WINDOW = SONG_RATE // 2
"""Frames that are judged together."""
_GRAIN = 1024
_BANDS = 24
_SILENT_DB = -45.0
_STILL_DB = 1.0
"""A window whose bands move less than this about their mean is a drone or a buzz."""


@dataclass(frozen=True)
class Liveliness:
    """What is known of one clip.

    Attributes:
        loudness_db: RMS of what is not silent, in dBFS; -inf for a silent clip.
        alive: for each window of `WINDOW` frames whether something goes on there.
    """

    loudness_db: float
    alive: NDArray[np.bool_]

    @property
    def share(self) -> float:
        """Of the clip that is alive, 0..1."""
        return float(np.mean(self.alive)) if len(self.alive) else 0.0

    def share_of(self, offset: int, length: int) -> float:
        """Of the part of the clip from the frame `offset` on that is alive."""
        part = self.alive[offset // WINDOW : max(-(-(offset + length) // WINDOW), offset // WINDOW + 1)]
        return float(np.mean(part)) if len(part) else 0.0


def listen_to_clips(
    folder: Path, clips: tuple[Clip, ...], report: Report = no_report, cancelled: Cancelled = never
) -> dict[str, Liveliness]:
    """Measures clips of the project `folder`, by their ids; one that is missing or damaged counts as silent."""
    sounds = ClipSounds(folder, clips)
    heard = {}
    for place, clip in enumerate(clips):
        stop_if(cancelled)
        report(place / len(clips), f"Listening to clip {place + 1} of {len(clips)}")
        heard[clip.id] = liveliness(sounds[clip.id])
    return heard


def liveliness(sound: NDArray[np.float32]) -> Liveliness:
    """Measures mono at `SONG_RATE`; a window that is not whole counts too if it is all there is."""
    windows = max(len(sound) // WINDOW, 1 if len(sound) >= 2 * _GRAIN else 0)
    parts = [sound[place * WINDOW : (place + 1) * WINDOW] for place in range(windows)]
    power = np.array([np.mean(np.square(part, dtype=np.float64)) for part in parts])
    loud = power > 10 ** (_SILENT_DB / 10)
    alive = np.array([is_loud and _moves(part) for part, is_loud in zip(parts, loud, strict=True)], dtype=bool)
    return Liveliness(float(10 * np.log10(np.mean(power[loud]))) if loud.any() else float("-inf"), alive)


def _moves(sound: NDArray[np.float32]) -> bool:
    """Whether the spectrum of this sound changes in its course: the mean spread, in dB, of the energy of its bands."""
    grains = sound[: len(sound) // _GRAIN * _GRAIN].reshape(-1, _GRAIN) * np.hanning(_GRAIN)
    power = np.abs(np.fft.rfft(grains)) ** 2
    edges = np.unique(np.geomspace(2, power.shape[1], _BANDS + 1).astype(int))
    bands = np.add.reduceat(power[:, : edges[-1]], edges[:-1], axis=1)
    floor = bands.max() * 1e-5 + 1e-12
    return bool(np.mean(np.std(10 * np.log10(bands + floor), axis=0)) > _STILL_DB)
