"""The cover with the names on it, drawn in the background as fast as it is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.document.model import Cover, Project
from app.jobs.job import Job, JobList
from app.jobs.latest import LatestOnly
from app.studio.artwork.lettering import LEAST_CONTRAST, Faces, Placed, names_of
from resources.progress import Cancelled, Report

__all__ = ["LEAST_CONTRAST", "CoverDrawing", "Faces", "LetteredCover", "Placed", "list_faces", "names_of"]


@dataclass(frozen=True)
class LetteredCover:
    """A cover as it will be printed.

    Args:
        pixels: RGB bytes [height, width, 3].
        placed: where the names ("title", "artist") are that are set on it.
        colours: "#rrggbb" that would go with the picture.
    """

    pixels: NDArray[np.uint8]
    placed: Mapping[str, Placed]
    colours: tuple[str, ...]


class CoverDrawing(QObject):
    """Draws covers one at a time. What is asked for meanwhile waits; of several, only the last is drawn.

    Signals:
        drawn(object): a `LetteredCover`, in the thread of the window.
        set_anew(object): RGB bytes [height, width, 3] of candidates by id: see `set_type_anew`.
        failed(str): why it cannot be drawn.
    """

    drawn = Signal(object)
    set_anew = Signal(object)
    failed = Signal(str)

    def __init__(self, folder: Path, jobs: JobList, faces: Faces, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._jobs = jobs
        self._faces = faces
        self._setting: Job | None = None
        self._requests = LatestOnly(self._start, self)

    def draw(self, project: Project, cover: Cover | None, side: int) -> None:
        """Asks for a candidate, or for what the release bears without one, at `side` pixels, with the names on it."""
        self._requests.ask((project, cover, side))

    def set_type_anew(self, project: Project, covers: Sequence[Cover], side: int) -> None:
        """Draws candidates that are nothing but the names, with the names as they are now."""
        folder, faces = self._folder, self._faces

        def work(report: Report, cancelled: Cancelled) -> dict[str, NDArray[np.uint8]]:
            from app.studio.artwork.lettering import bare_cover

            return {cover.id: np.array(bare_cover(project, folder, cover, side, faces)) for cover in covers}

        self._setting = job = self._jobs.start("Type", work, quiet=True)
        # of two that overtake each other, only the newer one has the names as they are
        job.finished.connect(lambda pictures: self.set_anew.emit(pictures) if job is self._setting else None)
        job.failed.connect(self.failed)

    def _start(self, request: tuple[Project, Cover | None, int]) -> Job:
        project, cover, side = request
        folder, faces = self._folder, self._faces

        def work(report: Report, cancelled: Cancelled) -> LetteredCover:
            from app.studio.artwork.lettering import bare_cover, bears_names, colours_for, letter

            bare = bare_cover(project, folder, cover, side, faces)
            picture, placed = (bare, {}) if bears_names(project, cover) else letter(project, bare, faces)
            return LetteredCover(np.array(picture), placed, colours_for(bare))

        job = self._jobs.start("Type", work, quiet=True)
        job.finished.connect(self.drawn)
        job.failed.connect(self.failed)
        return job


def list_faces(jobs: JobList, faces: Faces) -> Job:
    """Looks at all installed faces; the job finishes with their names."""
    return jobs.start("Faces", lambda report, cancelled: tuple(faces.names), quiet=True)
