"""What is painted out of the old cover before anything is made of it."""

from __future__ import annotations

from msgspec import Struct

from app.document.lettering import Share

MOST_PAINTED = 64


class PaintedBox(Struct, frozen=True, kw_only=True):
    """A box over some of the old lettering. Lengths are in sides of the old cover."""

    left: Share
    top: Share
    width: Share
    height: Share
