"""Setting the names on the cover: between the picture, the panel and the document."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from PySide6.QtCore import QObject, Slot

from app.document.edits.lettering import LineName, letter_cover, set_type
from app.document.model import Cover
from app.jobs.job import JobList
from app.jobs.lettering import Faces, LetteredCover, list_faces, names_of
from app.screens.artwork.lettering_panel import TypePanel
from app.session.open_project import OpenProject
from app.widgets.pictures.type_picture import TypePicture


class Typing(QObject):
    """Turns what the person does to the names, on the picture and in the panel, into edits."""

    def __init__(
        self, project: OpenProject, jobs: JobList, faces: Faces, picture: TypePicture, panel: TypePanel
    ) -> None:
        super().__init__(picture)
        self._project, self._jobs, self._faces = project, jobs, faces
        self._picture, self._panel = picture, panel
        self._has_faces = False
        self._is_on = False
        self._drawn: LetteredCover | None = None
        self._gestures = 0
        panel.switched.connect(self._on_switched)
        panel.changed.connect(self._on_changed)
        panel.line_chosen.connect(self._show_boxes)
        picture.taken.connect(panel.choose_line)
        picture.pushed.connect(self._on_pushed)
        picture.let_go.connect(self._end_gesture)

    def begin(self) -> None:
        """The names can be edited from now on; set for the first time, they come onto the cover."""
        self._is_on = True
        if not self._has_faces:
            self._has_faces = True
            list_faces(self._jobs, self._faces).finished.connect(self._panel.show_faces)
        self._show_boxes()

    def end(self) -> None:
        """The names can no longer be moved on the picture."""
        self._is_on = False
        self._show_boxes()

    def show_cover(self, cover: Cover | None) -> None:
        """Args: cover: the candidate that is shown; None for the old cover."""
        value = self._project.value
        is_type_cover = cover.method == "type" if cover else not value.album.cover
        self._panel.show_lettering(value.release.lettering, names_of(value), is_type_cover)
        self._show_boxes()

    @Slot(object)
    def show_drawn(self, drawn: LetteredCover) -> None:
        """Shows what came of the names on the picture."""
        self._drawn = drawn
        self._panel.show_drawn(drawn.placed, drawn.colours)

    @Slot()
    def _show_boxes(self) -> None:
        self._picture.edit_words(self._is_on and self._project.value.release.lettering.on, self._panel.line)

    # edits

    @Slot(bool)
    def _on_switched(self, on: bool) -> None:
        self._project.edit("Set type on cover" if on else "Take type off cover", letter_cover, on)

    @Slot(str, object, bool)
    def _on_changed(self, line: LineName, fields: dict[str, Any], more: bool) -> None:
        self._change(line, ("type", self._gestures, line, *fields) if more or "size" in fields else None, **fields)
        if not more:
            self._end_gesture()

    @Slot(str, float, float)
    def _on_pushed(self, line: LineName, right: float, down: float) -> None:
        placed = self._drawn.placed.get(line) if self._drawn else None
        if placed is None:
            return
        here = getattr(self._project.value.release.lettering, line)
        x, y = (
            place + by / room if room > 0.001 else place
            for place, by, room in zip((here.x, here.y), (right, down), placed.room, strict=True)
        )
        self._change(line, ("place", self._gestures, line), x=x, y=y)

    @Slot()
    def _end_gesture(self) -> None:
        self._gestures += 1

    def _change(self, line: LineName, gesture: Hashable, **fields: Any) -> None:
        self._project.put("Set type", set_type(self._project.value, line, **fields), gesture=gesture)
