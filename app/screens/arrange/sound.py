"""What is heard on the Arrange screen: the song, or a clip of the list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Signal, Slot

from app.document.errors import UserError
from app.document.model import SONG_RATE, Song
from app.document.tree import clip_of
from app.playback.player import Player, Source, SpooledSound
from app.playback.song_source import SongSounds, clip_source
from app.session.finish import finish_name
from app.session.open_project import OpenProject
from app.widgets.clips.clip_list import ClipList
from app.widgets.timeline.view import TimelineView


class ArrangeSound(QObject):
    """Keeps the player, the playhead and the clip that is marked as playing in step.

    The song is what the transport plays while the screen is shown; an edit is heard at once. A clip from the list
    takes its place until the song is played again.

    Signals:
        problem(str): what cannot be played, in plain words.
    """

    problem = Signal(str)

    def __init__(
        self, project: OpenProject, player: Player, timeline: TimelineView, clips: ClipList, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._project = project
        self._player = player
        self._state = timeline.state
        self._clips = clips
        self._sounds = SongSounds(project.folder)
        self._finish = finish_name(project.value, project.folder)
        self._song = Song(id="")
        self._source: Source | None = None
        self._clip = ""
        self._clip_source: SpooledSound | None = None
        self._loops: dict[str, tuple[int, int]] = {}
        self._playheads: dict[str, int] = {}
        self._told: set[str] = set()
        self._shown = False
        self._is_moving_it = False
        self._sounds.opened.connect(self._on_opened)
        project.changed.connect(self._on_changed)
        player.position_changed.connect(self._on_position)
        player.state_changed.connect(self._on_state)
        player.loop_changed.connect(self._on_loop)
        player.source_changed.connect(self._on_source)
        timeline.seek_asked.connect(self.seek)
        timeline.scrub_asked.connect(self.scrub)
        timeline.loop_asked.connect(self.loop)
        clips.play_asked.connect(self.toggle_clip)
        clips.play_from_asked.connect(self.play_clip)

    # the song

    def show_song(self, song: Song) -> None:
        """Takes over the song as it is now; where it plays, it goes on as edited."""
        if song is self._song:
            return
        other = song.id != self._song.id
        if other and self._song.id:
            self._playheads[self._song.id] = self._state.playhead
        self._song = song
        self._renew(other)

    def _renew(self, other: bool = False) -> None:
        """Makes the source of the song anew; `other` where it is another song than before."""
        song = self._song
        fresh = self._sounds.source(self._project.value, song) if song.id else None
        was_ours = self._is_ours()
        self._source = fresh
        if other:
            self._state.set_playhead(self._playheads.get(song.id, 0))
            self._state.set_loop(self._loops.get(song.id))
        if fresh is None:
            if was_ours:
                self._player.pause()
        elif was_ours and not other:
            self._player.replace(fresh)
        elif was_ours or (self._shown and not self._player.is_playing):
            self._load()

    def play_song(self, start: int | None = None) -> None:
        """Plays the song from a frame on, or from the playhead."""
        if self._source is None:
            return
        if start is None:
            start = self._state.playhead
        if start >= self._source.frames:
            start = 0
        self._player.play(self._source, start / SONG_RATE, self._loop_seconds())

    def seek(self, frame: int) -> None:
        """Puts the playhead somewhere else, playing or not."""
        self._state.set_playhead(frame)
        if self._is_ours():
            with self._moving_it():
                self._player.seek(frame / SONG_RATE)
        elif not self._player.is_playing:
            self._load()

    def move_on(self, frame: int) -> None:
        """Moves the playhead to where the work goes on, unless the song plays."""
        if not (self._player.is_playing and self._is_ours()):
            self.seek(frame)

    def scrub(self, frame: int) -> None:
        """Moves the playhead and plays a moment of the song there."""
        self._state.set_playhead(frame)
        if not self._is_ours():
            self._load()
        if self._is_ours():
            with self._moving_it():
                self._player.scrub(frame / SONG_RATE)

    def play_part(self, start: int, end: int) -> None:
        """Plays the song between two frames, once."""
        if self._source is not None:
            self._player.play_part(self._source, start / SONG_RATE, end / SONG_RATE)

    def audition(self, start: int, end: int) -> None:
        """Plays a part, unless something else, or the song as a whole, is playing."""
        if self._shown and (not self._player.is_playing or (self._is_ours() and self._player.is_playing_part)):
            self.play_part(max(start, 0), end)

    def loop(self, loop: tuple[int, int] | None) -> None:
        """Repeats the song from one frame to another; None to end that."""
        if not self._is_ours():
            self._load()
        self._player.set_loop((loop[0] / SONG_RATE, loop[1] / SONG_RATE) if loop else None)

    # clips

    @property
    def is_playing(self) -> bool:
        """Whether anything plays: the song, a clip, or what is heard elsewhere."""
        return self._player.is_playing

    @property
    def playing_clip(self) -> str:
        """The clip of the list that plays, or ""."""
        plays = self._player.is_playing and self._player.source is self._clip_source
        return self._clip if plays else ""

    def toggle_clip(self, clip: str) -> None:
        """Plays a clip from its start, or stops it."""
        if clip and self.playing_clip == clip:
            self._player.pause()
        else:
            self.play_clip(clip)

    def play_clip(self, clip: str, fraction: float = 0.0) -> None:
        """Plays a clip from a place on, as a fraction of its length."""
        record = clip_of(self._project.value, clip)
        before = self._clip_source
        try:
            if self._clip != clip or before is None:
                self._clip_source = clip_source(self._project.value, self._project.folder, record)
        except UserError as error:
            self.problem.emit(str(error))
            return
        self._clip = clip
        assert self._clip_source is not None
        self._player.play(self._clip_source, fraction * record.seconds)
        if before is not None and before is not self._clip_source:
            before.close()

    def forget_clip(self, clip: str) -> None:
        """Reads the file of a clip anew, because it is another one now."""
        self._sounds.forget(clip)
        if clip == self._clip:
            self._clip_source = None

    # the screen

    def enter(self) -> None:
        """The screen is shown now."""
        self._shown = True
        if not self._player.is_playing:
            self._load()

    def leave(self) -> None:
        """Another screen is shown now."""
        self._shown = False

    def close(self) -> None:
        """Closes the files that are open."""
        self._sounds.close()
        if self._clip_source is not None:
            self._clip_source.close()

    # what the player says

    def _is_ours(self) -> bool:
        return self._source is not None and self._player.source is self._source

    def _load(self) -> None:
        if self._source is not None:
            with self._moving_it():
                self._player.load(self._source, self._state.playhead / SONG_RATE)
            self._player.set_loop(self._loop_seconds())

    @contextmanager
    def _moving_it(self) -> Iterator[None]:
        """Inside a `with`, the player does not move the playhead, which may lie beyond the end of the song."""
        self._is_moving_it = True
        try:
            yield
        finally:
            self._is_moving_it = False

    def _loop_seconds(self) -> tuple[float, float] | None:
        loop = self._loops.get(self._song.id)
        return (loop[0] / SONG_RATE, loop[1] / SONG_RATE) if loop else None

    @Slot(float)
    def _on_position(self, seconds: float) -> None:
        if self._is_ours():
            if not self._is_moving_it:
                self._state.set_playhead(round(seconds * SONG_RATE), playing=self._player.is_playing)
        elif self._player.source is self._clip_source and self._clip_source is not None:
            self._show_clip(seconds)

    def _show_clip(self, seconds: float) -> None:
        playing = self._player.is_playing and self._player.source is self._clip_source
        length = self._player.length
        self._clips.show_playing(self._clip if playing else "", seconds / length if length else 0.0)

    @Slot()
    def _on_state(self) -> None:
        self._show_clip(self._player.position)

    @Slot()
    def _on_source(self) -> None:
        self._show_clip(self._player.position)

    @Slot()
    def _on_loop(self) -> None:
        if not self._is_ours():
            return
        loop = self._player.loop
        if loop is None:
            self._loops.pop(self._song.id, None)
        else:
            self._loops[self._song.id] = (round(loop[0] * SONG_RATE), round(loop[1] * SONG_RATE))
        self._state.set_loop(self._loops.get(self._song.id))

    @Slot()
    def _on_changed(self) -> None:
        """Another finish may have been chosen, or learnt."""
        finish = finish_name(self._project.value, self._project.folder)
        if finish != self._finish:
            self._finish = finish
            self._renew()
            if self._clip_source is not None and self._player.source is not self._clip_source:
                self._clip_source.close()
                self._clip_source = None
            elif self._clip_source is not None:
                self._renew_clip()

    def _renew_clip(self) -> None:
        """Has the clip that is loaded go on with another finish."""
        playing, at = self._player.is_playing, self._player.position
        id, self._clip = self._clip, ""
        length = clip_of(self._project.value, id).seconds
        if playing:
            self.play_clip(id, at / length if length else 0.0)
        else:
            self._clip_source = None
            self._load()

    @Slot()
    def _on_opened(self) -> None:
        if self._sounds.is_behind:
            self._renew()
        for words in self._sounds.problems:
            if words not in self._told:
                self._told.add(words)
                self.problem.emit(words)
