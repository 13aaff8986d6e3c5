"""Makes the clips that a recipe wants: each batch of them from its own checkpoint."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.document.guide_choice import GuideChoice
from app.document.model import Clip, Project, Run
from app.document.store import ProjectFolder
from app.studio.recipes.by_lot import SIDES, clip_seconds_needed
from app.studio.recipes.material import Batch, Wishes
from app.studio.recipes.planned import PlannedSong
from resources.progress import Cancelled, Report, between
from samplernn.generation.sampling import SamplingParameters

if TYPE_CHECKING:
    from app.studio.generation.generate import ClipRequest

_CLIP_SECONDS = (8.0, 24.0)
_GOOD_BATCH = 24
"""Clips made together: many more of them bring no more sound per second."""
_TEMPERATURES = (0.98, 1.0, 0.96)
"""Lower ones make a model that has learnt for minutes fall into a quiet hum."""


@dataclass(frozen=True, kw_only=True)
class ClipMaker:
    """Where clips are made, and who is told of them.

    Attributes:
        project: gives the document as it is by then.
        keep: is given the clips as they are made, some at a time.
        guide: what clips play along to.
    """

    project: Callable[[], Project]
    folder: Path
    run: Run
    guide: GuideChoice
    device: str
    keep: Callable[[Sequence[Clip]], None]
    cancelled: Cancelled

    def batches(self, wanted: Sequence[Batch], report: Report) -> list[Clip]:
        """The clips of all batches, one after the other.

        Raises: as `app.studio.generation.generate.generate_clips`.
        """
        made: list[Clip] = []
        total, done = sum(batch.count * batch.seconds for batch in wanted), 0.0
        for batch in wanted:
            before, done = done, done + batch.count * batch.seconds
            request = replace(
                self._request(batch.temperature),
                epoch=batch.epoch,
                count=batch.count,
                seconds=batch.seconds,
                seed=batch.seed,
                guide=self.guide,
                takes=batch.takes,
            )
            made += self._made(request, between(report, before / total, done / total))
        return made

    def for_lots(self, wishes: Wishes, report: Report) -> list[PlannedSong]:
        """Clips from the best epoch, at more than one temperature: those of songs that are planned, or else, where they
        play along to nothing, a batch large enough for the songs. Gives the plans."""
        from app.studio.recipes.planning import plan_song

        planned: list[PlannedSong] = []
        made, place = 0, ProjectFolder(self.folder)
        for number in range(wishes.songs if self.guide.source != "none" else 0):
            part = between(report, number / wishes.songs, (number + 1) / wishes.songs)
            guiding, seed = between(part, 0.0, 0.2), wishes.seed + number
            plan = plan_song(place, self.guide, wishes.song_seconds, seed, guiding, self.cancelled)
            if plan is None:
                break
            plan = plan.with_takes(clip_seconds_needed(1, wishes.song_seconds))
            guides, seed = plan.guides, wishes.seed + made
            made += len(guides)
            request = replace(self._nth(number), count=len(guides), seconds=plan.clip_seconds)
            clips = self._made(replace(request, seed=seed, guides=guides), between(part, 0.2, 1.0))
            planned.append(plan.with_clips(clips))
        if not planned:
            self._batch_for_lots(wishes, report)
        return planned

    def _batch_for_lots(self, wishes: Wishes, report: Report) -> None:
        wanted = clip_seconds_needed(wishes.songs, wishes.song_seconds)
        shortest, longest = _CLIP_SECONDS
        seconds = min(max(wanted / _GOOD_BATCH, shortest), longest)
        count = math.ceil(wanted / seconds)
        temperatures = _TEMPERATURES[: max(count // (_GOOD_BATCH // 2), 1)]
        share = math.ceil(count / len(temperatures) / len(SIDES)) * len(SIDES)
        for number in range(len(temperatures)):
            request = replace(
                self._nth(number),
                count=share,
                seconds=seconds,
                seed=wishes.seed + number * share,
                guide=self.guide,
                takes=len(SIDES),
            )
            self._made(request, between(report, number / len(temperatures), (number + 1) / len(temperatures)))

    def _nth(self, number: int) -> ClipRequest:
        return self._request(_TEMPERATURES[number % len(_TEMPERATURES)])

    def _request(self, temperature: float) -> ClipRequest:
        """What is alike for all clips."""
        from app.studio.generation.generate import ClipRequest

        return ClipRequest(
            run=self.run.id,
            epoch=self.run.best_or_newest,
            count=0,
            seconds=0.0,
            parameters=SamplingParameters(temperature, escape=True),
            device=self.device,
        )

    def _made(self, request: ClipRequest, report: Report) -> list[Clip]:
        from app.studio.generation.generate import generate_in_groups

        made: list[Clip] = []
        for clips in generate_in_groups(self.project(), self.folder, request, report, self.cancelled):
            self.keep(clips)
            made += clips
        return made
