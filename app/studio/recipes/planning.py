"""Songs that are planned before their clips are made: a form in one tempo, and takes of each of its parts."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.document.guide_choice import GuideChoice
from app.document.model import SONG_RATE, Clip
from app.studio.guides.bars import Bars
from app.studio.guides.recut import Recut, SongRecut, recut_song
from app.studio.guides.sources import RECUT_NAME
from app.studio.recipes.planned import PlannedBlock, PlannedSong
from samplernn.guides.guide import Guide
from samplernn.guides.strokes import PER_SECOND

_LEAST_TAKES, _MOST_TAKES = 2, 8
"""Clips that play along to the same part; an even number, as they are heard in pairs."""


@dataclass(frozen=True, slots=True, eq=False)
class SongPlan:
    """A song whose clips are still to be made.

    Attributes:
        frames: its length.
        takes: how many clips of each part are to be made.
        number: tells its guides from those of other songs.
    """

    recut: SongRecut
    frames: int
    takes: int
    follow: float
    number: int

    @property
    def guides(self) -> tuple[Guide, ...]:
        """One for each clip: all takes of the first part, then all of the second."""
        return tuple(
            guide
            for name, part in self.recut.parts.items()
            for guide in itertools.repeat(self._guide(name, part), self.takes)
        )

    def _guide(self, name: str, part: Recut) -> Guide:
        told = f"{RECUT_NAME}, no. {self.number}, {name}"
        return Guide(part.strokes, told, part.notes, self.follow, part.tempo.bpm)

    @property
    def clip_seconds(self) -> float:
        """Length of each clip."""
        return max(len(part.strokes) for part in self.recut.parts.values()) / PER_SECOND

    def with_clips(self, clips: Sequence[Clip]) -> PlannedSong:
        """The song with the clips that were made, in the order of `guides`."""
        ids = [clip.id for clip in clips]
        firsts = range(0, self.takes * len(self.recut.parts), self.takes)
        takes = {
            name: tuple(ids[first : first + self.takes]) for name, first in zip(self.recut.parts, firsts, strict=True)
        }
        return tuple(self._blocks(takes))

    def _blocks(self, takes: Mapping[str, tuple[str, ...]]) -> Iterator[PlannedBlock]:
        bars, bar = 0, self.recut.bar_seconds * SONG_RATE
        for block in self.recut.blocks:
            start, bars = round(bars * bar), bars + block.bars
            end = min(round(bars * bar), self.frames)
            yield PlannedBlock(block.name, start, end - start, takes[block.part])


def plan_songs(
    album: Bars, choice: GuideChoice, song_seconds: float, seeds: Sequence[int], clip_seconds: float
) -> tuple[SongPlan, ...]:
    """A plan for a song of each seed, with about so many seconds of clips for each; none where the choice is not the
    album cut anew, or that has too few bars.
    """
    if choice.source != "album":
        return ()
    plans = []
    for seed in seeds:
        made = recut_song(album, song_seconds, seed)
        if made is not None:
            plan = SongPlan(made, round(song_seconds * SONG_RATE), _LEAST_TAKES, choice.follow, seed)
            pairs = round(clip_seconds / (len(made.parts) * plan.clip_seconds) / 2)
            plans.append(replace(plan, takes=min(max(2 * pairs, _LEAST_TAKES), _MOST_TAKES)))
    return tuple(plans)
