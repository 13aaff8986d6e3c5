"""The project on disk: one folder `NAME.deepcuts/`, whose `project.json` is always whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from app.document.errors import UserError, refused
from app.document.files import make_folders, replacing
from app.document.folder_check import check_folder
from app.document.migrations import MIGRATIONS
from app.document.model import SCHEMA_VERSION, Project

SUFFIX = ".deepcuts"
_LARGEST_DOCUMENT = 64 * 2**20


@dataclass(frozen=True)
class ProjectFolder:
    """Where everything of one project lies."""

    path: Path

    @property
    def document(self) -> Path:
        return self.path / "project.json"

    @property
    def album(self) -> Path:
        return self.path / "album"

    @property
    def dataset(self) -> Path:
        return self.path / "dataset"

    @property
    def runs(self) -> Path:
        return self.path / "runs"

    @property
    def clips(self) -> Path:
        return self.path / "clips"

    @property
    def artwork(self) -> Path:
        return self.path / "artwork"

    @property
    def releases(self) -> Path:
        return self.path / "releases"

    @property
    def cache(self) -> Path:
        """What can be made again at any time: peaks, resampled clips."""
        return self.path / "cache"


def create_project(path: Path) -> Project:
    """Makes the folder with an empty document in it.

    Raises:
        UserError: where the folder cannot be made or already holds a project.
    """
    folder = ProjectFolder(path)
    if folder.document.exists():
        raise UserError(f"“{path.name}” is a project already.", "Open it, or choose another name.")
    project = Project(name=path.name.removesuffix(SUFFIX))
    try:
        make_folders(path)
    except OSError as error:
        raise refused(f"“{path}” cannot be made", error) from error
    save_project(path, project)
    return project


def open_or_create(path: Path) -> Project:
    """The project in the folder, made first where there is none."""
    return load_project(path) if ProjectFolder(path).document.exists() else create_project(path)


def load_project(path: Path) -> Project:
    """Reads the document of the project folder `path`.

    Raises:
        UserError: where it is missing, damaged, or was written by a newer Deep Cuts, and as `check_folder`.
    """
    check_folder(path)
    document = ProjectFolder(path).document
    try:
        if document.stat().st_size > _LARGEST_DOCUMENT:
            raise UserError(f"“{document}” is far too large to be a project.", "Choose another folder.")
        raw = document.read_bytes()
    except FileNotFoundError:
        if not path.exists():
            raise UserError(f"“{path}” is not there.", "Check the name, or make a new project.") from None
        raise UserError(
            f"“{path}” is not a Deep Cuts project.", "Choose a folder whose name ends in .deepcuts."
        ) from None
    except OSError as error:
        raise UserError(f"“{document}” cannot be read: {error.strerror}.", "Check its permissions.") from error
    return _decode(raw, document)


def _decode(raw: bytes, document: Path) -> Project:
    damaged = UserError(f"“{document}” is damaged.", "Put back a copy of it; the clips beside it are still there.")
    try:
        version = msgspec.json.decode(raw, type=_Versioned).version
    except msgspec.MsgspecError:
        raise damaged from None
    if version > SCHEMA_VERSION:
        raise UserError(
            "This project was made by a newer Deep Cuts.", "Update Deep Cuts to open it; nothing was changed."
        )
    try:
        if version == SCHEMA_VERSION:
            project = msgspec.json.decode(raw, type=Project)
        else:
            project = msgspec.convert(_migrate(msgspec.json.decode(raw), version), type=Project)
    except msgspec.ValidationError as error:
        _, _, place = str(error).rstrip("`").rpartition("`$.")
        if not place:
            raise damaged from None
        raise UserError(
            f"“{document}” is damaged: what stands at “{place}” does not belong there.", "Mend it, or put back a copy."
        ) from None
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError):
        raise damaged from None
    if not all(map(_stays_inside, _files_named(project))):
        raise UserError(
            "This project names files outside its own folder and was not opened.", "Ask its maker for a clean copy."
        )
    return project


def _files_named(project: Project) -> Iterator[str]:
    """Also the ids that folders and cached files are named after."""
    yield project.album.cover
    yield from (run.id for run in project.runs)
    for made in (project.clips, project.covers):
        yield from (name for record in made for name in (record.id, record.file))


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and ":" not in name


class _Versioned(msgspec.Struct):
    version: int


def _migrate(raw: dict[str, Any], version: int) -> dict[str, Any]:
    for step in range(version, SCHEMA_VERSION):
        raw = MIGRATIONS[step](raw)
    return raw


def save_project(path: Path, project: Project) -> None:
    """Writes the document so that the old one stands until the new one is whole.

    Raises:
        UserError: where it cannot be written; the old document is untouched. A folder that is gone is not made again.
    """
    if not path.is_dir():
        raise UserError(
            f"The folder of “{path.stem}” is gone: it was moved or removed.", "Put it back, or save a copy."
        )
    text = msgspec.json.format(msgspec.json.encode(project), indent=1)
    try:
        with replacing(ProjectFolder(path).document) as fresh:
            fresh.write_bytes(text)
    except OSError as error:
        raise UserError(
            f"The project could not be saved: {error.strerror}.", "Free some space or choose another folder."
        ) from error
