"""Edits of what is painted out of the old cover."""

from __future__ import annotations

from msgspec.structs import replace

from app.document.model import Project
from app.document.painting import MOST_PAINTED, PaintedBox

_LEAST = 0.004
"""Sides of the cover; less is a click, and no box."""


def paint_over(project: Project, left: float, top: float, width: float, height: float) -> Project:
    """Marks a box, as far as it lies on the cover; one that is next to nothing, or one too many, changes nothing."""
    right, bottom = min(left + width, 1.0), min(top + height, 1.0)
    left, top = max(left, 0.0), max(top, 0.0)
    boxes = project.album.painted_out
    if min(right - left, bottom - top) < _LEAST or len(boxes) >= MOST_PAINTED:
        return project
    box = PaintedBox(left=left, top=top, width=right - left, height=bottom - top)
    return _with(project, (*boxes, box))


def bring_back(project: Project, place: int | None = None) -> Project:
    """Takes away the box at a place, or all of them."""
    boxes = project.album.painted_out
    return _with(project, () if place is None else (*boxes[:place], *boxes[place + 1 :]))


def _with(project: Project, boxes: tuple[PaintedBox, ...]) -> Project:
    return replace(project, album=replace(project.album, painted_out=boxes))
