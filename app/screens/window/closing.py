"""Waiting for the jobs of a project to stop, without freezing the window; asking where something is not saved."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QProgressBar, QWidget

from app.document.lock import ProjectLock
from app.document.model import Project
from app.document.shelf import is_untouched, remove_untouched, settle
from app.jobs.job import JobList
from app.screens.window.settings import Memory
from app.screens.window.workspace import Workspace
from app.session.open_project import OpenProject
from app.widgets.basics import button, column, label, row
from app.widgets.dialogs.questions import ask_choice

_OFFER_AFTER_MS = 15_000
_APPEAR_AFTER_MS = 250


class Closing(QDialog):
    """Asks all jobs to stop and calls `then` once they have.

    A job stops at the next safe place: a model that learns writes a checkpoint first. Where that takes long, the
    person may go without waiting; what is on the disk is whole at any moment.
    """

    def __init__(self, jobs: JobList, then: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.CustomizeWindowHint)
        self.setModal(True)
        self._jobs = jobs
        self._then = then
        self._names = label("", "dim", wrap=True)
        self._names.setMinimumWidth(340)
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setAccessibleName("Finishing")
        self.leave = button("Do not wait")
        self.leave.hide()
        self.leave.clicked.connect(self._finish)
        self.setLayout(
            column(
                label("Finishing…", "heading"),
                self._names,
                bar,
                row(1, self.leave),
                spacing=10,
                margins=(20, 18, 20, 18),
            )
        )
        self._offer = QTimer(self)
        self._offer.setSingleShot(True)
        self._offer.timeout.connect(self.leave.show)
        self._appear = QTimer(self)
        self._appear.setSingleShot(True)
        self._appear.timeout.connect(self.show)
        jobs.ended.connect(self._on_ended)

    def begin(self) -> None:
        """Stops all jobs; the question appears where that takes a while."""
        self._show_names()
        self._appear.start(_APPEAR_AFTER_MS)
        self._offer.start(_OFFER_AFTER_MS)
        self._jobs.cancel_all()
        self._on_ended()

    def reject(self) -> None:
        """Escape does not leave this question open."""

    def _on_ended(self) -> None:
        if self._jobs.running:
            self._show_names()
        else:
            self._finish()

    def _show_names(self) -> None:
        names = " and ".join(f"“{job.name}”" for job in self._jobs.asked_for or self._jobs.running)
        self._names.setText(f"{names} stops at the next safe place, and what it has made is saved.")

    def _finish(self) -> None:
        self._jobs.ended.disconnect(self._on_ended)
        self._offer.stop()
        self._appear.stop()
        self.hide()
        self.deleteLater()
        self._then()


def gives_up_saving(parent: QWidget, trouble: str, instead: str) -> bool:
    """Whether the person closes although the last changes are not saved, rather than do something else about it."""
    choices = (instead, "Close without saving")
    return ask_choice(parent, "Not saved", "The last changes are not saved.", choices, detail=trouble) == 1


def save_last(parent: QWidget, project: OpenProject, given_up: Project | None) -> None:
    """Saves what jobs have made while they were stopped, unless the person gives that up.

    Args:
        given_up: what the person has given up already.
    """
    while project.value is not given_up and (trouble := project.settle()):
        if gives_up_saving(parent, trouble, "Try again"):
            return


def let_go_of_folder(workspace: Workspace, lock: ProjectLock, memory: Memory) -> None:
    """Releases the folder of a project that is shut; one that nothing was done in is removed, and an untitled one gets
    the name of its project.

    Where no one waited for a job, that still writes into the folder, which then stays where it is, and held until the
    job has ended.
    """
    folder, value = workspace.project.folder, workspace.project.value
    is_ours = lock.is_in_place
    if workspace.jobs.running:
        workspace.jobs.after_all(lock.release)
        return
    lock.release()
    if is_ours and is_untouched(folder, value):
        memory.gone(folder)
        remove_untouched(folder)
    elif is_ours:
        settled = settle(folder, value)
        if settled != folder:
            memory.gone(folder)
            memory.opened(settled)
