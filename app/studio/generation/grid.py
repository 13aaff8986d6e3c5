"""Which epoch, how warm: a few seconds of checkpoints at several temperatures, all from the same start, and along to
the same guide where their networks take any.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.document.guide_choice import GuideSource
from app.document.store import ProjectFolder
from app.studio.audio.mono_source import MonoSource
from app.studio.checkpoints import checkpoint_of
from app.studio.generation.generate import SamplingParameters, one_thread
from app.studio.generation.priming import album_prime
from app.studio.generation.usual_guide import usual_guide
from resources.progress import Cancelled, Report, between, never, no_report

GRID_TEMPERATURES = (0.90, 0.96, 1.00, 1.05)
"""The cells of a row."""
GRID_SECONDS = 8.0
"""Length of each cell."""
MOST_ROWS = 8
"""More checkpoints than that are not compared by ear."""
_BARS_SHARE = 0.2
"""Fraction of the making of a row after which the bars of the album are found, where it plays along to them."""


@dataclass(frozen=True, slots=True)
class GridRequest:
    """What to compare."""

    run: str
    epochs: tuple[int, ...]
    """Of the checkpoints: one row each."""
    seed: int
    """All cells begin at the same place of the album, and draw the same random numbers."""
    temperatures: tuple[float, ...] = GRID_TEMPERATURES
    seconds: float = GRID_SECONDS
    device: str = "auto"


@dataclass(frozen=True, slots=True, eq=False)
class GridRow:
    """What one checkpoint plays."""

    epoch: int
    sounds: tuple[MonoSource, ...]
    """One for each temperature."""
    guide: GuideSource
    """What they play along to."""


def epochs_to_compare(kept: Sequence[int], wanted: Collection[int] = (), most: int = MOST_ROWS) -> tuple[int, ...]:
    """At most `most` of the epochs, in order: the first and the last, those wanted, the rest spread evenly.

    Args:
        kept: in order, each once.
        wanted: the best one and those that are starred; the latest of them count first.
    """
    if len(kept) <= most:
        return tuple(kept)
    chosen = {kept[0], kept[-1]}
    for epoch in sorted(set(wanted) & set(kept), reverse=True):
        if len(chosen) < most:
            chosen.add(epoch)
    while len(chosen) < most:
        # the one that lies furthest, by rank, from all that are chosen already
        ranks = [rank for rank, epoch in enumerate(kept) if epoch in chosen]
        far = max(range(len(kept)), key=lambda rank: (min(abs(rank - other) for other in ranks), -rank))
        chosen.add(kept[far])
    return tuple(epoch for epoch in kept if epoch in chosen)


def generate_grid(
    folder: Path, request: GridRequest, report: Report = no_report, cancelled: Cancelled = never
) -> Iterator[GridRow]:
    """Makes row by row, each as one batch; nothing is written.

    Raises:
        UserError: a checkpoint is gone.
        SoundError: a checkpoint cannot be used, or a setting is out of range.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    from app.studio.guides.sources import guides_for
    from samplernn.generation.generate import GenerationRequest, generate

    place = ProjectFolder(folder)
    prime = album_prime(place)
    parameters = [SamplingParameters(temperature) for temperature in request.temperatures]
    rows = len(request.epochs)
    for number, epoch in enumerate(request.epochs):
        checkpoint = checkpoint_of(folder, request.run, epoch)
        share = between(report, number / rows, (number + 1) / rows)
        choice, finding = usual_guide(folder, request.run, epoch), between(share, 0.0, _BARS_SHARE)
        guides = guides_for(place, choice, request.seconds, [request.seed], finding, cancelled) * len(parameters)
        generation = GenerationRequest(
            checkpoint,
            request.seconds,
            [request.seed] * len(parameters),
            parameters,
            prime,
            request.device,
            guides=guides,
        )
        with one_thread():
            sound = generate(generation, between(share, _BARS_SHARE, 1.0) if guides else share, cancelled)
        rate = round(sound.shape[1] / request.seconds)
        yield GridRow(epoch, tuple(MonoSource(cell, rate) for cell in sound), choice.source)
