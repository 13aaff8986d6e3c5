"""Copying a whole project in the background."""

from __future__ import annotations

import shutil
from concurrent.futures import CancelledError
from pathlib import Path

from msgspec.structs import replace

from app.document.errors import UserError
from app.document.store import SUFFIX, ProjectFolder, save_project
from app.jobs.job import Cancelled, Job, JobList, Report
from app.jobs.open_project import OpenProject


def save_copy(project: OpenProject, jobs: JobList, to: Path) -> Job:
    """Starts copying the project to the folder `to`, which must not be there; the job finishes with its path.

    What can be made again at any time is left out.
    """
    folder, value = project.folder, project.value

    def work(report: Report, cancelled: Cancelled) -> Path:
        if to.exists():
            raise UserError(f"“{to.name}” is there already.", "Choose another name.")
        part = to.with_name(f".{to.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        try:
            _copy(folder, part, report, cancelled)
            save_project(part, replace(value, name=to.name.removesuffix(SUFFIX)))
            part.rename(to)
        except (OSError, shutil.Error) as error:
            raise UserError(
                f"The copy could not be written: {error}.", "Make room on the disk, and try again."
            ) from None
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return to

    return jobs.start("Copying", work)


def _copy(folder: Path, to: Path, report: Report, cancelled: Cancelled) -> None:
    places = ProjectFolder(folder)
    files = [
        path
        for path in folder.rglob("*")
        if path.is_file() and places.cache not in path.parents and path.name != ".lock" and path != places.document
    ]
    whole = sum(path.stat().st_size for path in files) or 1
    done = 0
    to.mkdir(parents=True)
    for path in files:
        if cancelled():
            raise CancelledError
        place = to / path.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, place)
        done += place.stat().st_size
        report(done / whole, path.name)
