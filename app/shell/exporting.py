"""`deepcuts export`, and what it leaves in the project."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from app.document.edits.exported import add_exported, exported_today
from app.document.edits.release import (
    set_each_song,
    set_facts,
    set_finish,
    set_formats,
    set_isrc,
    set_limiter,
    set_loudness,
)
from app.document.errors import UserError
from app.document.model import Project
from app.document.opening import held_project
from app.document.store import load_project, save_project
from app.document.words import plural
from app.shell.arguments import Json
from app.shell.arguments import Project as ProjectArgument
from app.shell.choices import parse_finish, parse_formats
from app.shell.json_output import show_json
from app.shell.paths import path_option
from app.shell.running import complain, long_work

exporting = typer.Typer()
"""Its command is one of `deepcuts`."""
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


@exporting.command()
def export(
    project: ProjectArgument,
    out: Annotated[Path, path_option(help="The folder that the finished album is put in.")],
    formats: Annotated[
        str | None, typer.Option("--format", help="As for make; else as the project says.", show_default=False)
    ] = None,
    loudness: Annotated[
        float | None, typer.Option(help="Loudness of the album in LUFS.", min=-40, max=-5, show_default=False)
    ] = None,
    finish: Annotated[
        str | None,
        typer.Option(
            help="What is put on clips: album, its air and width; air; or made, nothing. Else as the project says.",
            show_default=False,
        ),
    ] = None,
    each_song: Annotated[
        bool | None, typer.Option("--each-song/--one-gain", help="A gain for each song, or one for the album.")
    ] = None,
    limiter: Annotated[
        bool | None, typer.Option("--limiter/--no-limiter", help="Whether peaks may be held back for the loudness.")
    ] = None,
    genre: Fact = None,
    date: Fact = None,
    upc: Fact = None,
    composer: Fact = None,
    label: Fact = None,
    isrc: Annotated[
        str | None, typer.Option(help="The ISRC of each song, with commas, in their order.", show_default=False)
    ] = None,
    json: Json = False,
) -> None:
    """Write the finished album: songs, cover, playlist, and how it was made."""
    from app.studio.finish.chosen import learnt_finish
    from app.studio.release.export import export_release
    from app.studio.release.record import notes_of, problems_of

    document = load_project(project)
    facts = {"genre": genre, "date": date, "upc": upc, "composer": composer, "label": label}
    document = with_facts(document, facts, isrc)
    if each_song is not None:
        document = set_each_song(document, each_song)
    if limiter is not None:
        document = set_limiter(document, limiter)
    if formats is not None:
        document = set_formats(document, parse_formats(formats))
    if loudness is not None:
        document = set_loudness(document, loudness)
    if finish is not None:
        document = set_finish(document, parse_finish(finish))
        if document.release.finish != "made" and learnt_finish(project) is None:
            complain("Nothing was learnt of the album's air and width yet, so clips sound as made. Train it first.")
    with long_work() as (report, cancelled):
        release = export_release(document, project, out, report=report, cancelled=cancelled)
    remember(document, project, release)
    notes, problems = notes_of(release), problems_of(release)
    if json:
        show_json({"release": str(release), "notes": notes, "problems": problems})
    else:
        typer.echo("\n".join([str(release), *notes, *problems]))
