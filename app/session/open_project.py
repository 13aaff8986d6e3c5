"""The project that is open: its document, the undo of its edits, and its saving."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Concatenate, ParamSpec

from PySide6.QtCore import QObject, Signal

from app.document.changes import EVERYTHING, Changes, changes_between
from app.document.errors import UserError
from app.document.history import History
from app.document.lock import ProjectLock, folder_gone
from app.document.model import Project
from app.document.opening import hold_project
from app.document.store import save_project
from app.session.saver import Saver
from resources.files import make_folders

P = ParamSpec("P")


class OpenProject(QObject):
    """Holds the document that all screens show, and saves it after every change in a thread of its own.

    Signals:
        changed(Changes): the document has a new value; in which parts it differs from the old one.
        stepped(Project, Project): by undo, by redo or through the list of steps; from which value to which.
        saved(bool): True once the newest value is on the disk, False while it is not.
        save_failed(str): why it could not be written, in plain words; it is tried again and again by itself.
        refused(str): why something was not done that the document cannot hold, in plain words.

    Args:
        lock: of the folder, where it is held already; whoever closes the project releases it.
        is_new: the folder is not there yet, and is made by the first saving that succeeds.
    """

    changed = Signal(object)
    stepped = Signal(object, object)
    saved = Signal(bool)
    save_failed = Signal(str)
    refused = Signal(str)

    def __init__(
        self,
        folder: Path,
        project: Project,
        parent: QObject | None = None,
        *,
        lock: ProjectLock | None = None,
        is_new: bool = False,
    ) -> None:
        super().__init__(parent)
        self.folder = folder
        self._is_new = is_new
        self.lock = lock
        self._history = History(project)
        self._is_in_place: Callable[[], bool] = lambda: True
        self._saver = Saver(self._write, self.saved.emit, self.save_failed.emit)

    @classmethod
    def opened(cls, folder: Path) -> OpenProject:
        """The project in a folder, held.

        Raises:
            UserError: as `hold_project`.
        """
        lock, project = hold_project(folder)
        return cls(folder, project, lock=lock)

    @property
    def value(self) -> Project:
        """The document as it is now."""
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
        """Makes `value` the document; edits in a row of one gesture (a drag, a slider) are undone as one.

        A value that no document can have is refused; then all screens show again what is.
        """
        try:
            changes = self._history.edit(name, value, gesture=gesture)
        except UserError as error:
            self.refused.emit(str(error))
            self.changed.emit(EVERYTHING)
            return
        if changes:
            self._after_change(changes)

    def update(self, update: Callable[[Project], Project]) -> None:
        """Makes a change that undo does not touch, such as taking in what a job has made.

        One that leads to a value that no document can have is refused.
        """
        try:
            changes = self._history.update(update)
        except UserError as error:
            self.refused.emit(str(error))
            return
        if changes:
            self._after_change(changes)

    @property
    def undo_name(self) -> str:
        """What would be undone, or ""."""
        return self._history.undo_name

    @property
    def redo_name(self) -> str:
        """What would be redone, or ""."""
        return self._history.redo_name

    def undo(self) -> None:
        """Goes one step of the history back, where there is one."""
        self._step(self._history.undo)

    def redo(self) -> None:
        """Goes one step of the history forth, where there is one."""
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
            raise UserError(folder_gone(self.folder), "Put it back.")
        if self._is_new:
            try:
                make_folders(self.folder)
            except OSError as error:
                raise UserError.from_os_error(f"“{self.folder}” cannot be saved", error) from error
        save_project(self.folder, project)
        self._is_new = False

    def settle(self) -> str:
        """Waits until what is not written yet is; gives why it could not be, in plain words, or ""."""
        return self._saver.settle()

    def close(self) -> None:
        """Writes what is not written yet and ends the saving thread."""
        self._saver.close()

    def _step(self, steps: Callable[[], bool]) -> None:
        before = self.value
        if steps():
            self._after_change(changes_between(before, self.value))
            self.stepped.emit(before, self.value)

    def _after_change(self, changes: Changes) -> None:
        """Shows first: the thread that saves would hold up this one meanwhile, as both run Python."""
        try:
            self.changed.emit(changes)
        finally:
            self._saver.save(self.value)
