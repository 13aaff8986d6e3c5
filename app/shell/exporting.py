"""What the shell gives to an export, and what an export in the shell leaves in the project."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from app.document.edits.exported import add_exported, exported_today
from app.document.edits.release import set_facts, set_isrc
from app.document.errors import UserError
from app.document.model import Project
from app.document.opening import held_project
from app.document.store import save_project
from app.document.words import plural

Fact = Annotated[str | None, typer.Option(help="For the tags; else as the project says.", show_default=False)]


def with_facts(project: Project, facts: Mapping[str, str | None], isrcs: str | None) -> Project:
    """The document with what was given of the facts, by the names of `ReleaseFacts`, and with the songs' ISRCs.

    Raises:
        UserError: a date or a code that is none, or more codes than songs.
    """
    given = {name: text for name, text in facts.items() if text is not None}
    if given:
        project = set_facts(project, replace(project.release.facts, **given))
    songs = [song for song in project.songs if song.frames]
    codes = isrcs.split(",") if isrcs is not None else []
    if len(codes) > len(songs):
        raise UserError(f"There are {len(codes)} ISRCs for {plural(len(songs), 'song')}.", "Give one for each song.")
    for song, code in zip(songs, codes, strict=False):
        project = set_isrc(project, song.id, code)
    return project


def remember(exported: Project, folder: Path, release: Path) -> None:
    """Notes the release in the project, unless that is open elsewhere or cannot be written: an export needs neither.

    Args:
        exported: the document as it was exported.
        folder: of the project.
    """
    with suppress(UserError), held_project(folder) as project:
        save_project(folder, add_exported(project, exported_today(exported, folder, release)))
