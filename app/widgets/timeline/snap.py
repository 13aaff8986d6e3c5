"""Letting things fall into place: onto the edges of other sections, the playhead, whole seconds. No Qt."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.document.model import SONG_RATE, Song


@dataclass(frozen=True)
class Snapped:
    """How far to shift, and the frame of the guide line to show; None where nothing was near."""

    by: int = 0
    guide: int | None = None


def targets(song: Song, playhead: int | None, *, without: Collection[str] = ()) -> tuple[int, ...]:
    """The frames that edges fall onto, in order: start, playhead, and edges of all sections but those moved."""
    edges = {0} if playhead is None else {0, playhead}
    for lane in song.lanes:
        for section in lane.sections:
            if section.id not in without:
                edges.update((section.start, section.end))
    return tuple(sorted(edges))


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
