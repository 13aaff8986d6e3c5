"""What is done with whole songs on the Arrange screen: order, gaps, lanes, what is dropped on them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Slot

from app.document.edits.copies import copy_to_song, move_to_song
from app.document.edits.sections import place_clips_behind
from app.document.edits.songs import (
    add_lane,
    add_song,
    duplicate_song,
    move_song,
    mute_lane,
    remove_lane,
    remove_song,
    set_lane_gain,
    set_lane_pan,
    set_song_gap,
    solo_lane,
)
from app.document.going_back import sections_come, song_changed
from app.document.model import Lane, Project
from app.document.tree import song_of
from app.screens.arrange.context import ArrangeContext, ArrangePart
from app.screens.arrange.levels import SectionLevels
from app.widgets.songs.album_flow import AlbumFlow

_LANES = 3


class SongActions(ArrangePart):
    """Songs and their lanes.

    Args:
        choose: shows a song.
    """

    def __init__(
        self, context: ArrangeContext, flow: AlbumFlow, levels: SectionLevels, choose: Callable[[str], None]
    ) -> None:
        super().__init__(context)
        self._flow = flow
        self._levels = levels
        self._choose = choose
        context.project.stepped.connect(self._look_where_it_changed)
        self._make_actions()
        self._connect_flow()
        self._connect_lanes()

    def _make_actions(self) -> None:
        keys = self._keys
        keys.anywhere("Add a song", self.add, "Ctrl+Shift+N")
        keys.anywhere("Duplicate song", self.duplicate_shown, "Ctrl+Shift+D")
        keys.anywhere("Show the song before", lambda: self._step(-1), "Ctrl+PgUp")
        keys.anywhere("Show the next song", lambda: self._step(1), "Ctrl+PgDown")
        keys.anywhere("Add a lane", self.add_lane, "Ctrl+L")
        keys.anywhere("Remove this lane", lambda: self._on_lane(self.remove_lane), "Ctrl+Shift+L")
        keys.anywhere("Mute this lane", lambda: self._on_lane(self._toggle_mute), "Alt+U")
        keys.anywhere("Solo this lane", lambda: self._on_lane(self._toggle_solo), "Alt+O")

    def _connect_flow(self) -> None:
        flow, project = self._flow, self._project
        flow.add_asked.connect(self.add)
        flow.move_asked.connect(lambda song, to: project.edit("Move song", move_song, song, to))
        flow.duplicate_asked.connect(self.duplicate)
        flow.remove_asked.connect(lambda song: project.edit("Delete song", remove_song, song))
        flow.gap_asked.connect(self._set_gap)
        flow.gap_let_go.connect(self._levels.let_go)
        flow.clips_asked.connect(self._place_on)
        self._timeline.mouse.song_at = flow.song_at
        self._timeline.over_song.connect(flow.show_target)
        self._timeline.to_song_asked.connect(self.move_chosen_to)

    def _connect_lanes(self) -> None:
        heads, levels = self._timeline.headers, self._levels
        heads.mute_asked.connect(self.mute_lane)
        heads.solo_asked.connect(self.solo_lane)
        heads.pan_asked.connect(lambda lane, pan: levels.set_lane("Lane pan", set_lane_pan, lane, pan))
        heads.gain_asked.connect(lambda lane, gain: levels.set_lane("Lane gain", set_lane_gain, lane, gain))
        heads.let_go.connect(levels.let_go)
        heads.remove_asked.connect(self.remove_lane)
        heads.add_asked.connect(self.add_lane)

    # songs

    @property
    def _song(self) -> str:
        return self._state.song.id

    @Slot(object, object)
    def _look_where_it_changed(self, before: Project, after: Project) -> None:
        """Shows the song that undo or redo has changed."""
        song = song_changed(before, after, self._song)
        if song and song != self._song:
            self._choose(song)
            self._state.select(sections_come(before, song_of(after, song)))

    def add(self) -> None:
        """Adds a song and shows it."""
        self._project.edit("Add song", lambda value: add_song(value, lanes=_LANES))
        self._choose(self._project.value.songs[-1].id)

    def duplicate_shown(self) -> None:
        """Duplicates the song that is shown."""
        if self._song:
            self.duplicate(self._song)

    def duplicate(self, song: str) -> None:
        """Puts a copy of a song behind it and shows that."""
        self._project.edit("Duplicate song", duplicate_song, song)
        songs = [known.id for known in self._project.value.songs]
        self._choose(songs[songs.index(song) + 1])

    def move_chosen_to(self, song: str, copies: bool = False) -> None:
        """Takes what is selected, or copies of it, to the end of another song, and goes there."""
        ids = [part.id for part in self._state.chosen()]
        end = song_of(self._project.value, song).frames
        if copies:
            value, fresh = copy_to_song(self._project.value, ids, song, end)
            self._project.put("Copy to another song", value)
            ids = list(fresh)
        else:
            self._project.edit("Move to another song", move_to_song, ids, song, end)
        self._choose(song)
        self._state.select(ids)
        self._timeline.setFocus()

    def _place_on(self, song: str, clips: tuple[str, ...]) -> None:
        """Clips dropped on the card of a song go behind all that is there."""
        if song:
            name = "Place clip" if len(clips) == 1 else "Place clips"
            self._project.edit(name, place_clips_behind, song, clips)

    def _set_gap(self, song: str, seconds: float) -> None:
        usual = self._project.value.release.gap_seconds
        gap = None if abs(seconds - usual) < 1e-6 else seconds
        self._project.put("Gap", set_song_gap(self._project.value, song, gap), gesture=("gap", song, self._levels.drag))

    def _step(self, way: int) -> None:
        songs = [song.id for song in self._project.value.songs]
        if self._song in songs:
            self._choose(songs[(songs.index(self._song) + way) % len(songs)])

    # lanes

    def add_lane(self) -> None:
        """Adds a lane below the others."""
        if self._song:
            self._project.edit("Add lane", add_lane, self._song)

    def remove_lane(self, lane: str) -> None:
        """Removes a lane with its sections."""
        self._project.edit("Remove lane", remove_lane, lane)

    def mute_lane(self, lane: str, on: bool) -> None:
        """Mutes a lane, or no longer."""
        self._project.edit("Mute lane" if on else "Mute lane off", mute_lane, lane, on)

    def solo_lane(self, lane: str, on: bool) -> None:
        """Lets only this lane, and others that are solo, be heard; or no longer."""
        self._project.edit("Solo lane" if on else "Solo lane off", solo_lane, lane, on)

    def _toggle_mute(self, lane: str) -> None:
        self.mute_lane(lane, not self._lane().mute)

    def _toggle_solo(self, lane: str) -> None:
        self.solo_lane(lane, not self._lane().solo)

    def lane(self) -> Lane | None:
        """That of the first selected section, or the one clicked last, or the first; None where there are none."""
        return self._lane() if self._state.song.lanes else None

    def _lane(self) -> Lane:
        lanes = self._state.song.lanes
        chosen = self._state.chosen()
        if chosen:
            return next(lane for lane in lanes if chosen[0] in lane.sections)
        return lanes[min(self._state.current_lane or 0, len(lanes) - 1)]

    def _on_lane(self, does: Callable[[str], None]) -> None:
        if self._state.song.lanes:
            does(self._lane().id)
