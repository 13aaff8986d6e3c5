"""What the program is to open when it starts, as it is named on the command line or by a double click."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from app.document.errors import UserError
from app.document.handle import HANDLE_SUFFIX, project_of
from app.document.names import clean_name
from app.document.store import SUFFIX, ProjectFolder
from resources.files import is_there

COMMANDS = frozenset(
    ("again", "artwork", "export", "generate", "import", "info", "make", "measures", "studio", "titles", "train")
)
"""Of the shell: a folder of such a name is opened as ./NAME."""


@dataclass(frozen=True, slots=True)
class Given:
    """Absolute paths.

    Attributes:
        project: the folder of a project; None for none. It need not exist, to be told about in plain words.
        files: files and folders that are to be imported.
    """

    project: Path | None = None
    files: tuple[Path, ...] = ()


def given_in(arguments: Sequence[str]) -> Given | None:
    """What is to be opened in the window; None where the arguments are a command of the shell.

    Raises:
        UserError: a file is not there, or there is more than one project.
    """
    if any(not word or word.startswith("-") for word in arguments) or set(arguments[:1]) & COMMANDS:
        return None
    paths = [_path(word) for word in arguments]
    if paths and not any(_is_project(path) or _is_anything(path) or path.suffix for path in paths):
        return None
    for path in paths:
        if "\0" in str(path):
            raise UserError(f"“{clean_name(str(path))}” is not there.", "Check the name.")
    projects = list(dict.fromkeys(project_of(path) for path in paths if _is_project(path)))
    if len(projects) > 1:
        raise UserError("Only one project is open at a time.", "Name one of them.")
    files = tuple(path for path in paths if not _is_project(path))
    if missing := [path for path in files if not _is_anything(path)]:
        raise UserError(f"“{missing[0]}” is not there.", "Check the name.")
    return Given(projects[0] if projects else None, files)


def _path(word: str) -> Path:
    """Of a path, or of an address as desktops pass it on."""
    if word.startswith("file://"):
        with suppress(ValueError):
            if path := unquote(urlsplit(word).path, errors="surrogateescape"):
                return Path(path.lstrip("/") if os.name == "nt" else path).absolute()
    return Path(word).absolute()


def _is_project(path: Path) -> bool:
    return path.suffix in (SUFFIX, HANDLE_SUFFIX) or is_there(ProjectFolder(path).document)


def _is_anything(path: Path) -> bool:
    """Whether there is a file or a folder of that name; what no name can be is none."""
    try:
        return os.path.exists(path)
    except ValueError:
        return False
