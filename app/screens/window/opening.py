"""Opening a project for the window: where its document is damaged, the good copy beside it is offered."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.document.last_good import DamagedError, say_when
from app.document.lock import ProjectLock
from app.document.model import Project
from app.document.opening import hold_project, restore_project
from app.widgets.dialogs.questions import ask_choice

_KEPT = (
    "What was changed after that is lost; clips and models that were made since are found again by themselves. "
    "The damaged document is kept beside the copy."
)


def hold_or_offer(parent: QWidget | None, path: Path) -> tuple[ProjectLock, Project] | None:
    """As `hold_project`; None where the document is damaged and the person does not want its copy.

    Raises:
        UserError: it cannot be opened, and there is no good copy.
    """
    try:
        return hold_project(path)
    except DamagedError as error:
        if error.copy_from is None:
            raise
        choices = (f"Open the copy of {say_when(error.copy_from)}", "Cancel")
        if ask_choice(parent, "Open", error.what, choices, detail=_KEPT) != 0:
            return None
    restore_project(path)
    return hold_project(path)
