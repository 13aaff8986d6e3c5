"""What is remembered of a release once it has been exported."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

MOST_EXPORTED = 100
"""Older ones are forgotten."""


class Exported(Struct, frozen=True, kw_only=True):
    """One release on the disk: written once, and never looked at again by itself."""

    folder: Annotated[str, Meta(min_length=1, max_length=32_000)]
    """Within the project relative to it, with "/"; else absolute."""
    title: Annotated[str, Meta(max_length=100_000)] = ""
    date: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$")]
    formats: Annotated[tuple[Annotated[str, Meta(max_length=16)], ...], Meta(max_length=16)] = ()

    def path(self, project: Path) -> Path:
        """Where it lies, if it is still there.

        Args:
            project: the project's folder.
        """
        return project / self.folder
