"""What can be done with the sections of a song, each with its key."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QCursor, QKeySequence
from PySide6.QtWidgets import QMenu

from app.document.edits.copies import Copied, copy_sections, duplicate_sections, paste_sections
from app.document.edits.ripple import remove_and_close
from app.document.edits.sections import (
    join_row,
    move_sections,
    remove_sections,
    split_section,
    split_sections,
    split_song,
)
from app.document.model import SONG_RATE, Project, Section
from app.jobs.open_project import OpenProject
from app.widgets.timeline.geometry import TimeScale
from app.widgets.timeline.hit import hit
from app.widgets.timeline.scrolling import reveal
from app.widgets.timeline.view import TimelineView

_NUDGE_PIXELS = 10
_FINE_NUDGE = SONG_RATE // 1000


class SectionActions(QObject):
    """Actions on the sections of the song that a timeline shows.

    Those whose keys mean something elsewhere too (arrows, Delete, copy and paste) work while the timeline has the
    focus; the others work anywhere on the screen.
    """

    def __init__(self, project: OpenProject, timeline: TimelineView, everywhere: Callable[[QAction], None]) -> None:
        super().__init__(timeline)
        self._project = project
        self._timeline = timeline
        self._everywhere = everywhere
        self._copied: tuple[Copied, ...] = ()
        self.split = self._add("Split", self.split_at_playhead, "S")
        self.split_pointer = self._add("Split at the pointer", self.split_at_pointer, "Shift+S")
        self.repeat = self._add("Repeat", self.repeat_once, "R", "Ctrl+D")
        self.join = self._add("Join", self.join_chosen, "Ctrl+J")
        self.cut = self._here("Cut", self.cut_chosen, QKeySequence.StandardKey.Cut)
        self.copy = self._here("Copy", self.copy_chosen, QKeySequence.StandardKey.Copy)
        self.paste = self._here("Paste", self.paste_copied, QKeySequence.StandardKey.Paste)
        self.delete = self._here("Delete", self.delete_chosen, "Delete", "Backspace")
        self.ripple = self._here("Delete and close the gap", self.delete_and_close, "Shift+Delete")
        self.all = self._here("Select all", self.select_all, QKeySequence.StandardKey.SelectAll)
        self.none = self._here("Select nothing", timeline.escape, "Escape")
        self._moves()
        self._views()
        timeline.selection_changed.connect(self._show_use)
        timeline.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        timeline.customContextMenuRequested.connect(lambda _: self._menu().exec(QCursor.pos()))
        self._show_use()

    def _moves(self) -> None:
        self._here("Nudge earlier", lambda: self._nudge(-self._step()), "Left")
        self._here("Nudge later", lambda: self._nudge(self._step()), "Right")
        self._here("Nudge one millisecond earlier", lambda: self._nudge(-_FINE_NUDGE), "Shift+Left")
        self._here("Nudge one millisecond later", lambda: self._nudge(_FINE_NUDGE), "Shift+Right")
        self._here("Move to the lane above", lambda: self._change_lane(-1), "Alt+Up")
        self._here("Move to the lane below", lambda: self._change_lane(1), "Alt+Down")
        self._here("Select the section before", lambda: self._select_along(-1), "Ctrl+Left")
        self._here("Select the next section", lambda: self._select_along(1), "Ctrl+Right")
        self._here("Select on the lane above", lambda: self._select_across(-1), "Up")
        self._here("Select on the lane below", lambda: self._select_across(1), "Down")

    def _views(self) -> None:
        timeline = self._timeline
        self._here("Zoom in", timeline.zoom_in, "+", "=")
        self._here("Zoom out", timeline.zoom_out, "-")
        self._add("Show the whole song", timeline.fit, "\\")
        self._add("Show what is selected", self.zoom_to_chosen, "Z")
        self.snap = self._switch("Snap", "N", timeline.snap.on, self._set_snap)
        self.follow = self._switch("Follow the playhead", "F", timeline.follow, self._set_follow)

    # what they do

    def split_at_playhead(self) -> None:
        """Cuts the selected sections under the playhead; where none is selected, all that lie under it."""
        at = self._timeline.scene.playhead
        under = [part.id for part in self._timeline.chosen() if part.start < at < part.end]
        if under:
            self._project.edit("Split", split_sections, under, at)
        elif not self._timeline.selection:
            self._project.edit("Split", split_song, self._timeline.song.id, at)

    def split_at_pointer(self) -> None:
        """Cuts the section under the pointer, there."""
        timeline, scene = self._timeline, self._timeline.scene
        place = timeline.viewport().mapFromGlobal(QCursor.pos())
        if timeline.viewport().rect().contains(place):
            found = hit(timeline.song, scene.scale, scene.rows, place.x(), place.y())
            if found.section is not None:
                at = scene.scale.frame(place.x())
                self._project.edit("Split", split_section, found.section.id, at)

    def repeat_once(self) -> None:
        """Puts a copy of what is selected right behind it, and selects the copy: each press adds one more."""
        value, copies = duplicate_sections(self._project.value, self._ids())
        self._put("Repeat", value, copies)

    def join_chosen(self) -> None:
        self._project.edit("Join", join_row, self._ids())

    def cut_chosen(self) -> None:
        self.copy_chosen()
        self._project.edit("Cut", remove_sections, self._ids())

    def copy_chosen(self) -> None:
        if self._timeline.selection:
            self._copied = copy_sections(self._project.value, self._ids())
            self._timeline.current_lane = None
            self._show_use()

    def paste_copied(self) -> None:
        """Puts what was copied down at the playhead, on the same lanes, or from the empty place on that was clicked."""
        song = self._timeline.song.id
        if not song or not self._copied:
            return
        lane = self._timeline.current_lane
        value, made = paste_sections(self._project.value, song, self._copied, self._timeline.scene.playhead, lane=lane)
        self._put("Paste", value, made)

    def delete_chosen(self) -> None:
        self._project.edit("Delete", remove_sections, self._ids())

    def delete_and_close(self) -> None:
        self._project.edit("Delete and close the gap", remove_and_close, self._ids())

    def select_all(self) -> None:
        self._timeline.select(part.id for lane in self._timeline.song.lanes for part in lane.sections)

    def zoom_to_chosen(self) -> None:
        chosen = self._timeline.chosen()
        if not chosen:
            return
        start, end = min(part.start for part in chosen), max(part.end for part in chosen)
        width = self._timeline.viewport().width()
        room = (end - start) * 0.05
        scale = TimeScale(max(start - room, 0.0), max((end - start + 2 * room) / width, 0.1))
        self._timeline.set_scale(scale)

    def _nudge(self, by: int) -> None:
        if self._timeline.selection:
            self._project.edit("Nudge", move_sections, self._ids(), by)
        else:
            self._timeline.seek_asked.emit(max(self._timeline.scene.playhead + by, 0))

    def _step(self) -> int:
        return max(round(self._timeline.scene.scale.frames(_NUDGE_PIXELS)), 1)

    def _change_lane(self, by: int) -> None:
        if self._timeline.selection:
            self._project.edit("Move", move_sections, self._ids(), 0, lanes=by)

    def _select_along(self, way: int) -> None:
        lanes = self._timeline.song.lanes
        chosen = self._timeline.chosen()
        if chosen:
            edge = chosen[0] if way < 0 else chosen[-1]
            sections = next(lane.sections for lane in lanes if edge in lane.sections)
            place = sections.index(edge) + way
        else:
            here = self._timeline.current_lane or 0
            sections = lanes[here].sections if here < len(lanes) else ()
            place = 0 if way > 0 else len(sections) - 1
        if 0 <= place < len(sections):
            self._timeline.select({sections[place].id})
            reveal(self._timeline, sections[place])

    def _select_across(self, way: int) -> None:
        """The nearest section on the next lane that has any."""
        lanes = self._timeline.song.lanes
        chosen = self._timeline.chosen()
        if not chosen:
            self._select_along(1)
            return
        edge = chosen[0] if way < 0 else chosen[-1]
        here = next(place for place, lane in enumerate(lanes) if edge in lane.sections)
        rest = range(here + way, len(lanes) if way > 0 else -1, way)
        goal = next((lanes[place] for place in rest if lanes[place].sections), None)
        if goal is not None:
            nearest = min(goal.sections, key=lambda part: _distance(part, edge))
            self._timeline.select({nearest.id})
            reveal(self._timeline, nearest)

    def _set_snap(self, on: bool) -> None:
        self._timeline.snap.on = on

    def _set_follow(self, on: bool) -> None:
        self._timeline.follow = on

    def _ids(self) -> list[str]:
        return [part.id for part in self._timeline.chosen()]

    def _put(self, name: str, value: Project, select: tuple[str, ...]) -> None:
        if select:
            self._project.put(name, value)
            self._timeline.select(select)

    # the actions themselves

    def _show_use(self) -> None:
        some = bool(self._timeline.selection)
        for action in (self.repeat, self.join, self.cut, self.copy, self.delete, self.ripple):
            action.setEnabled(some)
        self.paste.setEnabled(bool(self._copied))

    def _menu(self) -> QMenu:
        menu = QMenu(self._timeline)
        menu.addActions([self.split, self.join, self.repeat])
        menu.addSeparator()
        menu.addActions([self.cut, self.copy, self.paste])
        menu.addSeparator()
        menu.addActions([self.delete, self.ripple])
        return menu

    def _add(self, name: str, does: Callable[[], object], *keys: str | QKeySequence.StandardKey) -> QAction:
        action = QAction(name, self)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _=False: does())
        self._everywhere(action)
        return action

    def _here(self, name: str, does: Callable[[], object], *keys: str | QKeySequence.StandardKey) -> QAction:
        action = self._add(name, does, *keys)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._timeline.addAction(action)
        return action

    def _switch(self, name: str, key: str, on: bool, does: Callable[[bool], None]) -> QAction:
        action = QAction(name, self)
        action.setCheckable(True)
        action.setChecked(on)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.toggled.connect(does)
        self._everywhere(action)
        return action


def _distance(part: Section, other: Section) -> int:
    middle = (other.start + other.end) // 2
    return abs((part.start + part.end) // 2 - middle)
