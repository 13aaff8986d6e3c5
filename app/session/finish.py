"""The finish of the open project, for screens: its name, and what was learnt of the album for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.document.model import Project
from app.studio.finish.chosen import chosen_finish, learnt_finish, name_of


@dataclass(frozen=True)
class Learnt:
    """What was learnt of the album's sound."""

    has_air: bool
    """Above 8 kHz."""
    has_width: bool


def finish_name(project: Project, folder: Path) -> str:
    """Another name whenever clips are to sound otherwise than before; "" as made."""
    return name_of(chosen_finish(project, folder))


def learnt_of(folder: Path) -> Learnt | None:
    """What the album of the project in `folder` taught; None where nothing was learnt yet."""
    finish = learnt_finish(folder)
    return Learnt(finish.has_air, finish.has_width) if finish is not None else None
