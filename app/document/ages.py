"""How old the checkpoint of a clip is: what the colour of the clip shows."""

from __future__ import annotations

from app.document.model import Clip, Project


def clip_ages(project: Project) -> dict[str, float]:
    """From the id of each clip to the age of its checkpoint: 0 for the first epoch of its run, 1 for the newest."""
    last = {run.id: run.epoch for run in project.runs}
    return {clip.id: _age(clip, last.get(clip.run, clip.epoch)) for clip in project.clips}


def _age(clip: Clip, last_epoch: int) -> float:
    return epoch_age(clip.epoch, last_epoch)


def epoch_age(epoch: int, last_epoch: int) -> float:
    """0 for the first epoch of a run, 1 for the newest."""
    return min((epoch - 1) / (last_epoch - 1), 1.0) if last_epoch > 1 else 1.0
