"""Looking through many clips by keys: rated, rejected, the next one heard."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer

from app.document.edits.made import reject_clip, star_clip
from app.document.model import Project
from app.screens.arrange.context import ArrangeContext, ArrangePart

_STARS = ("No stars", "One star", "Two stars", "Three stars", "Four stars", "Five stars")
_GATHER_MS = 400
"""Clips come into another order as they are measured, but not with each of them."""


class TriageActions(ArrangePart):
    """Rates and rejects what is chosen in the list, while that has the keys; else what is heard or pointed at."""

    def __init__(self, context: ArrangeContext) -> None:
        super().__init__(context)
        clips, keys = context.clips, context.keys
        self.pointed_at: Callable[[], str] = lambda: ""
        """Which clip is pointed at somewhere else, as on the map; "" for none."""
        for stars, name in enumerate(_STARS):
            keys.anywhere(name, partial(self._star_this, stars), str(stars))
        keys.anywhere("Reject the clip and hear the next", self._reject_this, "X")
        clips.list.star_asked.connect(self.star)
        clips.list.reject_asked.connect(self.reject)
        clips.loudness_asked.connect(self._measure)
        context.loudness.measured.connect(self._on_measured)
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(_GATHER_MS)
        self._gather.timeout.connect(self._show_loudness)

    def _this(self) -> list[str]:
        """The clips that a key is about."""
        clips, state = self._clips.list, self._state
        if clips.hasFocus() and clips.chosen():
            return clips.chosen()
        selected = self._state.chosen()
        candidates = (
            self.pointed_at(),
            clips.under_pointer,
            self._sound.playing_clip,
            next((part.clip for part in selected), ""),
            clips.current(),
        )
        return [next((id for id in candidates if id in state.clips), "")]

    def _star_this(self, stars: int) -> None:
        ids = self._this()
        if ids[0]:
            self.star(ids, stars)
        else:
            self.problem.emit(_NONE)

    def _reject_this(self) -> None:
        ids = self._this()
        if ids[0]:
            known = self._state.clips
            self.reject(ids, not all(known[id].rejected for id in ids))
        else:
            self.problem.emit(_NONE)

    def star(self, ids: list[str], stars: int) -> None:
        """Where what is shown has no such clips, they go from the list, and the next one is heard."""
        follower = self._clips.list.next_to(ids)
        were_shown = self._are_shown(ids)
        self._project.edit("Star", lambda value: _each(value, ids, star_clip, stars))
        if were_shown and not self._are_shown(ids):
            self._hear(follower)

    def reject(self, ids: list[str], rejected: bool) -> None:
        """After a rejected clip the next one is chosen and heard."""
        follower = self._clips.list.next_to(ids)
        name = "Reject" if rejected else "Take back"
        self._project.edit(name, lambda value: _each(value, ids, reject_clip, rejected))
        if rejected:
            self._hear(follower)

    def _are_shown(self, ids: list[str]) -> bool:
        return all(self._clips.list.clips.place_of(id) >= 0 for id in ids)

    def _hear(self, clip: str) -> None:
        if clip:
            self._clips.list.choose(clip)
            self._sound.play_clip(clip)
        elif self._sound.playing_clip:
            self._sound.toggle_clip(self._sound.playing_clip)

    # how loud they are

    def _measure(self) -> None:
        """Asks for the loudness of a clip that is not known yet; when it is there, for the next."""
        if self._clips.list.clips.needs_loudness and not self._loudness.want(self._project.value.clips):
            self._show_loudness()

    def _on_measured(self) -> None:
        if self._clips.list.clips.needs_loudness:
            if not self._gather.isActive():
                self._gather.start()
            self._measure()

    def _show_loudness(self) -> None:
        self._clips.show_loudness(self._loudness.known)


_NONE = "There is no clip to rate: choose one in the list, play one, or point at one."


def _each(value: Project, ids: list[str], edit: Callable[[Project, str, Any], Project], how: object) -> Project:
    for id in ids:
        value = edit(value, id, how)
    return value
