"""Opening a project: its folder is held first, and its document is read then, so that no one writes in between."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.document.last_good import keep_last_good, last_good, restore_last_good
from app.document.lock import ProjectLock, new_or_held
from app.document.model import Project
from app.document.store import ProjectFolder, new_document, read_document
from app.document.writable import try_writing


def hold_project(folder: Path) -> tuple[ProjectLock, Project]:
    """Holds a project until the lock is released, and gives its document, of which it leaves a copy.

    Raises:
        UserError: as `ProjectLock` and `load_project`.
    """
    _refuse_what_is_none(folder)
    lock = ProjectLock(folder)
    try:
        project = _read(folder, lock)
    except BaseException:
        lock.release()
        raise
    return lock, project


@contextmanager
def held_project(folder: Path) -> Iterator[Project]:
    """As `hold_project`, until the end of the block."""
    lock, project = hold_project(folder)
    with lock:
        yield project


@contextmanager
def new_or_held_project(folder: Path, *, is_fresh: bool = False) -> Iterator[Project]:
    """As `held_project`, or an empty document where there is none; for whoever means to save it.

    Nothing is left of a new project that is not saved.

    Raises:
        UserError: as `new_or_held`, `try_writing` and `load_project`.
    """
    with new_or_held(folder, is_fresh=is_fresh) as lock:
        try_writing(folder)
        yield _read(folder, lock) if ProjectFolder(folder).document.exists() else new_document(folder)


def restore_project(folder: Path) -> None:
    """Puts the good copy of the document in the place of a damaged one: see `restore_last_good`.

    Raises:
        UserError: as `ProjectLock` and `restore_last_good`.
    """
    with ProjectLock(folder):
        restore_last_good(ProjectFolder(folder).document)


def _refuse_what_is_none(folder: Path) -> None:
    """Nothing at all is done in a folder that is no project, not even a lock laid into it."""
    document = ProjectFolder(folder).document
    if not os.path.exists(document) and not os.path.exists(last_good(document)):
        read_document(folder)


def _read(folder: Path, lock: ProjectLock) -> Project:
    """The document of a folder that is held, and so was looked through; leaves a copy of it."""
    project = read_document(folder)
    lock.clear_leftovers()
    _keep_copy(ProjectFolder(folder).document)
    return project


def _keep_copy(document: Path) -> None:
    with suppress(OSError):
        text = document.read_bytes()
        copy = last_good(document)
        if not copy.is_file() or copy.stat().st_size != len(text) or copy.read_bytes() != text:
            keep_last_good(document, text)
