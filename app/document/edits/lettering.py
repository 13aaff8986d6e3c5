"""Edits of the names on the cover."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import convert, to_builtins
from msgspec.structs import replace

from app.document.lettering import LARGEST_TYPE, SMALLEST_TYPE, Lettering, TypeLine
from app.document.model import Project

LineName = Literal["title", "artist"]


def letter_cover(project: Project, on: bool) -> Project:
    """Sets the names on the cover, or takes them off; how they are set is kept."""
    return _with(project, replace(project.release.lettering, on=on))


def set_type(project: Project, line: LineName, **changes: Any) -> Project:
    """Changes fields of a `TypeLine`; places and sizes are kept within what is allowed.

    Raises:
        msgspec.ValidationError: for a colour that is none, or a field that there is not.
    """
    for name, (least, most) in {"x": (0.0, 1.0), "y": (0.0, 1.0), "size": (SMALLEST_TYPE, LARGEST_TYPE)}.items():
        if name in changes:
            changes[name] = min(max(changes[name], least), most)
    lettering = project.release.lettering
    changed = replace(getattr(lettering, line), **changes)
    return _with(project, replace(lettering, **{line: convert(to_builtins(changed), TypeLine)}))


def _with(project: Project, lettering: Lettering) -> Project:
    return replace(project, release=replace(project.release, lettering=lettering))
