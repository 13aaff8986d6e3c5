"""Paths as they are typed in the shell."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import typer


def path_named(text: str) -> Path:
    """The path that a text names.

    An empty text, as a variable that is not set leaves it, would mean the folder one stands in.

    Raises:
        BadParameter: where the text is empty.
    """
    if not text:
        raise typer.BadParameter("an empty text names no file and no folder; a dot (.) is the folder you are in")
    return Path(text)


path_option = partial(typer.Option, parser=path_named, show_default=False)
path_argument = partial(typer.Argument, parser=path_named, show_default=False)
