"""Clips onto the lanes of the song that is shown: at the playhead, or behind all that is there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from app.document.edits.excerpts import place_excerpts, place_excerpts_on_new_lane
from app.document.edits.sections import place_clips, place_clips_on_new_lane
from app.document.excerpt import Excerpt
from app.document.going_back import sections_come
from app.document.model import Project
from app.document.tree import clip_of
from app.screens.arrange.context import ArrangeContext, ArrangePart
from app.screens.arrange.songs import SongActions


class ClipPlacing(ArrangePart):
    """Places clips as sections; where there is no song yet, it begins one."""

    def __init__(self, context: ArrangeContext, songs: SongActions) -> None:
        super().__init__(context)
        self._songs = songs

    def edit(self, name: str, change: Callable[[Project], Project]) -> None:
        """Makes an edit of the song that is shown, and selects the sections that it adds."""
        before = self._project.value
        self._project.edit(name, change)
        added = sections_come(before, self._state.song)
        if added:
            self._state.select(added)

    def place_at_playhead(self, clips: list[str]) -> None:
        """Puts clips at the playhead, on the first lane that has room for them there, or on a new one."""
        if not self._state.song.id:
            self._songs.add()
        value, song, start = self._project.value, self._state.song, self._state.playhead
        lane = self._free_lane(start, start + sum(clip_of(value, clip).frames for clip in clips))
        self.edit("Place clip", partial(_place, song=song.id, lane=lane, clips=clips, start=start))

    def place_excerpts(self, excerpts: list[Excerpt]) -> None:
        """As `place_at_playhead`, for excerpts of clips."""
        if not self._state.song.id:
            self._songs.add()
        song, start = self._state.song, self._state.playhead
        lane = self._free_lane(start, start + sum(excerpt.length for excerpt in excerpts))
        if lane is None:
            self.edit("Place clip", lambda value: place_excerpts_on_new_lane(value, song.id, excerpts, start))
        else:
            self.edit("Place clip", lambda value: place_excerpts(value, lane, excerpts, start))

    def _free_lane(self, start: int, end: int) -> str | None:
        """The first lane of the song that has room between two frames."""
        lanes = self._state.song.lanes
        free = (lane.id for lane in lanes if all(part.end <= start or part.start >= end for part in lane.sections))
        return next(free, None)

    def append(self, clips: list[str]) -> None:
        """Puts clips behind all that is on the lane where the person is at work."""
        if not self._state.song.id:
            self._songs.add()
        song, lane = self._state.song, self._songs.lane()
        if lane is None:
            self.place_at_playhead(clips)
        else:
            end = max((part.end for part in lane.sections), default=0)
            self.edit("Place clip", partial(_place, song=song.id, lane=lane.id, clips=clips, start=end))
            self._state.show_place(end)


def _place(value: Project, *, song: str, lane: str | None, clips: list[str], start: int) -> Project:
    if lane is None:
        return place_clips_on_new_lane(value, song, clips, start)
    return place_clips(value, lane, clips, start)
