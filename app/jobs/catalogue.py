"""The rest of the artist's catalogue."""

from __future__ import annotations

from app.studio.catalogue import titles_in

__all__ = ["titles_in"]
