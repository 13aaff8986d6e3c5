"""Where projects are kept: fresh ones, untouched ones, renamed ones."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from msgspec.structs import replace

from app.document.files import flush_folder
from app.document.model import Project
from app.document.store import SUFFIX, create_project

UNTITLED = "Untitled"
_FORBIDDEN = '<>:"/\\|?*'
_OURS = re.compile(rf"{UNTITLED}( \d+)?")
_LONGEST_NAME = 80
_LEFTOVERS = {".lock", "cache", "project.json"}


def new_untitled(shelf: Path) -> tuple[Path, Project]:
    """Makes a fresh project in the folder `shelf` and gives its folder and its document.

    Raises:
        UserError: where it cannot be written.
    """
    number = 1
    while (path := shelf / f"{UNTITLED}{f' {number}' if number > 1 else ''}{SUFFIX}").exists():
        number += 1
    return path, create_project(path)


def is_untitled_name(name: str) -> bool:
    """Whether a project has a name of ours that the artist never chose."""
    return _OURS.fullmatch(name) is not None


def is_untouched(path: Path, project: Project) -> bool:
    """Whether nothing was ever done with a fresh project, in its document or in its folder."""
    if not is_untitled_name(path.stem) or project != Project(name=path.stem):
        return False
    try:
        return {entry.name for entry in path.iterdir()} <= _LEFTOVERS
    except OSError:
        return False


def remove_untouched(path: Path) -> None:
    """Removes the folder of a project that `is_untouched`."""
    shutil.rmtree(path, ignore_errors=True)


def file_name(name: str) -> str:
    """A name as a folder can bear it on every system."""
    clean = "".join("-" if letter in _FORBIDDEN or ord(letter) < 32 else letter for letter in name)
    return clean.strip(" .")[:_LONGEST_NAME].strip(" .") or UNTITLED


def settle(path: Path, project: Project) -> Path:
    """Gives the folder of a closed project the project's name where it still has one that no one chose.

    Returns:
        Where the project lies now.
    """
    if not is_untitled_name(path.stem) or is_untitled_name(project.name):
        return path
    stem = file_name(project.name)
    number = 1
    while (wanted := path.with_name(f"{stem}{f' {number}' if number > 1 else ''}{SUFFIX}")).exists():
        number += 1
    try:
        os.rename(path, wanted)
        flush_folder(path.parent)
    except OSError:
        return path
    return wanted


def rename(project: Project, name: str) -> Project:
    return replace(project, name=name.strip() or project.name)
