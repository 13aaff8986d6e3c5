"""Candidates for a cover as tests ask for them: by the settings that matter to each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.document.model import Cover, Project
from app.studio.artwork.covers import make_covers, make_more_like
from app.studio.artwork.settings import CoverSettings
from artwork.rendering import Rendering

_RENDERING = ("size", "report", "cancelled", "preview")


def made_covers(
    project: Project,
    folder: Path,
    *,
    count: int,
    seed: int = 0,
    made: Callable[[Cover], object] = lambda cover: None,
    **wanted: Any,
) -> tuple[Cover, ...]:
    """`make_covers` with fields of its settings and of its rendering by name."""
    rendering = Rendering(**{name: wanted.pop(name) for name in _RENDERING if name in wanted})
    return make_covers(project, folder, CoverSettings(**wanted), range(seed, seed + count), rendering, made)


def made_like(project: Project, folder: Path, id: str, *, count: int, seed: int = 0, size: int) -> tuple[Cover, ...]:
    """`make_more_like` of so many seeds in a row."""
    return make_more_like(project, folder, id, range(seed, seed + count), Rendering(size))
