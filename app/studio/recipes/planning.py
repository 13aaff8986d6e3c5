"""Songs that are planned before their clips are made: in one tempo, of whole bars, and takes of each of their parts."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.document.bars import seconds_of_bar
from app.document.guide_choice import GuideChoice
from app.document.guide_form import PART_BARS
from app.document.model import SONG_RATE, Clip
from app.document.store import ProjectFolder
from app.studio.guides.bars_to_cut import bars_to_cut
from app.studio.guides.form import Block
from app.studio.guides.manner import as_chosen
from app.studio.guides.recut import TAIL_SECONDS, recut_song
from app.studio.guides.sources import CUT_NAMES, guide_of_cut, guides_for
from app.studio.recipes.planned import PlannedBlock, PlannedSong
from resources.progress import Cancelled, Report, never, no_report
from samplernn.guides.guide import Guide
from samplernn.guides.notes import PER_SECOND as NOTES_PER_SECOND
from samplernn.guides.notes import notes_at
from samplernn.guides.strokes import PER_SECOND, strokes_at

_LEAST_TAKES, _MOST_TAKES = 2, 8
"""Clips that play along to the same part; an even number, as they are heard in pairs."""
_BAR_SECONDS = 2.0
"""What counts as a bar where no tempo is known."""


@dataclass(frozen=True, slots=True, eq=False)
class SongPlan:
    """A song whose clips are still to be made.

    Attributes:
        parts: the guide of each part that the blocks name; it goes on a little after the last bar of the part.
        frames: length of the song.
        takes: how many clips of each part are to be made.
    """

    blocks: tuple[Block, ...]
    parts: Mapping[str, Guide]
    bar_seconds: float
    frames: int
    takes: int = _LEAST_TAKES

    @property
    def guides(self) -> tuple[Guide, ...]:
        """One for each clip: all takes of the first part, then all of the second."""
        return tuple(guide for part in self.parts.values() for guide in itertools.repeat(part, self.takes))

    @property
    def clip_seconds(self) -> float:
        """Length of each clip."""
        return max(len(part.strokes) for part in self.parts.values()) / PER_SECOND

    def with_clips(self, clips: Sequence[Clip]) -> PlannedSong:
        """The song with the clips that were made, in the order of `guides`."""
        ids = [clip.id for clip in clips]
        firsts = range(0, self.takes * len(self.parts), self.takes)
        takes = {name: tuple(ids[first : first + self.takes]) for name, first in zip(self.parts, firsts, strict=True)}
        return tuple(self._blocks(takes))

    def _blocks(self, takes: Mapping[str, tuple[str, ...]]) -> Iterator[PlannedBlock]:
        bars, bar = 0, self.bar_seconds * SONG_RATE
        for block in self.blocks:
            start, bars = round(bars * bar), bars + block.bars
            end = self.frames if block is self.blocks[-1] else round(bars * bar)
            yield PlannedBlock(block.name, start, end - start, takes[block.part])

    def with_takes(self, seconds: float) -> SongPlan:
        """As many takes as make about so many seconds of clips in all."""
        pairs = round(seconds / (len(self.parts) * self.clip_seconds) / 2)
        return replace(self, takes=min(max(2 * pairs, _LEAST_TAKES), _MOST_TAKES))


def plan_song(
    place: ProjectFolder,
    choice: GuideChoice,
    seconds: float,
    seed: int,
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> SongPlan | None:
    """A plan for a song of this length: with the form that is chosen, or one of its own, where the album, or a dream of
    it, is cut anew; else it goes along with its guide from beginning to end. None where there is no guide.

    Raises: as `app.studio.guides.sources.guides_for`.
    """
    if choice.source not in CUT_NAMES:
        guides = guides_for(place, choice, seconds + TAIL_SECONDS, [seed], report, cancelled)
        return plan_along(guides[0], seconds, seed) if guides else None
    bars = bars_to_cut(place, choice.source, report, cancelled)(seed)
    made = recut_song(bars, seconds, seed, choice.form, in_a_row=choice.in_a_row)
    if made is None:
        return None
    title = f"{CUT_NAMES[choice.source]}, no. {seed}"
    parts = {
        name: as_chosen(guide_of_cut(part, f"{title}, {name}", choice.follow), choice)
        for name, part in made.parts.items()
    }
    return SongPlan(made.blocks, parts, made.bar_seconds, round(seconds * SONG_RATE))


def plan_along(guide: Guide, seconds: float, seed: int) -> SongPlan:
    """A song that goes along with one guide: blocks of four bars, each of which plays what comes there. They bear no
    names, as nothing is known of the guide's form.
    """
    bar = seconds_of_bar(guide.bpm) if guide.bpm else _BAR_SECONDS
    count = max(round(seconds / (PART_BARS * bar)), 1)
    blocks = tuple(Block("", str(number + 1), PART_BARS) for number in range(count))
    starts = [number * PART_BARS * bar for number in range(count)]
    ends = [*starts[1:], seconds]
    parts = {
        block.part: _part_of(guide, f"no. {seed}, {block.part}", start, end + TAIL_SECONDS)
        for block, start, end in zip(blocks, starts, ends, strict=True)
    }
    return SongPlan(blocks, parts, bar, round(seconds * SONG_RATE))


def _part_of(guide: Guide, name: str, start: float, end: float) -> Guide:
    """What a guide says between two times in seconds."""
    moments = start + np.arange(max(round((end - start) * PER_SECOND), 1)) / PER_SECOND
    notes = guide.notes
    if notes is not None:
        notes = notes_at(notes, start + np.arange(max(round((end - start) * NOTES_PER_SECOND), 1)) / NOTES_PER_SECOND)
    return replace(
        guide,
        strokes=strokes_at(guide.strokes, moments * PER_SECOND),
        name=f"{guide.name}, {name}",
        notes=notes,
        parts=(),
        whole=guide.whole or replace(guide, parts=()),
        begin=start,
    )
