"""The song as something to play: the same mix that is exported."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.document.model import Clip, Project, Song
from app.studio.clip_sound import ClipSounds
from app.studio.mix import Mixer

log = logging.getLogger(__name__)

__all__ = ["Mixer", "SongSounds"]


class SongSounds(QObject):
    """Makes sources of songs; opens the sound of their clips in the background, so that playing never waits.

    Signals (from a background thread; slots of objects that live in the window's thread run in that thread):
        opened(): the sound of all clips that were wanted is open now.
    """

    opened = Signal()

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._clips: tuple[Clip, ...] = ()
        self._sounds = ClipSounds(folder, ())
        self._wanted: set[str] = set()
        self._open: set[str] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    def source(self, project: Project, song: Song) -> Mixer:
        """The song, ready to be played."""
        if project.clips is not self._clips:
            self._clips = project.clips
            if {clip.id for clip in project.clips} - set(self._sounds):
                self._sounds = ClipSounds(self._folder, project.clips)
        self._want(part.clip for lane in song.lanes for part in lane.sections)
        return Mixer(song, self._sounds)

    def is_open(self, song: Song) -> bool:
        """Whether all its clips are open, so that it plays at once."""
        return {part.clip for lane in song.lanes for part in lane.sections} <= self._open

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with clips that cannot be played, in plain words."""
        return tuple(self._sounds.problems.values())

    def close(self) -> None:
        """Ends the work in the background."""
        with self._lock:
            self._closed = True
            self._wanted.clear()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _want(self, clips: Iterable[str]) -> None:
        with self._lock:
            self._wanted.update(set(clips) - self._open)
            if self._wanted and self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._work, name="open clips", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._wanted:
                    self._thread = None
                    break
                clip = self._wanted.pop()
                sounds = self._sounds
            if clip in sounds:
                sounds.prepare([clip])
            self._open.add(clip)
        if not self._closed:
            self.opened.emit()
