"""Listening to the clips that were made for a recipe."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.document.errors import UserError
from app.document.model import Clip, Run
from app.studio.alignment.slipping import accents_of_clips
from app.studio.analysis.liveliness import listen_to_clips
from app.studio.checkpoints import checkpoints_of
from app.studio.recipes.material import HeardClip, Learnt, Material
from app.studio.recipes.profiles import profiles_of
from resources.progress import Cancelled, Report, between, never, no_report


def learnt_of(folder: Path, run: Run) -> Learnt:
    """The checkpoints of a run that are there.

    Raises:
        UserError: there is none.
    """
    epochs = tuple(kept.epoch for kept in checkpoints_of(folder, run.id))
    if not epochs:
        raise UserError("There are no checkpoints of what was learnt any more.", "Train again.")
    return Learnt(epochs, run.best_or_newest if run.best_or_newest in epochs else epochs[-1])


def material_of(
    folder: Path,
    clips: Sequence[Clip],
    learnt: Learnt,
    report: Report = no_report,
    cancelled: Cancelled = never,
    *,
    with_chroma: bool = False,
) -> Material:
    """What is heard in clips of the project `folder`; what is missing or damaged counts as silent.

    Args:
        with_chroma: whether the notes are listened to, too.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    liveliness = listen_to_clips(folder, tuple(clips), between(report, 0.0, 0.2), cancelled)
    accents = accents_of_clips(folder, clips, between(report, 0.2, 0.4), cancelled)
    profiles = profiles_of(folder, clips, between(report, 0.4, 1.0), cancelled, with_chroma=with_chroma)
    heard = (HeardClip(one, liveliness.get(one.id), accents.get(one.id), profiles.get(one.id)) for one in clips)
    return Material(tuple(heard), learnt)
