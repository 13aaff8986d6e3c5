"""Excerpts heard: single ones at once, and many one after the other, crossfaded."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from app.document.edits.excerpts import add_song_of
from app.document.errors import UserError
from app.document.excerpt import Excerpt
from app.document.tree import clip_of
from app.playback.album_source import album_source
from app.playback.player import Player, Source, SpooledSound
from app.playback.song_source import SongSounds, clip_source
from app.session.finish import finish_name
from app.session.open_project import OpenProject

_MOST_OPEN = 8
"""Clips that stay open: whoever goes to and fro among a few hears each at once."""


class ExcerptSound(QObject):
    """Plays excerpts by the player of the window, which they take over from the song.

    Signals:
        changed(): something else plays, or nothing.
        problem(str): what cannot be played, in plain words.
    """

    changed = Signal()
    problem = Signal(str)

    def __init__(self, project: OpenProject, player: Player, parent: QObject) -> None:
        super().__init__(parent)
        self._project, self._player = project, player
        self._open: dict[tuple[str, str], SpooledSound] = {}
        """By the id of a clip and the name of its finish; the one heard last is the last."""
        self._songs = SongSounds(project.folder)
        self._source: Source | None = None
        self._heard: tuple[Excerpt, ...] = ()
        self._told: tuple[Excerpt, ...] = ()
        player.state_changed.connect(self._tell)
        player.source_changed.connect(self._tell)

    @property
    def is_playing(self) -> bool:
        """Whether what plays is from here."""
        return self._source is not None and self._player.source is self._source and self._player.is_playing

    @property
    def playing(self) -> Excerpt | None:
        """The single excerpt that plays."""
        return self._heard[0] if self.is_playing and len(self._heard) == 1 else None

    @property
    def last(self) -> Excerpt | None:
        """The single excerpt that was heard last, whether it still plays or not."""
        return self._heard[0] if len(self._heard) == 1 else None

    def toggle(self, excerpt: Excerpt) -> None:
        """Plays an excerpt from its start, or stops it."""
        if self.playing == excerpt:
            self.stop()
        else:
            self.play(excerpt)

    def play(self, excerpt: Excerpt) -> None:
        """Plays an excerpt from its start to its end."""
        try:
            source, start = self._opened(excerpt)
        except (UserError, KeyError) as error:
            self.problem.emit(str(error) if isinstance(error, UserError) else "This clip is not in the project.")
            return
        self._heard, self._source = (excerpt,), source
        seconds = excerpt.seconds[1] - excerpt.seconds[0]
        self._player.play_part(source, start, start + seconds)
        self._tell()

    def play_path(self, excerpts: Sequence[Excerpt]) -> None:
        """Plays excerpts of clips one after the other, as the song of them sounds."""
        value = add_song_of(self._project.value, excerpts)
        self._source = self._songs.source(value, value.songs[-1])
        self._heard = tuple(excerpts)
        self._player.play(self._source)
        self._tell()

    def stop(self) -> None:
        """Stops what is heard from here."""
        if self.is_playing:
            self._player.pause()

    def close(self) -> None:
        """Closes the files that are open."""
        self._songs.close()
        for sound in self._open.values():
            sound.close()
        self._open.clear()

    def _opened(self, excerpt: Excerpt) -> tuple[Source, float]:
        """A source, and the second in it at which the excerpt begins."""
        if excerpt.is_album:
            return album_source(self._project.folder, excerpt), 0.0
        key = excerpt.source, finish_name(self._project.value, self._project.folder)
        sound = self._open.pop(key, None)
        if sound is None:
            clip = clip_of(self._project.value, excerpt.source)
            sound = clip_source(self._project.value, self._project.folder, clip)
        self._open[key] = sound
        while len(self._open) > _MOST_OPEN:
            oldest = next(iter(self._open))
            self._open.pop(oldest).close()
        return sound, excerpt.seconds[0]

    @Slot()
    def _tell(self) -> None:
        heard = self._heard if self.is_playing else ()
        if heard != self._told:
            self._told = heard
            self.changed.emit()
