"""Where projects are kept: fresh ones, untouched ones, renamed ones."""

from __future__ import annotations

import errno
import itertools
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec.structs import replace

from app.document.errors import UserError
from app.document.file_names import file_name
from app.document.handle import HANDLE_NAME
from app.document.last_good import last_good
from app.document.lock import LOCK_NAME
from app.document.model import Project
from app.document.names import clean_name
from app.document.store import SUFFIX, ProjectFolder, create_project
from resources.files import flush_folder, make_folders

UNTITLED = "Untitled"
_OURS = re.compile(rf"{UNTITLED}( \d+)?")


def new_untitled(shelf: Path) -> tuple[Path, Project]:
    """Makes a fresh project in the folder `shelf` and gives its folder and its document.

    Raises:
        UserError: where it cannot be written.
    """
    try:
        make_folders(shelf)
        path = new_folder(_numbered(shelf, UNTITLED))
    except OSError as error:
        raise UserError.from_os_error(f"No new project can be made in “{shelf}”", error) from error
    try:
        return path, create_project(path)
    except UserError:
        with suppress(OSError):
            path.rmdir()
        raise


def unsaved_untitled(shelf: Path) -> tuple[Path, Project]:
    """As `new_untitled` where none can be made by now: nothing is on the disk yet, perhaps not even the shelf."""
    path = _first_free(shelf, UNTITLED)
    return path, Project(name=path.stem)


def new_folder(names: Iterable[Path]) -> Path:
    """Makes the first folder of these that is not there yet; two that ask at once get one each.

    Raises:
        OSError: where none can be made.
    """
    for path in names:
        with suppress(FileExistsError):
            path.mkdir()
            return path
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


def free_copy(folder: Path, name: str, shelf: Path) -> Path:
    """A place for a copy of the project in `folder` that is not taken: beside it where one may write there."""
    place = folder.parent if os.access(folder.parent, os.W_OK) else shelf
    return _first_free(place, f"{file_name(name)} copy")


def _numbered(parent: Path, stem: str) -> Iterator[Path]:
    """Folders of projects of that name: "Name", "Name 2", "Name 3" ..."""
    return (parent / f"{stem}{f' {number}' if number > 1 else ''}{SUFFIX}" for number in itertools.count(1))


def _first_free(parent: Path, stem: str) -> Path:
    return next(path for path in _numbered(parent, stem) if not os.path.lexists(path))


def is_untitled_name(name: str) -> bool:
    """Whether a project has a name of ours that the artist never chose."""
    return _OURS.fullmatch(name) is not None


def is_untouched(path: Path, project: Project) -> bool:
    """Whether nothing was ever done with a fresh project, in its document or in its folder."""
    if not is_untitled_name(path.stem) or project != Project(name=path.stem):
        return False
    place = ProjectFolder(path)
    by_itself = {place.document, last_good(place.document), place.cache, path / LOCK_NAME, path / HANDLE_NAME}
    try:
        return set(path.iterdir()) <= by_itself
    except OSError:
        return False


def remove_untouched(path: Path) -> None:
    """Removes the folder of a project that `is_untouched`."""
    shutil.rmtree(path, ignore_errors=True)


def told_apart(projects: Sequence[Path]) -> list[str]:
    """Each project by the name of its folder; those of one name with as much of where they lie as tells them apart."""
    return [_told_apart(path, projects) for path in projects]


def one_of_twins(name: str, folder: Path, others: Sequence[Path]) -> str:
    """The name of the project in `folder`, with what tells it from others of that name where there are some."""
    numbered = re.fullmatch(re.escape(file_name(name)) + r" (\d+|\(\d+\))", folder.stem)
    return (folder.stem if numbered else name) + _told_apart(folder, [*others]).removeprefix(folder.stem)


def _told_apart(path: Path, others: Sequence[Path]) -> str:
    twins = [other for other in others if other != path and other.stem.casefold() == path.stem.casefold()]
    if not twins:
        return path.stem
    around = path.parent.parts
    for depth in range(1, len(around) + 1):
        if not any(other.parent.parts[-depth:] == around[-depth:] for other in twins):
            return f"{path.stem} (in {Path(*around[-depth:])})"
    return f"{path.stem} (in {path.parent})"


def settle(path: Path, project: Project) -> Path:
    """Gives the folder of a closed project the project's name where it still has one that no one chose.

    Returns:
        Where the project lies now.
    """
    if not is_untitled_name(path.stem) or is_untitled_name(project.name):
        return path
    wanted = _first_free(path.parent, file_name(project.name))
    try:
        os.rename(path, wanted)
        flush_folder(path.parent)
    except OSError:
        return path
    return wanted


def rename(project: Project, name: str) -> Project:
    """Gives the project a name; where nothing of it is left when it is cleaned, the old one stays."""
    return replace(project, name=clean_name(name) or project.name)
