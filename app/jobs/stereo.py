"""Width and mono compatibility of a song, measured in the background once it has been left alone for a moment."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.document.model import Project, Song
from app.studio.audio.clip_sound import ClipSounds
from app.studio.finish.chosen import chosen_finish, name_of
from app.task_queue import TaskQueue

log = logging.getLogger(__name__)

_QUIET_MS = 300


class SongStereo(QObject):
    """Measures the song that was shown last.

    Signals (in the window's thread):
        measured(object): a `studio.stereo.Stereo`, with `correlation`, `width` and `mono_db`; None for silence.
    """

    measured = Signal(object)
    _done = Signal(object, object, object)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._wanted: Song | None = None
        self._sounds = ClipSounds(folder, ())
        self._project = Project()
        self._finish = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_QUIET_MS)
        self._pause.timeout.connect(self._begin)
        self._done.connect(self._on_done)
        self._queue: TaskQueue[Song] = TaskQueue("stereo", self._measure)

    def show(self, project: Project, song: Song) -> None:
        """Measures the mix of this song soon, if it is not the one that was measured last."""
        if song != self._wanted or name_of(chosen_finish(project, self._folder)) != self._finish:
            self._wanted, self._project = song, project
            self._finish = name_of(chosen_finish(project, self._folder))
            self._pause.start()

    def close(self) -> None:
        """Ends the work in the background."""
        self._pause.stop()
        self._wanted = None
        self._queue.close()

    @Slot()
    def _begin(self) -> None:
        if self._wanted is None:
            return
        finish = chosen_finish(self._project, self._folder)
        other = name_of(finish) != self._sounds.finish_name
        if other or {clip.id for clip in self._project.clips} - set(self._sounds):
            self._sounds = ClipSounds(self._folder, self._project.clips, finish)
        self._queue.put(self._wanted)

    def _measure(self, song: Song) -> None:
        from app.studio.audio.mix import Mixer
        from app.studio.audio.stereo import stereo_of

        def is_old() -> bool:
            return self._queue.is_closed() or self._wanted is not song or self._sounds is not sounds

        sounds = self._sounds
        sounds.prepare((part.clip for lane in song.lanes for part in lane.sections), cancelled=is_old)
        stereo = stereo_of(Mixer(song, sounds), cancelled=is_old)
        self._done.emit(song, sounds, stereo)

    @Slot(object, object, object)
    def _on_done(self, song: Song, sounds: ClipSounds, stereo: object) -> None:
        if song is self._wanted and sounds is self._sounds:
            self.measured.emit(stereo)
