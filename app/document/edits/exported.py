"""Remembering what was exported."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from msgspec.structs import replace

from app.document.exported import MOST_EXPORTED, Exported
from app.document.model import Project


def exported_today(project: Project, folder: Path, release: Path) -> Exported:
    """What is to be remembered of the release that has just been written.

    Args:
        project: what was exported.
        folder: of the project.
        release: the folder of the release.
    """
    inside = release.is_relative_to(folder)
    return Exported(
        folder=(release.relative_to(folder) if inside else release.absolute()).as_posix(),
        title=project.release.title,
        date=date.today().isoformat(),
        formats=project.release.formats,
    )


def add_exported(project: Project, exported: Exported) -> Project:
    """Puts it before all others; of one folder only the newest is known."""
    others = (known for known in project.exported if known.folder != exported.folder)
    return replace(project, exported=(exported, *others)[:MOST_EXPORTED])
