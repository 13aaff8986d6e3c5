"""Edits of the tempo of clips: what listening has found is put right by hand."""

from __future__ import annotations

from msgspec.structs import replace

from app.document.edits.tree import swap
from app.document.model import FASTEST_BPM, SLOWEST_BPM, Project, Tempo


def set_tempo(project: Project, clip: str, tempo: Tempo | None) -> Project:
    """Corrects the tempo of a clip; None goes back to what listening finds."""
    return replace(project, clips=swap(project.clips, clip, lambda clip: replace(clip, tempo=tempo)))


def tempo_in_range(bpm: float, first_beat: float) -> Tempo:
    """The nearest tempo that there is."""
    return Tempo(bpm=min(max(bpm, SLOWEST_BPM), FASTEST_BPM), first_beat=max(first_beat, 0.0))
