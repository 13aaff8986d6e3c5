"""Accents and tempo of clips, listened for in the background as they are needed."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from app.document.model import Clip, Tempo
from app.document.store import ProjectFolder
from app.jobs.clip_lookup import ClipLookup
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


class ClipAccents(ClipLookup[Clip]):
    """Remembers what was heard: a clip never changes."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "accents", self._listen)
        self._known: dict[str, AccentSummary] = {}

    def of(self, clip: Clip) -> AccentSummary | None:
        """None while it is not known yet; nothing is heard in a clip that is gone or damaged."""
        known = self._known.get(clip.id)
        if known is None:
            self._queue.put(clip)
        return known

    def _listen(self, clip: Clip) -> None:
        if clip.id not in self._known:
            self._known[clip.id] = self._heard(clip)
            self._tell(clip)

    def _heard(self, clip: Clip) -> AccentSummary:
        from app.studio.analysis.accents import accents_of

        try:
            accents = accents_of(self._folder / clip.file, ProjectFolder(self._folder).cache, self._queue.is_closed)
        except PlainError as error:
            log.warning("no accents of clip %s: %s", clip.id, error)
            return AccentSummary()
        return AccentSummary(tuple(accents.frames.tolist()), tuple(accents.weights.tolist()), accents.tempo)
