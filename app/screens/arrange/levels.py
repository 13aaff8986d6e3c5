"""Sliders of the Arrange screen: each drag is one edit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from app.document.edits.sections import (
    set_fade_in,
    set_fade_in_curve,
    set_fade_out,
    set_fade_out_curve,
    set_gain,
    set_pan,
)
from app.document.model import FadeCurve, Project
from app.screens.arrange.context import ArrangeContext, ArrangePart

LaneEdit = Callable[[Project, str, float], Project]


class SectionLevels(ArrangePart):
    """Turns the sliders of the panel and of the lanes' heads into edits, one for each drag."""

    def __init__(self, context: ArrangeContext) -> None:
        super().__init__(context)
        panel = context.panel
        self._drags = 0
        panel.gain_asked.connect(partial(self._set, "Gain", set_gain))
        panel.pan_asked.connect(partial(self._set, "Pan", set_pan))
        panel.fade_in_asked.connect(partial(self._set, "Fade in", set_fade_in))
        panel.fade_out_asked.connect(partial(self._set, "Fade out", set_fade_out))
        panel.fade_in_curve_asked.connect(partial(self._bend, set_fade_in_curve))
        panel.fade_out_curve_asked.connect(partial(self._bend, set_fade_out_curve))
        panel.let_go.connect(self.let_go)
        context.timeline.selection_changed.connect(self.let_go)

    @property
    def drag(self) -> int:
        """A number that differs from drag to drag: edits with the same one are undone together."""
        return self._drags

    def let_go(self) -> None:
        """Ends the drag: what is moved next is another edit."""
        self._drags += 1

    def set_lane(self, name: str, edit: LaneEdit, lane: str, value: float) -> None:
        """Sets a value of a lane, as part of the drag that is under way."""
        self._project.put(name, edit(self._project.value, lane, value), gesture=(name, lane, self._drags))

    def _set(self, name: str, edit: Callable[[Project, list[str], Any], Project], value: float) -> None:
        ids = [part.id for part in self._state.chosen()]
        if ids:
            fresh = edit(self._project.value, ids, value)
            self._project.put(name, fresh, gesture=(name, tuple(ids), self._drags))

    def _bend(self, edit: Callable[[Project, list[str], FadeCurve], Project], curve: FadeCurve) -> None:
        ids = [part.id for part in self._state.chosen()]
        if ids:
            self._project.edit("Curve of a fade", edit, ids, curve)
