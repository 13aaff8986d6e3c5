"""New clips from the checkpoints of a project."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.document.model import Clip, Project
from app.document.store import ProjectFolder
from app.studio.checkpoints import checkpoint_of
from app.studio.generation.clip_files import new_clips, read_clip
from app.studio.generation.priming import album_prime
from resources.files import read_json, write_whole
from resources.progress import Cancelled, Report, between, never, no_report
from samplernn.generation.sampling import DEFAULT_PARAMETERS, SamplingParameters

if TYPE_CHECKING:
    from samplernn.generation.priming import AlbumPrime, Prime

__all__ = ["DEFAULT_PARAMETERS", "SamplingParameters", "generate_clips", "generate_in_groups", "one_thread"]

_AT_ONCE = 200
"""Clips; some systems let a program open no more than 256 files."""


def generate_clips(
    project: Project,
    folder: Path,
    *,
    run: str,
    epoch: int,
    count: int,
    seconds: float,
    parameters: SamplingParameters = DEFAULT_PARAMETERS,
    seed: int = 0,
    prime: Path | None = None,
    in_silence: bool = False,
    device: str = "auto",
    preview: bool = False,
    early: bool = False,
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> tuple[Clip, ...]:
    """Makes `count` clips at once, with the seeds `seed`, `seed` + 1 and so on.

    Args:
        prime: music that the clips go on from, at the level of the album.
        in_silence: without a prime, clips begin in silence, not amid the music of the album.

    Raises:
        UserError: the checkpoint is gone, or the clips cannot be kept.
        SoundError: the checkpoint or the prime cannot be used, or a setting is out of range.
        concurrent.futures.CancelledError: once `cancelled()`; no clip is left behind.
    """
    from samplernn.generation.generate import generate_to_files

    place = ProjectFolder(folder)
    checkpoint = checkpoint_of(folder, run, epoch)
    with new_clips(project, place, count) as names:
        with one_thread():
            generate_to_files(
                checkpoint,
                place.clips,
                names,
                seconds=seconds,
                seeds=range(seed, seed + count),
                parameters=parameters,
                prime=_prime(place, prime, in_silence),
                device=device,
                report=report,
                cancelled=cancelled,
            )
        if preview:
            for name in names:
                _mark_as_preview(place.clips / f"{name}.json", early)
    made = (read_clip(place, name) for name in names)
    return tuple(clip for clip in made if clip is not None)


def generate_in_groups(
    project: Project,
    folder: Path,
    *,
    run: str,
    epoch: int,
    count: int,
    seconds: float,
    parameters: SamplingParameters = DEFAULT_PARAMETERS,
    seed: int = 0,
    prime: Path | None = None,
    in_silence: bool = False,
    device: str = "auto",
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> Iterator[tuple[Clip, ...]]:
    """As `generate_clips`, but any number of them: some hundred at a time, each of which is an open file.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`; the groups that were yielded stay.
    """
    for done in range(0, count, _AT_ONCE):
        now = min(_AT_ONCE, count - done)
        yield generate_clips(
            project,
            folder,
            run=run,
            epoch=epoch,
            count=now,
            seconds=seconds,
            parameters=parameters,
            seed=seed + done,
            prime=prime,
            in_silence=in_silence,
            device=device,
            report=between(report, done / count, (done + now) / count),
            cancelled=cancelled,
        )


def _prime(place: ProjectFolder, music: Path | None, in_silence: bool) -> Prime | AlbumPrime | None:
    from samplernn.generation.priming import Prime

    album = album_prime(place)
    if music is not None:
        return Prime(music, 1.0 if album is None else album.dataset.gain)
    return None if in_silence else album


@contextmanager
def one_thread() -> Iterator[None]:
    """Lets this thread compute alone: the products of one sample are so small that sharing them costs more than it
    brings, and much more where another job keeps the other cores busy. No other thread is touched.
    """
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    # a thread that begins meanwhile, to learn, takes the number that was set last, in whichever thread
    setting = threading.Thread(target=torch.set_num_threads, args=(before,))
    setting.start()
    setting.join()
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _mark_as_preview(sidecar: Path, early: bool) -> None:
    facts = read_json(sidecar)
    write_whole(sidecar, json.dumps({**facts, "preview": True, "early": early}, indent=1))
