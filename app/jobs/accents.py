"""Accents and tempo of clips, listened for in the background as they are needed."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.document.model import Clip, Tempo
from app.document.store import ProjectFolder
from app.jobs.task_queue import TaskQueue
from resources.errors import PlainError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AccentSummary:
    """Accents and tempo of one clip.

    Attributes:
        frames: of its accents, in order, counted from its start at the rate of songs.
        weights: how strong each of them is.
        tempo: as found; None where there is no telling.
    """

    frames: tuple[int, ...] = ()
    weights: tuple[float, ...] = ()
    tempo: Tempo | None = None


class ClipAccents(QObject):
    """Remembers what was heard: a clip never changes.

    Signals (from a background thread; slots of objects that live in the window's thread run in that thread):
        ready(str): the id of a clip that has been listened to now.
    """

    ready = Signal(str)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._known: dict[str, AccentSummary] = {}
        self._queue: TaskQueue[Clip] = TaskQueue("accents", self._listen)

    def of(self, clip: Clip) -> AccentSummary | None:
        """None while it is not known yet; nothing is heard in a clip that is gone or damaged."""
        known = self._known.get(clip.id)
        if known is None:
            self._queue.put(clip)
        return known

    def close(self) -> None:
        """Ends the work in the background."""
        self._queue.close()

    def _listen(self, clip: Clip) -> None:
        if clip.id in self._known:
            return
        self._known[clip.id] = self._heard(clip)
        if not self._queue.is_closed():
            self.ready.emit(clip.id)

    def _heard(self, clip: Clip) -> AccentSummary:
        from app.studio.analysis.accents import accents_of

        try:
            accents = accents_of(self._folder / clip.file, ProjectFolder(self._folder).cache, self._queue.is_closed)
        except PlainError as error:
            log.warning("no accents of clip %s: %s", clip.id, error)
            return AccentSummary()
        return AccentSummary(tuple(accents.frames.tolist()), tuple(accents.weights.tolist()), accents.tempo)
