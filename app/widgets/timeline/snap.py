"""Snapping to edges, accents, markers, the playhead, whole seconds and bars. No Qt."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from app.document.bars import bars_of_song
from app.document.model import SONG_RATE, Clip, Lane, Section, Song

SNAP_KINDS = ("accents", "edges", "markers", "playhead", "seconds", "bars")
"""What drags can snap to, by its name on the screen."""

Accents = Mapping[str, Sequence[int]]
"""By id of the clip: the frames of its accents, in order, counted from its start at the rate of songs."""


@dataclass(frozen=True)
class Snapped:
    """How far to shift, and the frame of the guide line to show; None where nothing was near."""

    by: int = 0
    guide: int | None = None


@dataclass(frozen=True)
class Snapping:
    """What a drag may snap to, and from how far, in frames."""

    onto: tuple[int, ...]
    reach: float
    second_reach: float
    onto_accents: tuple[int, ...] = ()
    accents: Accents = field(default_factory=dict)
    """By id of the clip: from these come the accents of the sections that are dragged."""

    def near(self, *edges: int, accents: Sequence[int] = ()) -> Snapped:
        """How far to shift so that one of the edges, or of the accents between them, meets a target.

        Accents are many, so they count only where nothing else is near.

        The start of the song pulls before all else: a few milliseconds of silence there are never meant.
        """
        if min(edges) <= self.reach:
            return Snapped(-min(edges), 0)
        near = snapped(edges, self.onto, self.reach)
        if near.guide is None:
            near = snapped((*edges, *accents), self.onto_accents, self.reach)
        return near if near.guide is not None else snapped(edges, (), self.reach, self.second_reach)


def accents_of(section: Section, accents: Accents) -> list[int]:
    """The frames of the song at which a section has accents."""
    frames = accents.get(section.clip, ())
    first = bisect_left(frames, section.offset)
    last = bisect_left(frames, section.offset + section.length)
    drift = section.start - section.offset
    return [frame + drift for frame in frames[first:last]]


def targets(
    song: Song,
    playhead: int | None,
    *,
    kinds: Collection[str] = SNAP_KINDS,
    without: Collection[str] = (),
    clips: Mapping[str, Clip] | None = None,
) -> tuple[int, ...]:
    """The frames that edges snap to, in order: those of the kinds asked for, without what is moved itself.

    Args:
        clips: by their ids; they tell of bars.
    """
    found: set[int] = set()
    if "bars" in kinds and clips:
        lanes = (replace(lane, sections=_others(lane, without)) for lane in song.lanes)
        found.update(bars_of_song(replace(song, lanes=tuple(lanes)), clips))
    if "playhead" in kinds and playhead is not None:
        found.add(playhead)
    if "markers" in kinds:
        found.update(marker.frame for marker in song.markers if marker.id not in without)
    if "edges" in kinds:
        found.add(0)
    for lane in song.lanes:
        for section in lane.sections:
            if "edges" in kinds and section.id not in without:
                found.update((section.start, section.end))
    return tuple(sorted(found))


def _others(lane: Lane, without: Collection[str]) -> tuple[Section, ...]:
    return tuple(section for section in lane.sections if section.id not in without)


def accent_targets(song: Song, accents: Accents, *, without: Collection[str] = ()) -> tuple[int, ...]:
    """The frames of all accents of a song, in order, but for those of sections that are moved."""
    parts = (part for lane in song.lanes for part in lane.sections if part.id not in without)
    return tuple(sorted({frame for part in parts for frame in accents_of(part, accents)}))


def snapped(edges: Sequence[int], onto: Sequence[int], reach: float, second_reach: float = 0.0) -> Snapped:
    """The smallest shift that brings one of the edges onto a target within `reach` frames.

    Args:
        edges: the frames of the edges that move.
        onto: targets in order.
        second_reach: how near a whole second pulls, where no target does; 0 for not at all.
    """
    best: Snapped | None = None
    for edge in edges:
        place = bisect_left(onto, edge)
        for target in onto[max(place - 1, 0) : place + 1]:
            shift = target - edge
            if abs(shift) <= reach and (best is None or abs(shift) < abs(best.by)):
                best = Snapped(shift, target)
    if best is None and second_reach > 0:
        for edge in edges:
            second = round(edge / SONG_RATE) * SONG_RATE
            if abs(second - edge) <= second_reach and (best is None or abs(second - edge) < abs(best.by)):
                best = Snapped(second - edge, second)
    return best or Snapped()
