"""`deepcuts studio`: hands the songs of a project over, as stems or as sessions of other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.document.store import load_project
from app.shell.arguments import Json, Project
from app.shell.choices import parse_form
from app.shell.json_output import show_json
from app.shell.paths import path_option
from app.shell.running import long_work


def studio(
    project: Project,
    out: Annotated[Path, path_option(help="The folder that a folder of stems or sessions is put in.")],
    to: Annotated[
        str,
        typer.Option(
            help="stems, every lane as a 24-bit WAV; dawproject, for Bitwig Studio, Studio One and Cubase; or reaper."
        ),
    ] = "stems",
    json: Json = False,
) -> None:
    """Hand the songs over to a studio, before loudness and limiter."""
    from app.studio.sessions.handing_over import hand_over

    form = parse_form(to)
    with long_work() as (report, cancelled):
        done = hand_over(load_project(project), project, out, form, report=report, cancelled=cancelled)
    if json:
        show_json({"folder": str(done.folder), "notes": done.notes})
    else:
        typer.echo("\n".join([str(done.folder), *done.notes]))
