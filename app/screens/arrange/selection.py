"""Keeps the selection through undo and redo."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from app.document.going_back import sections_come
from app.document.model import Project
from app.session.open_project import OpenProject
from app.widgets.timeline.view import TimelineView


class KeptSelection(QObject):
    """Remembers what was selected at each step of the history.

    A step back or forth leaves the selection alone. Where it takes sections of it away, or brings back some that were
    selected then, what was selected then is so again.

    Connect it after what shows the document on the timeline: by then that has let go of sections that are gone.
    """

    def __init__(self, project: OpenProject, timeline: TimelineView) -> None:
        super().__init__(timeline)
        self._project = project
        self._state = timeline.state
        self._step = project.step
        self._at = {self._step: self._state.selection}
        self._before = self._state.selection
        """What was selected before the last change of the document."""
        self._then: frozenset[str] = frozenset()
        """What was selected when the history last was at the step where it is now."""
        timeline.selection_changed.connect(self._on_selection)
        project.changed.connect(self._on_changed)
        project.stepped.connect(self._on_stepped)

    @Slot()
    def _on_selection(self) -> None:
        if self._project.step == self._step:
            self._at[self._step] = self._state.selection

    @Slot()
    def _on_changed(self) -> None:
        step = self._project.step
        if step == self._step:
            return
        self._before = self._at[self._step]
        self._then = self._at.get(step, frozenset())
        self._step = step
        self._at[step] = self._state.selection

    @Slot(object, object)
    def _on_stepped(self, before: Project, after: Project) -> None:
        song = self._state.song
        here = frozenset(part.id for lane in song.lanes for part in lane.sections)
        then = self._then & here
        if then and (self._before - here or then & sections_come(before, song)):
            self._state.select(then)
