"""Edits of the tempo of clips: what listening has found is put right by hand."""

from __future__ import annotations

from msgspec.structs import replace

from app.document.model import Project, Tempo
from app.document.tree import swap


def set_tempo(project: Project, clip: str, tempo: Tempo | None) -> Project:
    """Corrects the tempo of a clip; None goes back to what listening finds."""
    return replace(project, clips=swap(project.clips, clip, lambda clip: replace(clip, tempo=tempo)))
