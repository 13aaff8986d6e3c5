"""Which checkpoints there are to choose from."""

from __future__ import annotations

from app.session.checkpoints import checkpoints_of
from app.session.open_project import OpenProject
from app.widgets.clips.checkpoint_choice import KeptRun


def kept_runs(project: OpenProject) -> list[KeptRun]:
    """The runs of a project that have checkpoints on the disk, the newest last."""
    runs = []
    for run in project.value.runs:
        kept = checkpoints_of(project.folder, run.id)
        if kept:
            starred = frozenset(one.epoch for one in kept if one.starred)
            runs.append(KeptRun(run, tuple(one.epoch for one in kept), starred))
    return runs
