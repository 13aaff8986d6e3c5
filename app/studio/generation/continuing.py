"""New clips that go on from a place in an old one."""

from __future__ import annotations

from pathlib import Path

from app.document.errors import UserError
from app.document.model import SONG_RATE, Clip, Project
from app.document.store import ProjectFolder
from app.studio.checkpoints import checkpoint_of, checkpoints_of
from app.studio.generation.clip_files import new_clips, read_clip
from app.studio.generation.generate import SamplingParameters, one_thread
from resources.progress import Cancelled, Report, never, no_report


def continue_clip(
    project: Project,
    folder: Path,
    clip: Clip,
    frame: int,
    *,
    count: int,
    seconds: float,
    seed: int,
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> tuple[Clip, ...]:
    """Makes `count` clips that go on from a frame of `clip`, at the temperature that it was made at.

    They come from the checkpoint that made the clip, where that is kept, else from the best of the newest run.

    Raises:
        UserError: there is no checkpoint, or the clips cannot be kept.
        SoundError: the clip or the checkpoint cannot be read.
        concurrent.futures.CancelledError: once `cancelled()`; no clip is left behind.
    """
    from samplernn.generation.generate import generate_to_files
    from samplernn.generation.priming import Prime

    run, epoch = checkpoint_to_go_on(project, folder, clip)
    place = ProjectFolder(folder)
    prime = Prime(folder / clip.file, end=frame / SONG_RATE)
    with new_clips(project, place, count) as names, one_thread():
        generate_to_files(
            checkpoint_of(folder, run, epoch),
            place.clips,
            names,
            seconds=seconds,
            seeds=range(seed, seed + count),
            parameters=SamplingParameters(clip.temperature),
            prime=prime,
            report=report,
            cancelled=cancelled,
        )
    made = (read_clip(place, name) for name in names)
    return tuple(clip for clip in made if clip is not None)


def checkpoint_to_go_on(project: Project, folder: Path, clip: Clip) -> tuple[str, int]:
    """The run and the epoch of the checkpoint that is to go on from a clip.

    Raises:
        UserError: nothing is kept of any run.
    """
    if any(kept.epoch == clip.epoch for kept in checkpoints_of(folder, clip.run)):
        return clip.run, clip.epoch
    for run in reversed(project.runs):
        epochs = [kept.epoch for kept in checkpoints_of(folder, run.id)]
        if epochs:
            return run.id, run.best_epoch if run.best_epoch in epochs else epochs[-1]
    raise UserError("Nothing has been learnt yet that could go on from here.", "Let the model learn first.")
