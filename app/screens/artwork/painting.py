"""Painting the old lettering out of the old cover: between the picture, the panel and the document."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QRectF, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.document.edits.painting import bring_back, paint_over
from app.document.model import Album
from app.jobs.job import JobList
from app.jobs.painting import PaintingOut
from app.session.open_project import OpenProject
from app.widgets.basics import SidePanel, button, column, label, scrolling
from app.widgets.dialogs.progress_box import ProgressBox
from app.widgets.pictures.paint_picture import PaintPicture
from app.widgets.pictures.picture import image_of

_MARK = "Paint out lettering"
_WORDS = (
    "Drag over the old lettering. What you mark is filled from what surrounds it, and covers are made of the picture "
    "without it. A click on a box brings back what was there; the old cover itself is never changed."
)


class PaintPanel(SidePanel):
    """Signals:
    done(): back to making pictures.
    """

    done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(320, parent)
        self.all_back = button("Bring all back", tip="The old cover as it was")
        self.progress = ProgressBox()
        self.finish = button("Done", "primary", tip="Back to making pictures (Escape)")
        self.finish.clicked.connect(self.done)
        words = label(_WORDS, "dim", wrap=True)
        body = column(label("Paint out the old lettering", "heading"), words, self.all_back, self.progress, 1)
        self.body.addWidget(scrolling(body, beside_bar=8), 1)
        self.body.addWidget(self.finish)


class Painting(QObject):
    """Signals:
    failed(str): why something cannot be painted out.
    """

    failed = Signal(str)

    def __init__(self, project: OpenProject, jobs: JobList, panel: PaintPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project, self._panel = project, panel
        self.picture = PaintPicture()
        self._is_on = False
        self._shown: tuple[Path, Album] | None = None
        self._work = PaintingOut(project.folder, jobs, self)
        self._work.painted.connect(self._on_painted)
        self._work.progressed.connect(lambda done, text, left: panel.progress.show_progress(done, text))
        self._work.failed.connect(self.failed)
        self._work.ended.connect(panel.progress.hide)
        panel.progress.cancel_asked.connect(self._cancel)
        self.picture.marked.connect(self._on_marked)
        self.picture.unmarked.connect(self._on_unmarked)
        panel.all_back.clicked.connect(lambda: self._edit(None))

    def begin(self) -> None:
        """What is painted out can be marked from now on."""
        self._is_on = True
        self._shown = None
        self.show_project()

    def end(self) -> None:
        """Nothing can be marked any more."""
        self._is_on = False

    def show_project(self) -> None:
        """Shows what is painted out of the old cover now, and paints it where that has changed."""
        value = self._project.value
        boxes = value.album.painted_out
        self._panel.all_back.setEnabled(bool(boxes))
        self.picture.show_boxes([QRectF(box.left, box.top, box.width, box.height) for box in boxes])
        state = (self._project.folder, value.album)
        if self._is_on and state != self._shown:
            self._shown = state
            self._panel.progress.begin("Painting out…")
            self._work.paint(value)

    @Slot(object)
    def _on_painted(self, pixels: np.ndarray) -> None:
        self.picture.show_image(image_of(pixels))

    @Slot()
    def _cancel(self) -> None:
        """Gives up what is being painted; where that is a box that was just marked, it is taken back."""
        self._work.cancel()
        if self._project.undo_name == _MARK:
            self._project.undo()

    @Slot(object)
    def _on_marked(self, box: QRectF) -> None:
        value = paint_over(self._project.value, box.left(), box.top(), box.width(), box.height())
        self._project.put(_MARK, value)

    @Slot(int)
    def _on_unmarked(self, place: int) -> None:
        self._edit(place)

    def _edit(self, place: int | None) -> None:
        self._project.edit("Bring lettering back", bring_back, place)
