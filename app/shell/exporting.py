"""What an export in the shell leaves in the project."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from app.document.edits.exported import add_exported, exported_today
from app.document.errors import UserError
from app.document.model import Project
from app.document.opening import held_project
from app.document.store import save_project


def remember(exported: Project, folder: Path, release: Path) -> None:
    """Notes the release in the project, unless that is open elsewhere or cannot be written: an export needs neither.

    Args:
        exported: the document as it was exported.
        folder: of the project.
    """
    with suppress(UserError), held_project(folder) as project:
        save_project(folder, add_exported(project, exported_today(exported, folder, release)))
