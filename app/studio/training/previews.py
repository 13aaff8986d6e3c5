"""Previews: some seconds from every checkpoint, all with one seed, to hear what has been learnt since. Those of a
network that takes guides play along to the album, cut anew, as its clips will: all to the same.

The first comes with the first checkpoint of a run, which is saved after a minute; the others come after each epoch.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from app.document.model import SONG_RATE, Clip, Project
from app.studio.audio.dc_offset import without_offset
from app.studio.finish.chosen import ChosenFinish
from app.studio.generation.generate import ClipRequest, generate_clips
from app.studio.generation.usual_guide import usual_guide
from resources.errors import in_plain_words
from resources.progress import Cancelled, Report, never, no_report, stop_if
from samplernn.errors import SoundError
from samplernn.training.events import EpochEnd, Event, Finished, Note, Saved, Started

log = logging.getLogger(__name__)

SEED = 1
SECONDS = 10.0
"""Of a preview; older ones have three."""
COLUMNS = 240
"""Of the little waveform."""
_SHARE = 0.1
"""Of the time since the last preview: one that would cost more is left out."""


@dataclass(frozen=True)
class Preview:
    """One was made, or could not be."""

    seconds: float
    """That making it took."""
    clip: Clip | None


@dataclass(frozen=True, eq=False)
class PreviewSound:
    """A preview in memory, and its waveform."""

    rate: int
    samples: NDArray[np.float32]
    """[n] as made, or [n, 2] at `SONG_RATE` with its finish."""
    lows: NDArray[np.float32]
    highs: NDArray[np.float32]


def with_previews(
    events: Iterable[Event], project: Callable[[], Project], folder: Path, stopped: Cancelled
) -> Iterator[Event | Preview]:
    """The events of a training, and previews among them; one that fails or is stopped never ends the learning.

    Args:
        project: gives the document as it is by then.
    """
    spared, run = _Spared(), ""
    due: _Due | None = None
    for event in events:
        yield event
        match event:
            case Started():
                run = event.run
            case Saved() if not _has_previews(project(), run):
                due = _Due(run, event.epoch, early=True)
            case EpochEnd():
                due = _Due(run, event.epoch, early=False)
        if due is not None and (isinstance(event, Finished) or spared.allows()):
            yield from _previewed(project(), folder, due, spared, stopped)
            due = None


@dataclass(frozen=True)
class _Due:
    """The checkpoint that a preview is to be made from."""

    run: str
    epoch: int
    early: bool
    """Its epoch has not ended yet."""


def _has_previews(project: Project, run: str) -> bool:
    return any(clip.preview and clip.run == run for clip in project.clips)


def _previewed(
    project: Project, folder: Path, due: _Due, spared: _Spared, stopped: Cancelled
) -> Iterator[Note | Preview]:
    clip = None
    began = time.monotonic()
    try:
        clip = make_preview(project, folder, due.run, due.epoch, early=due.early, cancelled=stopped)
    except CancelledError:
        pass
    except Exception as error:  # whatever it is, hours of learning are worth more than ten seconds to hear
        log.exception("the preview of epoch %d failed", due.epoch)
        ours = f"The preview of epoch {due.epoch} could not be made; the learning goes on. The log has the details."
        if not spared.is_failing:  # told once, not after every epoch
            yield Note(in_plain_words(error) or ours)
        spared.is_failing = True
    else:
        spared.is_failing = False
    spared.spend(time.monotonic() - began)
    yield Preview(spared.cost, clip)


class _Spared:
    """Keeps previews to a small share of the time: one that would cost more is left out."""

    def __init__(self) -> None:
        self._since = time.monotonic()
        self.cost = 0.0
        """Seconds that the last one took."""
        self.is_failing = False
        """Whether the last one could not be made, and that has been told."""

    def allows(self) -> bool:
        return self.cost <= _SHARE * (time.monotonic() - self._since)

    def spend(self, seconds: float) -> None:
        self._since, self.cost = time.monotonic(), seconds


def make_preview(
    project: Project, folder: Path, run: str, epoch: int, *, early: bool = False, cancelled: Cancelled = never
) -> Clip:
    """Some seconds from a checkpoint, with the seed of all previews, and along to the guide of all where its network
    takes any and the album has bars.

    Args:
        early: the epoch has not ended yet.

    Raises:
        UserError, SoundError: the checkpoint cannot be used, or the clip cannot be kept.
        concurrent.futures.CancelledError: once `cancelled()`; no clip is left behind.
    """
    request = ClipRequest(
        run=run,
        epoch=epoch,
        count=1,
        seconds=SECONDS,
        seed=SEED,
        guide=usual_guide(folder, run, epoch),
        preview=True,
        early=early,
    )
    (clip,) = generate_clips(project, folder, request, cancelled=cancelled)
    return clip


def read_previews(
    folder: Path,
    clips: Sequence[Clip],
    finish: ChosenFinish | None = None,
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> dict[str, PreviewSound]:
    """Reads clips of the project `folder`, by their ids, freed of their offset; those that cannot be read are left out.

    Args:
        finish: what is put on them; their waveforms stay as made.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    from samplernn.audio.reading import read_mono

    heard = {}
    for place, clip in enumerate(clips):
        stop_if(cancelled)
        report(place / len(clips), f"epoch {clip.epoch}")
        try:
            samples = without_offset(read_mono(folder / clip.file, clip.rate, cancelled), clip.rate)
        except SoundError:
            continue
        rate, sound = clip.rate, samples
        finishing = finish.on(clip) if finish is not None else None
        if finishing is not None:
            mono = soxr.resample(samples, clip.rate, SONG_RATE, quality="VHQ")
            rate, sound = SONG_RATE, finishing.process(mono, 0, 0, len(mono))
        heard[clip.id] = PreviewSound(rate, sound, *outline(samples, COLUMNS))
    return heard


def outline(samples: NDArray[np.float32], columns: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The least and the greatest of each of at most `columns` equal pieces of float32 [n]."""
    if not len(samples):
        return samples, samples
    starts = np.unique(np.linspace(0, len(samples), columns, endpoint=False).astype(int))
    return np.minimum.reduceat(samples, starts), np.maximum.reduceat(samples, starts)
