"""Previews: a few seconds from every checkpoint, all with one seed, to hear what has been learnt since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.document.model import Clip, Project
from app.studio.generating import generate_clips
from samplernn.errors import SoundError
from samplernn.progress import Cancelled, Report, never, no_report, stop_if

SEED = 1
SECONDS = 3.0
COLUMNS = 240
"""Of the little waveform."""


@dataclass(frozen=True, eq=False)
class Heard:
    """A clip in memory, and its waveform."""

    rate: int
    samples: NDArray[np.float32]
    lows: NDArray[np.float32]
    highs: NDArray[np.float32]


def make_preview(project: Project, folder: Path, run: str, epoch: int, cancelled: Cancelled = never) -> Clip:
    """A few seconds from a checkpoint, with the seed of all previews.

    Raises:
        UserError, SoundError: the checkpoint cannot be used, or the clip cannot be kept.
        concurrent.futures.CancelledError: once `cancelled()`; no clip is left behind.
    """
    (clip,) = generate_clips(
        project, folder, run=run, epoch=epoch, count=1, seconds=SECONDS, seed=SEED, preview=True, cancelled=cancelled
    )
    return clip


def hear(
    folder: Path, clips: Sequence[Clip], report: Report = no_report, cancelled: Cancelled = never
) -> dict[str, Heard]:
    """Reads clips of the project `folder`, by their ids; those that cannot be read are left out.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    from samplernn.sound import read_mono

    heard = {}
    for place, clip in enumerate(clips):
        stop_if(cancelled)
        report(place / len(clips), f"epoch {clip.epoch}")
        try:
            samples = read_mono(folder / clip.file, clip.rate, cancelled)
        except SoundError:
            continue
        heard[clip.id] = Heard(clip.rate, samples, *outline(samples, COLUMNS))
    return heard


def outline(samples: NDArray[np.float32], columns: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The least and the greatest of each of at most `columns` equal pieces of float32 [n]."""
    if not len(samples):
        return samples, samples
    starts = np.unique(np.linspace(0, len(samples), columns, endpoint=False).astype(int))
    return np.minimum.reduceat(samples, starts), np.maximum.reduceat(samples, starts)
