"""The song as something to play: the same mix that is exported."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.document.model import Clip, Project, Song
from app.jobs.task_queue import TaskQueue
from app.studio.audio.clip_sound import ClipSounds
from app.studio.audio.mix import Mixer

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
        self._open: set[str] = set()
        self._queue: TaskQueue[str] = TaskQueue("open clips", self._open_clip, at_rest=self.opened.emit)

    def source(self, project: Project, song: Song) -> Mixer:
        """The song, ready to be played."""
        if project.clips is not self._clips:
            self._clips = project.clips
            if {clip.id for clip in project.clips} - set(self._sounds):
                self._sounds = ClipSounds(self._folder, project.clips)
        self._queue.put(*(_clips_of(song) - self._open))
        return Mixer(song, self._sounds)

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with clips that cannot be played, in plain words."""
        return tuple(self._sounds.problems.values())

    def forget(self, clip: str) -> None:
        """Opens a clip anew: its file is another one now. What plays goes on, and has it as soon as it is open."""
        self._sounds.forget(clip)
        self._open.discard(clip)
        self._queue.put(clip)

    def close(self) -> None:
        """Ends the work in the background."""
        self._queue.close()

    def _open_clip(self, clip: str) -> None:
        sounds = self._sounds
        if clip in sounds:
            sounds.prepare([clip])
        self._open.add(clip)


def _clips_of(song: Song) -> set[str]:
    return {part.clip for lane in song.lanes for part in lane.sections}
