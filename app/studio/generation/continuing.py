"""New clips that go on from a place in an old one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.document.errors import UserError
from app.document.guide_choice import GuideChoice
from app.document.model import SONG_RATE, Clip, Project
from app.document.store import ProjectFolder
from app.studio.checkpoints import checkpoint_of, checkpoints_of
from app.studio.generation.clip_files import new_clips, read_clips
from app.studio.generation.generate import SamplingParameters, one_thread
from app.studio.generation.kept_guide import note_guide
from app.studio.generation.priming import album_prime
from resources.files import is_there
from resources.progress import Cancelled, Report, never, no_report
from samplernn.generation.clip_sidecar import GUIDE_SUFFIX, ClipSidecar

if TYPE_CHECKING:
    from samplernn.generation.priming import AlbumPrime, Prime
    from samplernn.guides.guide import Guide


@dataclass(frozen=True, slots=True)
class Continuation:
    """New clips that are to go on from a place in `clip`, at the temperature that it was made at."""

    clip: Clip
    frame: int
    """The place, counted at `SONG_RATE`; at 0 the new clips begin as the old one began."""
    count: int
    seconds: float
    """Length of each new clip."""
    seed: int
    """Of the first one; that of each further one is one more."""


def continue_clip(
    project: Project,
    folder: Path,
    continuation: Continuation,
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> tuple[Clip, ...]:
    """Makes the clips with the checkpoint that made the old one, where that is kept, else the best of the newest run.

    Where the old one plays along to a guide, they play along to what comes next in that.

    Raises:
        UserError: there is no checkpoint, or the clips cannot be kept.
        SoundError: the clip or the checkpoint cannot be read.
        concurrent.futures.CancelledError: once `cancelled()`; no clip is left behind.
    """
    from app.studio.guides.going_on import guide_from
    from samplernn.generation.generate import GenerationRequest, generate_to_files
    from samplernn.generation.priming import Prime

    clip, seed, count = continuation.clip, continuation.seed, continuation.count
    run, epoch = checkpoint_to_go_on(project, folder, clip)
    place, at = ProjectFolder(folder), continuation.frame / SONG_RATE
    guide = guide_from(folder / clip.file, at, continuation.seconds)
    request = GenerationRequest(
        checkpoint_of(folder, run, epoch),
        continuation.seconds,
        range(seed, seed + count),
        SamplingParameters(clip.temperature),
        Prime(folder / clip.file, end=at) if continuation.frame > 0 else prime_of(place, clip),
        guides=() if guide is None else (guide,) * count,
    )
    with new_clips(project, place, count) as names, one_thread():
        generate_to_files(request, place.clips, names, report, cancelled)
        if guide is not None:
            for name in names:
                along = GuideChoice("recording", place.clips / f"{name}{GUIDE_SUFFIX}", guide.follow)
                note_guide(place.clips / f"{name}.json", along, seed)
    return read_clips(place, names)


def prime_of(place: ProjectFolder, clip: Clip) -> Prime | AlbumPrime | None:
    """What the model had heard before a clip, as is noted beside that; where nothing is, music of the album."""
    from samplernn.generation.priming import Prime

    try:
        sidecar = ClipSidecar.read_in_full((place.path / clip.file).with_suffix(".json"))
        noted = (sidecar.again or {}).get("prime")
        if noted is not None and is_there(place.path / noted["path"]):
            end = noted["end"]
            return Prime(place.path / noted["path"], float(noted["gain"]), None if end is None else float(end))
        if sidecar.again is not None and not sidecar.prime:
            return None
    except (OSError, KeyError, TypeError, ValueError):  # it is damaged, or gone
        pass
    return album_prime(place)


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


def guides_after(project: Project, folder: Path, music: Path, seconds: float, choice: GuideChoice) -> tuple[Guide, ...]:
    """What goes on where a clip ends in the guide that it plays along to, for so many seconds; none where it plays
    along to nothing.

    Args:
        music: the file of the clip; any other file has no guide.
        choice: how closely and how it is followed, where that is not as usual; else as the clip follows it.
    """
    from app.studio.guides.going_on import guide_from
    from app.studio.guides.manner import as_chosen

    found = music.resolve()
    clip = next((clip for clip in project.clips if (folder / clip.file).resolve() == found), None)
    guide = None if clip is None else guide_from(found, clip.seconds, seconds)
    if guide is None:
        return ()
    return (as_chosen(guide if choice.follow == 1.0 else replace(guide, follow=choice.follow), choice),)
