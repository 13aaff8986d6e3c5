"""Measures of clips, worked out in the background: what is known is told at once, the rest by a signal."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from app.document.model import Clip
from app.jobs.clip_lookup import ClipLookup
from app.studio.measures.measured import ClipMeasures, CopiedStretch, MeasuredSection, Stuck
from app.studio.measures.taste import hints_of, taste_of
from resources.errors import PlainError

if TYPE_CHECKING:
    from app.studio.measures.album import AlbumReference

__all__ = ["ClipMeasures", "ClipMeasuring", "CopiedStretch", "MeasuredSection", "Stuck", "hints_of", "taste_of"]

log = logging.getLogger(__name__)


class ClipMeasuring(ClipLookup[Clip]):
    """Remembers what was measured: a clip never changes.

    Signals (from the thread):
        ready(str): the id of a clip that is known now, or that cannot be measured.
        failed(str): why nothing can be measured, in a plain sentence: the album has not been prepared.
    """

    failed = Signal(str)

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "measures", self._measure)
        self._known: dict[str, ClipMeasures] = {}
        self._album: AlbumReference | None = None

    def of(self, clip: Clip) -> ClipMeasures | None:
        """None while it is not known yet; then it is measured next. A clip that is gone or damaged has no sections."""
        known = self._known.get(clip.id)
        if known is None:
            self._queue.put(clip)
        return known

    def want(self, clips: Iterable[Clip]) -> None:
        """Has all of these measured that are not known yet, the first of them first."""
        self._queue.put(*(clip for clip in reversed(list(clips)) if clip.id not in self._known))

    @property
    def known(self) -> Mapping[str, ClipMeasures]:
        """Of all clips that are known, by id."""
        return dict(self._known)

    def forget(self, clip: str) -> None:
        """Its file is another one now."""
        self._known.pop(clip, None)

    def _measure(self, clip: Clip) -> None:
        if clip.id in self._known:
            return
        album = self._reference()
        if album is not None:
            self._known[clip.id] = self._measured(clip, album)
            self._tell(clip)

    def _measured(self, clip: Clip, album: AlbumReference) -> ClipMeasures:
        from app.studio.measures.kept import measures_of_clip

        try:
            return measures_of_clip(self._folder, clip, album, self._queue.is_closed)
        except PlainError as error:
            log.warning("no measures of clip %s: %s", clip.id, error)
            return ClipMeasures()

    def _reference(self) -> AlbumReference | None:
        """Of the album as it is prepared now; what was measured beside another one is forgotten."""
        from app.studio.measures.album import album_reference, reference_key

        try:
            if self._album is None or self._album.key != reference_key(self._folder):
                self._known.clear()
                self._album = album_reference(self._folder, cancelled=self._queue.is_closed)
        except PlainError as error:
            log.info("no measures: %s", error)
            self._album = None
            if not self._queue.is_closed():
                self.failed.emit(str(error))
        return self._album
