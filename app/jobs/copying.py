"""Copying a whole project in the background."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import CancelledError
from pathlib import Path

from msgspec.structs import replace

from app.document.errors import UserError
from app.document.folder_check import files_in
from app.document.last_good import last_good
from app.document.leftovers import is_leftover
from app.document.lock import LOCK_NAME
from app.document.names import clean_name
from app.document.store import SUFFIX, ProjectFolder, save_project
from app.document.unfinished import flush_files, move_to_free, unfinished_folder
from app.jobs.job import Job, JobList
from app.session.open_project import OpenProject
from resources.files import make_folders
from resources.progress import Cancelled, Report


def save_copy(project: OpenProject, jobs: JobList, to: Path, *, source: Path | None = None) -> Job:
    """Starts copying the project to the folder `to`, which must not be there; the job finishes with its path.

    It appears whole or not at all. What can be made again at any time is left out, as are links and whatever else is
    neither a file nor a folder.

    Args:
        source: where its files lie now, if not where it was opened.
    """
    folder, value = source or project.folder, project.value

    def work(report: Report, cancelled: Cancelled) -> Path:
        _refuse_taken(to)
        try:
            with unfinished_folder(to.parent) as part:
                _copy(folder, part, report, cancelled)
                save_project(part, replace(value, name=clean_name(to.name.removesuffix(SUFFIX))))
                flush_files(part)
                return move_to_free(part, lambda: _refuse_taken(to))
        except OSError as error:
            raise UserError.from_os_error("The copy could not be written", error) from error

    return jobs.start("Copying", work)


def _refuse_taken(to: Path) -> Path:
    if os.path.lexists(to):
        raise UserError(f"“{to.name}” is there already.", "Choose another name.")
    return to


def _copy(folder: Path, to: Path, report: Report, cancelled: Cancelled) -> None:
    places = ProjectFolder(folder)
    left_out = {places.document, last_good(places.document), folder / LOCK_NAME}
    files = [
        path
        for path in files_in(folder)
        if places.cache not in path.parents and path not in left_out and not is_leftover(path.relative_to(folder))
    ]
    whole = sum(path.stat().st_size for path in files) or 1
    done = 0
    for path in files:
        if cancelled():
            raise CancelledError
        place = to / path.relative_to(folder)
        make_folders(place.parent)
        done += _copy_file(path, place)
        report(done / whole, path.name)


def _copy_file(path: Path, place: Path) -> int:
    """What is in it and when it was written, but not who may write it: a copy of a read-only file can be changed.

    Returns:
        Bytes.
    """
    shutil.copyfile(path, place, follow_symlinks=False)
    known = path.stat(follow_symlinks=False)
    os.utime(place, ns=(known.st_atime_ns, known.st_mtime_ns))
    return known.st_size
