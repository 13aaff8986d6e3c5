"""New clips from the checkpoints of a project."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.document.guide_choice import NO_GUIDE, GuideChoice
from app.document.model import Clip, Project
from app.document.store import ProjectFolder
from app.studio.checkpoints import checkpoint_of
from app.studio.generation.clip_files import new_clips, read_clips
from app.studio.generation.kept_guide import note_guide
from app.studio.generation.priming import album_prime
from resources.progress import Cancelled, Report, between, never, no_report
from samplernn.generation.clip_sidecar import mark_as_preview
from samplernn.generation.sampling import DEFAULT_PARAMETERS, SamplingParameters

if TYPE_CHECKING:
    from samplernn.generation.priming import AlbumPrime, Prime
    from samplernn.guides.guide import Guide

__all__ = [
    "DEFAULT_PARAMETERS",
    "ClipRequest",
    "SamplingParameters",
    "generate_clips",
    "generate_in_groups",
    "one_thread",
]

_AT_ONCE = 200
"""Clips at once; some systems let a program open no more than 256 files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipRequest:
    """New clips to generate from a checkpoint of a project."""

    run: str
    epoch: int
    count: int
    seconds: float
    """Length of each clip."""
    seed: int = 0
    """Of the first clip; that of each further one is one more."""
    parameters: SamplingParameters = DEFAULT_PARAMETERS
    prime: Path | None = None
    """Music that the clips go on from, brought to the level of the album unless it is a clip."""
    in_silence: bool = False
    """Whether clips without a prime begin in silence, not amid the music of the album."""
    guide: GuideChoice = NO_GUIDE
    """What the clips are to play along to."""
    guides: tuple[Guide, ...] = ()
    """What each clip is to play along to, where that is known already; `guide` does not count then."""
    takes: int = 1
    """How many clips play along to the same order of the album's bars, one after the other: takes to be layered."""
    device: str = "auto"
    preview: bool = False
    """Whether the clips are made by themselves while the model is learning."""
    early: bool = False
    """Of previews: whether the epoch has not ended yet."""

    def part(self, done: int, most: int) -> ClipRequest:
        """The next clips, `most` of them or as many as are left, once `done` of all have been made."""
        count = min(most, self.count - done)
        return replace(self, count=count, seed=self.seed + done, guides=self.guides[done : done + count])


def generate_clips(
    project: Project, folder: Path, request: ClipRequest, report: Report = no_report, cancelled: Cancelled = never
) -> tuple[Clip, ...]:
    """Makes all clips of the request at once.

    Raises:
        UserError: the checkpoint is gone, the clips cannot be kept, or the recording they are to play along to is
            silent or too short.
        SoundError: the checkpoint or the prime cannot be used, or a setting is out of range.
        concurrent.futures.CancelledError: once `cancelled()`; no clip is left behind.
    """
    from app.studio.guides.sources import guides_for
    from samplernn.generation.generate import GenerationRequest, generate_to_files

    place = ProjectFolder(folder)
    seeds = range(request.seed, request.seed + request.count)
    generation = GenerationRequest(
        checkpoint_of(folder, request.run, request.epoch),
        request.seconds,
        seeds,
        request.parameters,
        _prime(place, request.prime, request.in_silence),
        request.device,
        guides=request.guides
        or guides_for(place, request.guide, request.seconds, _guide_seeds(request), report, cancelled),
    )
    with new_clips(project, place, request.count) as names:
        with one_thread():
            generate_to_files(generation, place.clips, names, report, cancelled)
        _note_guides(place, names, request)
        if request.preview:
            for name in names:
                mark_as_preview(place.clips / f"{name}.json", early=request.early)
    return read_clips(place, names)


def generate_in_groups(
    project: Project, folder: Path, request: ClipRequest, report: Report = no_report, cancelled: Cancelled = never
) -> Iterator[tuple[Clip, ...]]:
    """As `generate_clips`, but for any number of clips: `_AT_ONCE` at a time, as each of them is an open file.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`; the groups that were yielded stay.
    """
    for done in range(0, request.count, _AT_ONCE):
        group = request.part(done, _AT_ONCE)
        share = between(report, done / request.count, (done + group.count) / request.count)
        yield generate_clips(project, folder, group, share, cancelled)


def _note_guides(place: ProjectFolder, names: Sequence[str], request: ClipRequest) -> None:
    """Notes beside each clip what its guide was made from, so that both can be made again."""
    if request.guide.source != "none" and not request.guides:
        for name, seed in zip(names, _guide_seeds(request), strict=True):
            note_guide(place.clips / f"{name}.json", request.guide, seed)


def _guide_seeds(request: ClipRequest) -> list[int]:
    """The seed of each clip's guide: that of the first of its takes."""
    return [request.seed + number - number % request.takes for number in range(request.count)]


def _prime(place: ProjectFolder, music: Path | None, in_silence: bool) -> Prime | AlbumPrime | None:
    from samplernn.generation.priming import Prime

    album = album_prime(place)
    if music is not None:
        is_clip = music.resolve().parent == place.clips.resolve()  # as loud as the model plays already
        return Prime(music, 1.0 if album is None or is_clip else album.dataset.gain)
    return None if in_silence else album


@contextmanager
def one_thread() -> Iterator[None]:
    """Makes torch use one thread for the work of this thread; no other thread is touched.

    The products of one sample are so small that sharing them among cores costs more than it brings, and much more where
    another job keeps those busy.
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
