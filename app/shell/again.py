"""`deepcuts again`: a section of a release, generated once more."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.shell.arguments import Json
from app.shell.json_output import show_json
from app.shell.paths import path_argument, path_option
from app.shell.running import long_work

_SAMENESS = {
    True: "the same to the last bit as on the release",
    False: "another one than on the release: this computer has another generator",
    None: "whether it is the same cannot be told, as the clip could not be read at the export",
}


def again(
    about: Annotated[Path, path_argument(help="The about.json of a release, or the folder of the release.")],
    project: Annotated[Path, path_option(help="The project that it was exported from.")],
    song: Annotated[int, typer.Option(help="Its number on the album.", min=1)],
    section: Annotated[int, typer.Option(help="Its number in the song, as about.json has it.", min=1)],
    out: Annotated[Path, path_option(help="The WAV file that the section is written to.")],
    json: Json = False,
) -> None:
    """Generate a section of a release once more, and tell whether it is the same to the last bit."""
    from app.studio.release.about import read_about
    from app.studio.release.again import section_again, write_section

    told = read_about(about)
    with long_work() as (report, cancelled):
        made = section_again(project, told, song, section, report, cancelled)
        write_section(made, out)
    if json:
        show_json({"file": str(out), "clip": made.clip, "is_same": made.is_same})
    else:
        typer.echo(f"{out}: {_SAMENESS[made.is_same]}")
