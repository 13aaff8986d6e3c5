"""Arguments and options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.document.model import FASTEST_BPM, FORMAT_TITLES, SLOWEST_BPM
from app.document.recipe_book import RECIPE_BOOK
from app.shell.paths import path_argument, path_option

Project = Annotated[Path, path_argument(help="The project's folder, NAME.deepcuts.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Seed = Annotated[int, typer.Option(help="The same seed makes the same choices.", min=0, max=2**31 - 1)]
Formats = Annotated[str, typer.Option("--format", help=f"File formats with commas: {', '.join(FORMAT_TITLES)}.")]
_GUIDES = (
    "What clips play along to: album (its own bars in a new order), dream (bars that it does not have), none, "
    "any sound or MIDI file, or a song of the project or its section: “Song 2, section 3”."
)
_GUIDE_NAMES = "album|dream|none|FILE|SONG"
GuideOfRecipe = Annotated[
    str | None, typer.Option(help=f"{_GUIDES} Else as the recipe says.", metavar=_GUIDE_NAMES, show_default=False)
]
Recipe = Annotated[
    str,
    typer.Option(
        help="How songs are put together: "
        + "; ".join(f"{name}, after {recipe.after}" for name, recipe in RECIPE_BOOK.items())
        + ".",
        metavar="NAME",
    ),
]
Follow = Annotated[float, typer.Option(help="How closely they play along, from 0 to 1.", min=0.0, max=1.0)]
Form = Annotated[
    str | None,
    typer.Option(
        help="Which part follows which in the guide, with --guide album or dream: “intro A B A break B end”.",
        metavar="PARTS",
        show_default=False,
    ),
]
Bpm = Annotated[
    float | None,
    typer.Option(help="Tempo of that guide.", min=SLOWEST_BPM, max=FASTEST_BPM, show_default=False),
]
Heed = Annotated[str, typer.Option(help="What of the guide they follow.", metavar="both|strokes|notes")]
Fine = Annotated[
    str,
    typer.Option(
        "--notes",
        help="How fine notes are: coarse ones share the least with a recording.",
        metavar="fine|medium|coarse",
    ),
]
InARow = Annotated[
    bool, typer.Option("--in-a-row", help="Bars of the album, cut anew, may follow each other as they do there.")
]
GoingOn = Annotated[
    str | None,
    typer.Option(
        "--guide",
        help=f"{_GUIDES} Or the .guide file beside a clip.  [default: album; with --prime CLIP, what that clip plays "
        "along to goes on]",
        metavar=_GUIDE_NAMES,
        show_default=False,
    ),
]
Photos = Annotated[Path | None, path_option(help="A folder of photographs for the cover.")]
Preset = Annotated[
    str | None,
    typer.Option(
        help="The model: guided-sketch (minutes, rough, hears its guide), sketch (hears none), paper (the albums of "
        "2018), paper-32k (brighter), long (patterns twice as long), two-tier-iclr, three-tier-iclr or slash.",
        show_default="guided-sketch; sketch on a GPU, or without the native generator",
    ),
]
Budget = Annotated[
    str | None, typer.Option(help="How long to learn: 90s, 10m, 2h.", metavar="TIME", show_default=False)
]
Epochs = Annotated[int | None, typer.Option(help="How many epochs to learn.", min=1, show_default=False)]
