"""A stretch between two places is made anew: of several continuations the one that leads on best comes first."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.document.edits.replacing import Passage
from app.document.model import SONG_RATE, Clip, Project
from app.document.store import ProjectFolder
from app.document.tree import clip_of
from app.studio.checkpoints import checkpoint_of
from app.studio.generation.clip_files import remove_files
from app.studio.generation.continuing import Continuation, checkpoint_to_go_on, continue_clip
from resources.progress import Cancelled, Report, between, never, no_report
from samplernn.errors import SoundError

SCORED_SECONDS = 0.5
"""So much of what stands after a stretch is asked about: what comes later depends on itself."""
_SPARE_SECONDS = 0.5
"""So much longer than the stretch the clips are, so that their end can be pulled out."""
_REACH = round(0.15 * SONG_RATE)
"""Frames either way in which an accent is near enough to end the stretch on; a quarter of the stretch at most."""
_SHARE_OF_MAKING = 0.8


@dataclass(frozen=True, slots=True)
class ReplacementRequest:
    """How many clips are to be made in the place of a stretch."""

    passage: Passage
    count: int
    seed: int
    """Of the first one; that of each further one is one more."""


@dataclass(frozen=True, slots=True)
class Replacements:
    """Clips that can stand in the place of a stretch, the likeliest first."""

    clips: tuple[Clip, ...]
    bits: tuple[float, ...]
    """Bits per sample that the model needs for what stands after the stretch when it has heard each of them."""
    shift: int
    """Frames by which the stretch ends later than asked, on an accent of what stands after it."""

    @property
    def why(self) -> str:
        """By how much the first one is the likeliest, in a sentence; "" where there is no other."""
        if len(self.bits) < 2:
            return ""
        next_best, worst = self.bits[1] - self.bits[0], self.bits[-1] - self.bits[0]
        last = f", {worst:.3f} less than behind the last" if len(self.bits) > 2 else ""
        return (
            f"Of {len(self.bits)} ways this one leads on best: what stands after takes"
            f" {next_best:.3f} bits a sample less than behind the next best{last}."
        )


@dataclass(frozen=True, slots=True)
class Ways:
    """Sounds that could lead from one place to another."""

    checkpoint: Path
    """Of the model that is asked."""
    before: Path
    before_end: float
    """The second of that file from which the ways go on."""
    files: tuple[Path, ...]
    """The ways."""
    seconds: float
    """How much of each is heard before what they lead to."""
    after: Path
    after_start: float
    """The second of that file to which they lead."""
    after_seconds: float
    """How much of what stands there is asked about."""
    guided: bool
    """Whether a network that knows guides hears that of the sound."""


def replace_passage(
    project: Project,
    folder: Path,
    request: ReplacementRequest,
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> Replacements:
    """Makes continuations of what stands before a stretch, and asks the model which of them leads to what stands after.

    The model is that which made the clip before it, where that is kept. Where that clip plays along to a guide, so do
    they. What the model needs for the first `SCORED_SECONDS` after the stretch is exact: -log2 p of each sample, given
    all that was heard before.

    Raises:
        UserError: there is no checkpoint, or the clips cannot be kept.
        SoundError: a clip or the checkpoint cannot be read.
        concurrent.futures.CancelledError: once `cancelled()`; no clip is left behind.
    """
    passage = request.passage
    before = clip_of(project, passage.before.clip)
    shift = _shift_onto_accent(project, folder, passage, cancelled)
    frames = passage.end + shift - passage.start
    seconds = frames / SONG_RATE + _SPARE_SECONDS
    wanted = Continuation(before, passage.before.frame, request.count, seconds, request.seed)
    clips = continue_clip(project, folder, wanted, between(report, 0.0, _SHARE_OF_MAKING), cancelled)
    try:
        asked = _asked(project, folder, passage, shift, clips)
        bits = bits_of_ways(asked, between(report, _SHARE_OF_MAKING, 1.0), cancelled)
    except BaseException:
        remove_files(ProjectFolder(folder), [clip.id for clip in clips])
        raise
    order = sorted(range(len(clips)), key=bits.__getitem__)
    return Replacements(tuple(clips[place] for place in order), tuple(bits[place] for place in order), shift)


def _shift_onto_accent(project: Project, folder: Path, passage: Passage, cancelled: Cancelled) -> int:
    """By how many frames what follows has to set in later to begin on the nearest accent of its clip."""
    from app.studio.analysis.accents import accents_of

    if passage.follower is None:
        return 0
    path = folder / clip_of(project, passage.after.clip).file
    with suppress(SoundError):
        accents = accents_of(path, ProjectFolder(folder).cache, cancelled).frames
        shifts = [int(frame) - passage.after.frame for frame in accents]
        reach = min(_REACH, (passage.end - passage.start) // 4, (passage.follower.end - passage.end) // 4)
        near = [shift for shift in shifts if abs(shift) <= reach]
        return min(near, key=abs, default=0)
    return 0


def _asked(project: Project, folder: Path, passage: Passage, shift: int, clips: Sequence[Clip]) -> Ways:
    before, after = clip_of(project, passage.before.clip), clip_of(project, passage.after.clip)
    start = (passage.after.frame + shift) / SONG_RATE
    return Ways(
        checkpoint_of(folder, *checkpoint_to_go_on(project, folder, before)),
        folder / before.file,
        passage.before.frame / SONG_RATE,
        tuple(folder / clip.file for clip in clips),
        (passage.end + shift - passage.start) / SONG_RATE,
        folder / after.file,
        start,
        min(SCORED_SECONDS, after.seconds - start),
        guided=bool(before.guide),
    )


def bits_of_ways(ways: Ways, report: Report = no_report, cancelled: Cancelled = never) -> list[float]:
    """Bits per sample that the model needs for what the ways lead to, when it has heard what they go on from and each.

    Raises:
        SoundError: a file or the checkpoint cannot be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    from samplernn.checkpoint import load_checkpoint
    from samplernn.generation.following import bits_of_following
    from samplernn.generation.priming import LONGEST_SECONDS, Prime

    model, metadata = load_checkpoint(ways.checkpoint)
    rate = metadata.rate
    before = Prime(ways.before, end=ways.before_end).sound_at(rate, cancelled)
    heard = []
    for file in ways.files:
        way = Prime(file, end=ways.seconds).sound_at(rate, cancelled)
        heard.append(np.concatenate([before, way])[-round(LONGEST_SECONDS * rate) :])
    end = ways.after_start + ways.after_seconds
    after = Prime(ways.after, end=end).sound_at(rate, cancelled)
    after = after[-max(round(end * rate) - round(ways.after_start * rate), 1) :]
    bits = bits_of_following(model, heard, after, rate if ways.guided else None, report, cancelled)
    return [float(each) for each in bits]
