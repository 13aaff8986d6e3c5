"""The names that are set in type on the cover."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

Share = Annotated[float, Meta(ge=0.0, le=1.0)]
TypeSize = Annotated[float, Meta(ge=0.01, le=0.5)]
SMALLEST_TYPE, LARGEST_TYPE = 0.01, 0.5


class TypeLine(Struct, frozen=True, kw_only=True):
    """How one of the names is set."""

    on: bool = True
    x: Share = 0.0
    """From the left margin to the right one."""
    y: Share = 1.0
    """From the top margin to the bottom one."""
    size: TypeSize = 0.09
    """Height of the type in sides of the cover."""
    face: str = ""
    """Name of an installed face; "" for the program's own."""
    colour: Annotated[str, Meta(pattern="^#[0-9a-f]{6}$")] = "#ffffff"
    capitals: bool = False


class Lettering(Struct, frozen=True, kw_only=True):
    """Album and artist on the cover; the picture under them is never changed."""

    on: bool = False
    title: TypeLine = TypeLine(capitals=True)
    artist: TypeLine = TypeLine(x=1.0, y=0.0, size=0.036)
