"""What can be done with the sections of a song, each with its key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QCursor, QKeySequence
from PySide6.QtWidgets import QMenu

from app.document.edits.copies import Copied, copy_sections, duplicate_sections, paste_sections
from app.document.edits.motifs import make_motif, repeat_sections, take_motif_apart
from app.document.edits.ripple import remove_and_close, remove_time
from app.document.edits.sections import (
    fade_in_until,
    fade_out_from,
    heal_splits,
    join_row,
    remove_sections,
    split_section,
    split_sections,
    split_song,
    trim_ends,
    trim_starts,
)
from app.document.model import Project, Section
from app.document.tree import section_of
from app.document.words import plural
from app.screens.arrange.context import ArrangeContext, ArrangePart
from app.screens.arrange.keys import Keys
from app.widgets.basics import passing_menu
from app.widgets.dialogs.questions import ask_number
from app.widgets.timeline.hit import hit

P = ParamSpec("P")
_MOST_REPEATS = 200


class SectionActions(ArrangePart):
    """Actions on the sections of the song that a timeline shows.

    Signals:
        moved_on(int): the work goes on at this frame of the song.
        copied(object): the sections of these ids were copied.
    """

    moved_on = Signal(int)
    copied = Signal(object)

    def __init__(self, context: ArrangeContext) -> None:
        super().__init__(context)
        timeline, keys = context.timeline, context.keys
        self._copied: tuple[Copied, ...] = ()
        self.more: tuple[QAction, ...] = ()
        """Actions of other parts of the screen that the menu shows, too."""
        self.with_model: tuple[QAction, ...] = ()
        """Those that ask the model for sound; the menu has them under one line, so that it fits on small screens."""
        self._cuts(keys)
        self._repeats(keys)
        self._copies(keys)
        timeline.selection_changed.connect(self._show_use)
        timeline.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        timeline.customContextMenuRequested.connect(self._open_menu)
        self._show_use()

    def _cuts(self, keys: Keys) -> None:
        self.split = keys.anywhere("Split", self.split_at_playhead, "S")
        self.split_pointer = keys.anywhere("Split at the pointer", self.split_at_pointer, "Shift+S")
        self.split_all = keys.anywhere("Split on all lanes", self.split_all_lanes, "Alt+S")
        self.join = keys.anywhere("Join", self.join_chosen, "Ctrl+J")
        self.heal = keys.anywhere("Heal split", self.heal_chosen, "Ctrl+Shift+J")
        self.trim_start = keys.anywhere("Trim the start to the playhead", self.trim_starts_here, "[")
        self.trim_end = keys.anywhere("Trim the end to the playhead", self.trim_ends_here, "]")
        keys.anywhere("Fade in until the playhead", self.fade_in_here, "Ctrl+[")
        keys.anywhere("Fade out from the playhead", self.fade_out_here, "Ctrl+]")

    def _repeats(self, keys: Keys) -> None:
        self.repeat = keys.anywhere("Repeat", self.repeat_once, "R")
        self.repeat_times = keys.anywhere("Repeat several times…", self.repeat_several_times, "Shift+R")
        self.duplicate = keys.anywhere("Duplicate", self.duplicate_chosen, "Ctrl+D")
        self.motif = keys.anywhere("Make a motif", self.make_motif_of_chosen, "Ctrl+G")
        self.no_motif = keys.anywhere("Take the motif apart", self.take_chosen_motif_apart, "Ctrl+Shift+G")

    def _copies(self, keys: Keys) -> None:
        standard = QKeySequence.StandardKey
        self.cut = keys.on_timeline("Cut", self.cut_chosen, standard.Cut)
        self.copy = keys.on_timeline("Copy", self.copy_chosen, standard.Copy)
        self.paste = keys.on_timeline("Paste", self.paste_copied, standard.Paste)
        self.delete = keys.on_timeline("Delete", self.delete_chosen, "Delete", "Backspace")
        self.ripple = keys.on_timeline("Delete and close the gap", self.delete_and_close, "Shift+Delete")
        self.delete_time = keys.on_timeline("Delete this time on all lanes", self.delete_time_chosen, "Ctrl+Delete")

    # cutting

    def split_at_playhead(self) -> None:
        """Cuts the selected sections under the playhead; where none is selected, all that lie under it."""
        at = self._state.playhead
        if not self._state.selection:
            self.split_all_lanes()
            return
        under = [part.id for part in self._state.chosen() if part.start < at < part.end]
        self._edit("Split", "The playhead is not over what is selected.", split_sections, under, at)

    def split_all_lanes(self) -> None:
        """Cuts all sections under the playhead."""
        if self._state.song.id:
            why = "There is no section under the playhead."
            self._edit("Split", why, split_song, self._state.song.id, self._state.playhead)

    def split_at_pointer(self) -> None:
        """Cuts the section under the pointer where the pointer is."""
        timeline, state = self._timeline, self._state
        place = timeline.viewport().mapFromGlobal(QCursor.pos())
        if timeline.viewport().rect().contains(place):
            found = hit(state.song, state.scale, state.rows, place.x(), place.y())
            if found.section is not None:
                self._project.edit("Split", split_section, found.section.id, state.scale.frame(place.x()))

    def join_chosen(self) -> None:
        """Joins the selected sections that follow each other unbroken."""
        self._edit("Join", _NOT_UNBROKEN, join_row, self._ids())

    def heal_chosen(self) -> None:
        """Joins what is selected with what it was split from; without a selection, at the playhead."""
        at = self._state.playhead
        lanes = self._state.song.lanes
        here = [part.id for lane in lanes for part in lane.sections if part.start <= at <= part.end]
        self._edit("Heal split", _NOT_UNBROKEN, heal_splits, self._ids() or here)

    def trim_starts_here(self) -> None:
        """Lets sections begin at the playhead: the selected ones, or else those under it."""
        self._edit("Trim", _NOT_OVER, trim_starts, self._in_reach(), self._state.playhead)

    def trim_ends_here(self) -> None:
        """Lets sections end at the playhead: the selected ones, or else those under it."""
        self._edit("Trim", _NOT_OVER, trim_ends, self._in_reach(), self._state.playhead)

    def fade_in_here(self) -> None:
        """Lets sections fade in until the playhead: the selected ones, or else those under it."""
        self._edit("Fade in", _NOT_OVER, fade_in_until, self._in_reach(), self._state.playhead)

    def fade_out_here(self) -> None:
        """Lets sections fade out from the playhead on: the selected ones, or else those under it."""
        self._edit("Fade out", _NOT_OVER, fade_out_from, self._in_reach(), self._state.playhead)

    def _in_reach(self) -> list[str]:
        """What is selected, or else what lies under the playhead."""
        at = self._state.playhead
        lanes = self._state.song.lanes
        return self._ids() or [part.id for lane in lanes for part in lane.sections if part.start < at < part.end]

    # repeating

    def repeat_once(self) -> None:
        """Puts a copy of what is selected right behind it and selects it: each press adds one more."""
        self._put("Repeat", *repeat_sections(self._project.value, self._ids()))

    def repeat_several_times(self) -> None:
        """Asks how many copies to put behind what is selected."""
        times = ask_number(self._timeline, "Repeat", "How many times more?", 3, 1, _MOST_REPEATS)
        if times is not None:
            self._put(f"Repeat {plural(times, 'time')}", *repeat_sections(self._project.value, self._ids(), times))

    def duplicate_chosen(self) -> None:
        """Puts a copy right behind what is selected; nothing else moves."""
        self._put("Duplicate", *duplicate_sections(self._project.value, self._ids()))

    def make_motif_of_chosen(self) -> None:
        """Makes the selected sections one motif: a click on one selects all."""
        self._edit("Make a motif", "Choose two sections or more first.", make_motif, self._ids())

    def take_chosen_motif_apart(self) -> None:
        """Makes the selected sections single again."""
        self._project.edit("Take the motif apart", take_motif_apart, self._ids())

    # cut, copy, paste, delete

    def cut_chosen(self) -> None:
        """Copies the selected sections and removes them."""
        self.copy_chosen()
        self._project.edit("Cut", remove_sections, self._ids())

    def copy_chosen(self) -> None:
        """Keeps the selected sections for `paste_copied`."""
        if self._state.selection:
            self._copied = copy_sections(self._project.value, self._ids())
            self._state.current_lane = None
            self._show_use()
            self.copied.emit(self._ids())

    def paste_copied(self) -> None:
        """Puts what was copied down at the playhead, on the same lanes, or from the empty place on that was clicked.

        The playhead moves on to the end of that: pasted again, it goes on from there.
        """
        song = self._state.song.id
        if song and self._copied:
            lane, at = self._state.current_lane, self._state.playhead
            value, fresh = paste_sections(self._project.value, song, self._copied, at, lane=lane)
            self._put("Paste", value, fresh)
            if fresh:
                pasted = [section_of(value, id)[2] for id in fresh]
                self.moved_on.emit(max(part.end for part in pasted))
                self._state.show_stretch(min(part.start for part in pasted), max(part.end for part in pasted))

    def delete_chosen(self) -> None:
        """Removes the selected sections; nothing else moves."""
        self._project.edit("Delete", remove_sections, self._ids())

    def delete_and_close(self) -> None:
        """Removes the selected sections; what is behind them on their lanes moves up."""
        self._project.edit("Delete and close the gap", remove_and_close, self._ids())

    def delete_time_chosen(self) -> None:
        """Takes the time from the first to the last of what is selected out of all lanes."""
        chosen = self._state.chosen()
        if chosen:
            start, end = _extent(chosen)
            self._project.edit("Delete time", remove_time, self._state.song.id, start, end)

    # how

    def _ids(self) -> list[str]:
        return [part.id for part in self._state.chosen()]

    def _edit(
        self,
        name: str,
        why_not: str,
        edit: Callable[Concatenate[Project, P], Project],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Makes an edit, or says why it changes nothing."""
        value = edit(self._project.value, *args, **kwargs)
        if value == self._project.value:
            self.problem.emit(why_not)
        else:
            self._project.put(name, value)

    def _put(self, name: str, value: Project, select: tuple[str, ...]) -> None:
        if select:
            self._project.put(name, value)
            self._state.select(select)

    def _show_use(self) -> None:
        chosen = self._state.chosen()
        for action in (
            self.repeat, self.repeat_times, self.duplicate, self.join, self.cut, self.copy, self.delete, self.ripple,
            self.delete_time,
        ):  # fmt: skip
            action.setEnabled(bool(chosen))
        self.motif.setEnabled(len(chosen) > 1)
        self.no_motif.setEnabled(any(part.motif for part in chosen))
        self.paste.setEnabled(bool(self._copied))

    @Slot()
    def _open_menu(self) -> None:
        if not self._state.is_dragging:
            self.menu().exec(QCursor.pos())

    def menu(self) -> QMenu:
        """What can be done with the sections that are selected."""
        menu = passing_menu(self._timeline)
        groups: tuple[tuple[Any, ...], ...] = (
            (self.split, self.join, self.heal),
            (self.repeat, self.repeat_times, self.duplicate, self.motif, self.no_motif),
            self.more,
            (self.cut, self.copy, self.paste),
            (self.delete, self.ripple, self.delete_time),
        )
        for actions in groups:
            menu.addActions(list(actions))
            if actions is self.more:
                menu.addMenu("With the model").addActions(list(self.with_model))
            if actions is not groups[-1]:
                menu.addSeparator()
        return menu


_NOT_UNBROKEN = "Only neighbours that go on unbroken in the same clip, with the same gain and pan, become one."
_NOT_OVER = "There is nothing to do there: put the playhead over the section."


def _extent(chosen: list[Section]) -> tuple[int, int]:
    return min(part.start for part in chosen), max(part.end for part in chosen)
