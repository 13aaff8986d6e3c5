"""The songs as they are heard on the Export screen."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from app.document.model import SONG_RATE
from app.document.tree import song_of
from app.playback.player import Player
from app.playback.song_source import Mixer, SongSounds
from app.session.finish import finish_name
from app.session.open_project import OpenProject


class ExportSound(QObject):
    """Plays songs with the finish of the project; where another is chosen, or learnt, they go on with that.

    Attributes:
        song: the id of the song that was played last, and its source; None before.

    Signals:
        finish_changed(): songs sound otherwise than before.
    """

    finish_changed = Signal()

    def __init__(self, project: OpenProject, player: Player, parent: QObject) -> None:
        super().__init__(parent)
        self.song: tuple[str, Mixer] | None = None
        self._project, self._player = project, player
        self._finish = finish_name(project.value, project.folder)
        self._sounds = SongSounds(project.folder)
        self._sounds.opened.connect(self._on_opened)
        project.changed.connect(self._on_changed)

    @property
    def is_loaded(self) -> bool:
        """Whether the player has the song."""
        return self.song is not None and self._player.source is self.song[1]

    def play(self, id: str, fraction: float) -> None:
        """Plays a song from a place on, as a fraction of its length."""
        song = song_of(self._project.value, id)
        self.song = id, self._sounds.source(self._project.value, song)
        self._player.play(self.song[1], fraction * song.frames / SONG_RATE)

    def close(self) -> None:
        """Ends the work in the background."""
        self._sounds.close()

    def _renew(self) -> None:
        if self.song is None or not self.is_loaded:
            return
        id, value = self.song[0], self._project.value
        song = next((song for song in value.songs if song.id == id), None)
        if song is not None:
            self.song = id, self._sounds.source(value, song)
            self._player.replace(self.song[1])

    @Slot()
    def _on_opened(self) -> None:
        if self._sounds.is_behind:
            self._renew()

    @Slot()
    def _on_changed(self) -> None:
        finish = finish_name(self._project.value, self._project.folder)
        if finish != self._finish:
            self._finish = finish
            self._renew()
            self.finish_changed.emit()
