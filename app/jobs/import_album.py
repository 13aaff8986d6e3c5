"""Importing in the background."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import platformdirs

from app.document.edits.album import add_album
from app.document.model import Album, Project
from app.document.shelf import is_untitled_name, rename
from app.jobs.job import Job, JobList
from app.session.open_project import OpenProject
from app.studio.importing.album import Imported, import_album
from resources.files import make_folders
from resources.progress import Cancelled, Report

__all__ = ["Imported", "demo_band_folder", "import_demo_band", "import_files", "import_pictures"]

_RENDERING = 0.7
"""Share of the work that playing the demo band is."""


def import_files(project: OpenProject, jobs: JobList, paths: Sequence[Path]) -> Job:
    """Starts reading files and folders; what is found in them is added to the album, as an edit.

    The job finishes with an `Imported`: the album that was read, and what was refused.
    """
    folder = project.folder

    def work(report: Report, cancelled: Cancelled) -> Imported:
        return import_album(paths, folder, report, cancelled)

    return _started(project, jobs, "Importing", work)


def import_pictures(project: OpenProject, jobs: JobList, paths: Sequence[Path], *, as_cover: bool) -> Job:
    """The same for pictures alone: the first is the cover where one is wanted, the others are photographs."""
    folder = project.folder

    def work(report: Report, cancelled: Cancelled) -> Imported:
        from app.studio.importing.album import import_pictures

        return import_pictures(paths, folder, as_cover=as_cover, cancelled=cancelled)

    return _started(project, jobs, "Importing", work)


def demo_band_folder() -> Path:
    """Where the demo band's album is kept: beside no project, so that it is played once and survives every one."""
    data = platformdirs.user_data_path("deepcuts", appauthor=False)
    with suppress(OSError):  # whoever writes there says what is wrong
        make_folders(data)
    return data / "The demo band"


def import_demo_band(project: OpenProject, jobs: JobList) -> Job:
    """Starts the demo band playing its album, which then joins the project; finishes like `import_files`."""
    folder = project.folder

    def work(report: Report, cancelled: Cancelled) -> Imported:
        from app.studio.demo.demo import render_demo_band

        place = demo_band_folder()
        render_demo_band(place, lambda done, text: report(done * _RENDERING, text), cancelled)
        return import_album(
            [place], folder, lambda done, text: report(_RENDERING + done * (1 - _RENDERING), text), cancelled
        )

    return _started(project, jobs, "The demo band", work)


def _started(project: OpenProject, jobs: JobList, name: str, work: Any) -> Job:
    job = jobs.start(name, work)
    job.finished.connect(partial(_add, project))
    return job


def _add(project: OpenProject, imported: Imported) -> None:
    project.put("Import", _named(add_album(project.value, imported.album), imported.album))


def _named(project: Project, album: Album) -> Project:
    """A project that no one has named yet takes the name of its album."""
    if album.title and is_untitled_name(project.name):
        return rename(project, album.title)
    return project
