"""Messages about the saving of the open project."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.document.lock import ProjectLock
from app.jobs.saving import try_saving
from app.screens.window.folder_gone import GoOn, ask_where
from app.screens.window.workspace import Workspace
from app.widgets.controls.focus import take_typed
from app.widgets.dialogs.questions import offer


class SavingMessages(QObject):
    """Says when everything is saved, where that was asked; and what to do where nothing can be saved.

    Args:
        window: what questions stand before.
        save_a_copy: asks where to, and copies the project.
        go_on_at: goes on with the project in another folder.
    """

    def __init__(self, window: QWidget, save_a_copy: Callable[[], None], go_on_at: GoOn) -> None:
        super().__init__(window)
        self._window = window
        self._save_a_copy = save_a_copy
        self._go_on_at = go_on_at
        self._workspace: Workspace | None = None
        self._lock: ProjectLock | None = None
        self._owes_answer = False
        """Whether the person has asked to save, and has not been told yet."""
        self._is_told_gone = False
        """Whether the person has been told that the folder is gone."""

    def follow(self, workspace: Workspace, lock: ProjectLock) -> None:
        """Tells from now on of the project of `workspace`, whose folder `lock` holds."""
        self._workspace, self._lock = workspace, lock
        project = workspace.project
        project.watch(lambda: lock.is_in_place)
        try_saving(project, workspace.jobs).failed.connect(self._on_cannot_save)
        project.saved.connect(self._on_saved)
        project.save_failed.connect(self._on_save_failed)

    def save_now(self) -> None:
        """Everything is saved by itself; who asks for it gets an answer."""
        take_typed()
        self._owes_answer = True
        if self._workspace is not None:
            self._workspace.project.save_now()

    @Slot(bool)
    def _on_saved(self, saved: bool) -> None:
        if saved:
            if self._owes_answer and self._workspace is not None:
                self._owes_answer = False
                self._workspace.toast.say("Everything is saved.", "good")
            self._is_told_gone = False

    @Slot()
    def _on_save_failed(self) -> None:
        if self._workspace is None or self._lock is None or self._lock.is_in_place or self._is_told_gone:
            return
        self._is_told_gone = True
        project = self._workspace.project
        ask_where(self._window, project.folder, project.value, self._lock, self._go_on_at)

    @Slot(str)
    def _on_cannot_save(self, why: str) -> None:
        if self._workspace is not None:
            self._workspace.top.show_not_saved(why)
        words = f"{why} What you change would be lost at the end. A copy in another place can be worked on."
        offer(self._window, "This project cannot be saved", words, "Save a copy…", self._save_a_copy)
