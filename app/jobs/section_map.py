"""The map of sections, laid out in the background from what is measured of clips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.document.excerpt import Excerpt
from app.document.model import SONG_RATE
from app.jobs.clip_measures import ClipMeasures, MeasuredSection
from app.jobs.job import Job, JobList
from app.jobs.latest import LatestOnly
from app.studio.map.section_map import LaidOut
from resources.progress import Cancelled, Report

__all__ = ["LaidOut", "SectionMaps", "excerpt_of", "nearest_to", "sections_of"]

Floats = NDArray[np.float32]


def excerpt_of(clip: str, section: MeasuredSection) -> Excerpt:
    """A measured section of a clip as a stretch of it."""
    start, end = (round(seconds * SONG_RATE) for seconds in (section.start_seconds, section.end_seconds))
    return Excerpt(clip, start, end - start)


class SectionMaps(QObject):
    """Lays out one map after the other; of those asked for meanwhile, only the last.

    Signals:
        ready(object): the `LaidOut` of all sections that were asked for.
        failed(str): why there is none, in plain words.
    """

    ready = Signal(object)
    failed = Signal(str)

    def __init__(self, folder: Path, jobs: JobList, parent: QObject) -> None:
        super().__init__(parent)
        self._folder, self._jobs = folder, jobs
        self._latest: LatestOnly[Mapping[str, ClipMeasures]] = LatestOnly(self._start, self)

    def ask(self, known: Mapping[str, ClipMeasures]) -> None:
        """Lays out all sections of these clips."""
        self._latest.ask(known)

    def _start(self, known: Mapping[str, ClipMeasures]) -> Job:
        job = self._jobs.start("Laying out the map", partial(_laid_out, self._folder, known), quiet=True)
        job.finished.connect(self.ready)
        job.failed.connect(self.failed)
        return job


def _laid_out(folder: Path, known: Mapping[str, ClipMeasures], report: Report, cancelled: Cancelled) -> LaidOut:
    from app.studio.map.laid_out import lay_out_project

    excerpts, rows = sections_of(known)
    return lay_out_project(folder, excerpts, rows, report, cancelled)


def sections_of(known: Mapping[str, ClipMeasures]) -> tuple[list[Excerpt], Floats]:
    """All sections of clips, and their features [n, features]."""
    found = [(excerpt_of(id, section), section.features) for id, each in known.items() for section in each.sections]
    rows = np.stack([features for _, features in found]) if found else np.zeros((0, 1), np.float32)
    return [excerpt for excerpt, _ in found], rows


def nearest_to(known: Mapping[str, ClipMeasures], like: Sequence[Excerpt], count: int) -> list[tuple[Excerpt, float]]:
    """The sections of clips that sound most like these stretches of clips, without themselves, the nearest first.

    Returns:
        Each with how far off it is: the root of the mean squared difference of features. None where nothing is known
        of `like`.
    """
    excerpts, rows = sections_of(known)
    wanted = [place for place, excerpt in enumerate(excerpts) if any(_overlap(excerpt, each) for each in like)]
    if not wanted:
        return []
    far = np.sqrt(np.square(rows - rows[wanted].mean(axis=0)).mean(axis=1))
    far[wanted] = np.inf
    order = np.argsort(far, kind="stable")[: min(count, len(far) - len(wanted))]
    return [(excerpts[place], float(far[place])) for place in order.tolist()]


def _overlap(section: Excerpt, other: Excerpt) -> bool:
    """Whether half of the section, or of the other where that is shorter, is in both."""
    if section.source != other.source or section.is_album != other.is_album:
        return False
    inside = min(section.offset + section.length, other.offset + other.length) - max(section.offset, other.offset)
    return inside >= min(section.length, other.length) / 2
