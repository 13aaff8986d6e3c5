"""The project that is open: its document, the undo of its edits, and its saving."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

from PySide6.QtCore import QObject, Signal

from app.document.errors import UserError
from app.document.history import History
from app.document.model import Project
from app.document.store import save_project

P = ParamSpec("P")
_FIRST_RETRY_SECONDS, _LAST_RETRY_SECONDS = 2.0, 30.0


class OpenProject(QObject):
    """Holds the document that all screens show, and saves it after every change in a thread of its own.

    Signals:
        changed(): the document has a new value.
        stepped(Project, Project): by undo, by redo or through the list of steps; from which value to which.
        saved(bool): True once the newest value is on the disk, False while it is not.
        save_failed(str): why it could not be written, in plain words; it is tried again and again by itself.
    """

    changed = Signal()
    stepped = Signal(object, object)
    saved = Signal(bool)
    save_failed = Signal(str)

    def __init__(self, folder: Path, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self._history = History(project)
        self._is_in_place: Callable[[], bool] = lambda: True
        self._saver = _Saver(self._write, self.saved.emit, self.save_failed.emit)

    @property
    def value(self) -> Project:
        return self._history.value

    def edit(
        self,
        name: str,
        change: Callable[Concatenate[Project, P], Project],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Makes an edit that can be undone under this name: `edit("Split", split_section, id, at)`."""
        self.put(name, change(self.value, *args, **kwargs))

    def put(self, name: str, value: Project, *, gesture: Hashable = None) -> None:
        """Makes `value` the document; edits in a row of one gesture (a drag, a slider) are undone as one."""
        if self._history.edit(name, value, gesture=gesture):
            self._after_change()

    def absorb(self, fact: Callable[[Project], Project]) -> None:
        """Takes in what a job has made; undo does not touch it."""
        before = self.value
        self._history.absorb(fact)
        if self.value != before:
            self._after_change()

    @property
    def undo_name(self) -> str:
        return self._history.undo_name

    @property
    def redo_name(self) -> str:
        return self._history.redo_name

    def undo(self) -> None:
        self._step(self._history.undo)

    def redo(self) -> None:
        self._step(self._history.redo)

    @property
    def steps(self) -> list[str]:
        """The names of all edits, the first ever first: those made and, after them, those undone."""
        return self._history.names

    @property
    def step(self) -> int:
        """How many of the steps are made now."""
        return self._history.place

    def go_to_step(self, step: int) -> None:
        """Undoes or redoes until so many steps are made."""
        self._step(lambda: self._history.go_to(step))

    def save_now(self) -> None:
        """Writes the document once more, at once where it waits to be written; `saved` or `save_failed` tells."""
        self._saver.save(self.value)

    def watch(self, is_in_place: Callable[[], bool]) -> None:
        """Nothing is saved any more while the folder, by what is told here, is another one or gone."""
        self._is_in_place = is_in_place

    def at(self, folder: Path) -> OpenProject:
        """The same project, with all that can be undone, in another folder, where it is saved now; this one is over."""
        moved = OpenProject(folder, self.value, self.parent())
        moved._history = self._history
        moved.save_now()
        return moved

    def _write(self, project: Project) -> None:
        if not self._is_in_place():
            raise UserError(f"The folder of “{self.folder.stem}” is gone: it was moved or removed.", "Put it back.")
        save_project(self.folder, project)

    def close(self) -> None:
        """Writes what is not written yet and ends the saving thread."""
        self._saver.close()

    def _step(self, steps: Callable[[], bool]) -> None:
        before = self.value
        if steps():
            self._after_change()
            self.stepped.emit(before, self.value)

    def _after_change(self) -> None:
        self._saver.save(self.value)
        self.changed.emit()


class _Saver:
    """Writes the newest document in a thread; values overtaken while writing are skipped.

    What could not be written is tried again after a while, ever longer; the trouble is told once for each value.
    """

    def __init__(
        self, write: Callable[[Project], None], on_saved: Callable[[bool], Any], on_failed: Callable[[str], Any]
    ) -> None:
        self._write = write
        self._on_saved = on_saved
        self._on_failed = on_failed
        self._newest: Project | None = None
        self._closing = False
        self._change = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="save", daemon=True)
        self._thread.start()

    def save(self, project: Project) -> None:
        with self._change:
            self._newest = project
            self._change.notify()
        self._on_saved(False)

    def close(self) -> None:
        with self._change:
            self._closing = True
            self._change.notify()
        self._thread.join()

    def _run(self) -> None:
        unwritten: Project | None = None
        pause = _FIRST_RETRY_SECONDS
        while True:
            with self._change:
                wait = pause if unwritten is not None else None
                self._change.wait_for(lambda: self._newest is not None or self._closing, wait)
                project, self._newest = self._newest or unwritten, None
                closing = self._closing
            if project is None:
                return
            try:
                self._write(project)
            except UserError as error:
                if project is unwritten:
                    pause = min(pause * 2, _LAST_RETRY_SECONDS)
                else:
                    self._on_failed(str(error))
                unwritten = project
                if closing:
                    return
            else:
                unwritten, pause = None, _FIRST_RETRY_SECONDS
                with self._change:
                    overtaken = self._newest is not None
                if not overtaken:
                    self._on_saved(True)
