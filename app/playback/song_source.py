"""The song as something to play: the same mix that is exported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.document.model import Clip, Project, Song
from app.playback.player import SpooledSound, file_source
from app.studio.audio.clip_sound import ClipSounds, Sound
from app.studio.audio.mix import Mixer
from app.studio.finish.chosen import chosen_finish, name_of
from app.task_queue import TaskQueue

__all__ = ["Mixer", "SongSounds", "clip_source"]


def clip_source(project: Project, folder: Path, clip: Clip) -> SpooledSound:
    """A clip to play alone, with the finish that the project asks for.

    Raises:
        UserError: its file is gone or damaged.
    """
    finish = chosen_finish(project, folder)
    return file_source(folder / clip.file, finish.on(clip) if finish is not None else None)


class SongSounds(QObject):
    """Makes sources of songs; opens the sound of their clips in the background, so that playing never waits.

    Attributes:
        is_behind: whether the last source still has clips without the finish that the project asks for.

    Signals (from a background thread; slots of objects that live in the window's thread run in that thread):
        opened(): the sound of all clips that were wanted is open now; a new source has all of them with their finish.
    """

    opened = Signal()

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._clips: tuple[Clip, ...] = ()
        self._sounds = ClipSounds(folder, ())
        self._made = self._sounds
        """The clips as made: heard until those with their finish are open."""
        self._before = self._sounds
        """What was heard before another finish was chosen: heard until all is open again."""
        self._open: set[str] = set()
        self.is_behind = False
        self._queue: TaskQueue[str] = TaskQueue("open clips", self._open_clip, at_rest=self._on_rest)

    def source(self, project: Project, song: Song) -> Mixer:
        """The song, ready to be played, with the finish that the project asks for, as far as its clips are open."""
        finish = chosen_finish(project, self._folder)
        other = name_of(finish) != self._sounds.finish_name
        if other or project.clips is not self._clips:
            self._clips = project.clips
            if other or {clip.id for clip in project.clips} - set(self._sounds):
                self._before = self._sounds
                self._made = ClipSounds(self._folder, project.clips)
                self._sounds = ClipSounds(self._folder, project.clips, finish) if finish else self._made
                self._open = set()
        wanted = _clips_of(song)
        self._queue.put(*(wanted - self._open))
        self.is_behind = False
        if self._sounds is self._made:
            return Mixer(song, self._sounds)
        self.is_behind = any(self._sounds.if_open(id) is None for id in wanted if id in self._sounds)
        return Mixer(song, _AtHand(self._sounds, self._before, self._made, wanted))

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with clips that cannot be played, in plain words."""
        return tuple(self._sounds.problems.values())

    def forget(self, clip: str) -> None:
        """Opens a clip anew: its file is another one now. What plays goes on, and has it as soon as it is open."""
        for sounds in (self._sounds, self._made, self._before):
            sounds.forget(clip)
        self._open.discard(clip)
        self._queue.put(clip)

    def close(self) -> None:
        """Ends the work in the background."""
        self._queue.close()

    def _open_clip(self, clip: str) -> None:
        sounds = self._sounds
        try:
            sounds.prepare([clip], cancelled=lambda: self._queue.is_closed() or sounds is not self._sounds)
        finally:  # what went wrong once is not tried again and again
            if sounds is self._sounds:
                self._open.add(clip)

    def _on_rest(self) -> None:
        self._before = self._made
        self.opened.emit()


class _AtHand(Mapping[str, Sound]):
    """The sound of each clip as it was at hand when the song was asked for, so that it does not jump while it plays."""

    def __init__(self, finished: ClipSounds, before: ClipSounds, made: ClipSounds, wanted: Iterable[str]) -> None:
        self._made = made
        found = {id: finished.if_open(id) for id in wanted}
        found = {id: before.if_open(id) if sound is None else sound for id, sound in found.items()}
        self._open = {id: sound for id, sound in found.items() if sound is not None}

    def __getitem__(self, id: str) -> Sound:
        sound = self._open.get(id)
        return self._made[id] if sound is None else sound

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def _clips_of(song: Song) -> set[str]:
    return {part.clip for lane in song.lanes for part in lane.sections}
