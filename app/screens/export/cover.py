"""The cover of the release, drawn in the background."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.document.model import Project
from app.jobs.job import JobList
from app.jobs.lettering import CoverDrawing, Faces, LetteredCover, Placed, names_of
from app.widgets.pictures.picture import PictureView, image_of


class ReleaseCover(PictureView):
    """Draws the cover anew where something that it is made of has changed.

    Args:
        folder: of the project.

    Signals:
        drawn(): it is shown as it is now.
    """

    drawn = Signal()

    def __init__(self, folder: Path, jobs: JobList, parent: QWidget | None = None) -> None:
        super().__init__("Drawing the cover…", parent)
        self._made_of: tuple[object, ...] | None = None
        self._drawing = CoverDrawing(folder, jobs, Faces(), self)
        self._drawing.drawn.connect(self._on_drawn)
        self._drawing.failed.connect(self.show_words)
        self.placed: Mapping[str, Placed] = {}
        """Where the names ("title", "artist") are that are set on it."""

    def show_release(self, value: Project, side: int) -> None:
        """Shows the chosen cover with its lettering, `side` pixels wide and high."""
        chosen = next((cover for cover in value.covers if cover.id == value.release.cover), None)
        state = (chosen, value.release.lettering, value.album.cover, value.album.painted_out, *names_of(value).values())
        if state != self._made_of:
            self._made_of = state
            self._drawing.draw(value, chosen, side)

    @Slot(object)
    def _on_drawn(self, drawn: LetteredCover) -> None:
        self.placed = drawn.placed
        self.show_image(image_of(drawn.pixels))
        self.drawn.emit()
