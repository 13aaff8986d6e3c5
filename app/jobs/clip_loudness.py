"""How loud clips are, measured in the background when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from app.document.model import Clip
from app.jobs.job import Job, JobList
from resources.progress import Cancelled, Report

_BLOCK = 1 << 16


class ClipLoudness(QObject):
    """Remembers what was measured: a clip never changes.

    Signals:
        measured(str): the id of a clip whose loudness is known now.
    """

    measured = Signal(str)

    def __init__(self, folder: Path, jobs: JobList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._jobs = jobs
        self._known: dict[str, float | None] = {}
        self._job: Job | None = None
        self._measuring = ""
        self._is_void = False
        """Whether the clip being measured has got another file meanwhile."""

    def of(self, clip: Clip) -> float | None:
        """Integrated loudness in LUFS, as one would hear it in the middle of the stereo image.

        None for silence, for what cannot be measured, and while it is not known; then it is measured, if nothing else
        is.
        """
        if clip.id not in self._known and self._job is None:
            self._measuring, self._is_void = clip.id, False
            self._job = self._jobs.start("Measuring", partial(_measured, self._folder, clip), quiet=True)
            self._job.finished.connect(self._on_finished)
            self._job.ended.connect(self._on_ended)
        return self._known.get(clip.id)

    def want(self, clips: Iterable[Clip]) -> bool:
        """Has the first of the clips measured that is not known yet; False where all are known."""
        unknown = next((clip for clip in clips if clip.id not in self._known), None)
        if unknown is not None:
            self.of(unknown)
        return unknown is not None

    @property
    def known(self) -> dict[str, float]:
        """LUFS of the clips that could be measured, by id."""
        return {id: loudness for id, loudness in self._known.items() if loudness is not None}

    def forget(self, clip: str) -> None:
        """Its file is another one now."""
        self._known.pop(clip, None)
        self._is_void = self._is_void or clip == self._measuring

    @Slot(object)
    def _on_finished(self, loudness: float | None) -> None:
        if not self._is_void:
            self._known[self._measuring] = loudness

    @Slot()
    def _on_ended(self) -> None:
        self._job = None
        # what has failed is not tried again
        self._known.setdefault(self._measuring, None)
        self.measured.emit(self._measuring)


def _measured(folder: Path, clip: Clip, report: Report, cancelled: Cancelled) -> float | None:
    from app.studio.audio.clip_sound import ClipSounds
    from app.studio.audio.loudness import integrated, measure

    sound = ClipSounds(folder, [clip])[clip.id]
    in_the_middle = np.sqrt(np.float32(0.5))

    def blocks() -> Iterator[NDArray[np.float32]]:
        for start in range(0, len(sound), _BLOCK):
            if cancelled():
                raise CancelledError
            yield np.repeat(sound[start : start + _BLOCK, None] * in_the_middle, 2, axis=1)

    loudness = integrated([measure(blocks(), true_peak=False)])
    return loudness if np.isfinite(loudness) else None
