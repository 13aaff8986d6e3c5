"""Edits that layer mono takes into a stereo picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec.structs import replace

from app.document.edits.songs import add_lane, set_lane_pan
from app.document.edits.tree import change_song, clip_of, lane_of, new_id, section_of, song_of, with_sections
from app.document.edits.windows import begun_at
from app.document.model import Lane, Project, Section, Song

WIDEST = 0.7
"""How far the outermost takes are panned, as in the paper's albums: not quite hard left and right."""
_PANNED_ALIKE = 0.31
"""A lane panned so nearly as a take should be is left as it is."""

Take = tuple[Section, ...]
"""Sections that one voice of the song is made of, in the order of their starts."""


def pans_of(takes: int) -> tuple[float, ...]:
    """Evenly from left to right: L 70 and R 70 for two."""
    if takes < 2:
        return (0.0,) * takes
    return tuple(round(-WIDEST + 2 * WIDEST * place / (takes - 1), 3) for place in range(takes))


def takes_of_sections(song: Song, ids: Iterable[str]) -> tuple[Take, ...]:
    """What is to be layered: the chosen sections lane by lane, or, where all are on one lane, each by itself."""
    chosen = frozenset(ids)
    rows = [tuple(part for part in lane.sections if part.id in chosen) for lane in song.lanes]
    rows = [row for row in rows if row]
    return tuple((part,) for part in rows[0]) if len(rows) == 1 else tuple(rows)


def takes_of_clips(project: Project, clips: Iterable[str], start: int) -> tuple[Take, ...]:
    """Each clip from its beginning, at a place in the song."""
    first = int(new_id(project, "x")[1:])
    lengths = [(clip, clip_of(project, clip).frames) for clip in clips]
    return tuple(
        (Section(id=f"x{first + place}", clip=clip, start=max(start, 0), offset=0, length=frames),)
        for place, (clip, frames) in enumerate((clip, frames) for clip, frames in lengths if frames)
    )


def put_apart(project: Project, song: str, takes: Sequence[Take]) -> Project:
    """Gives each take a lane of its own, panned apart from the others.

    A take stays on its lane where it can be panned without moving anything else that lies there; else it goes to a
    lane that is free, or to a new one below the others of the takes. Sections of the takes that are in the song already
    are taken from where they are.
    """
    homes = [_home(project, song, take) for take in takes]
    moved = {part.id for take in takes for part in take}
    for lane in song_of(project, song).lanes:
        project = with_sections(project, lane.id, (part for part in lane.sections if part.id not in moved))
    used: set[str] = set()
    for take, home, pan in zip(takes, homes, pans_of(len(takes)), strict=True):
        others = {other for other in homes if other and other != home}
        lanes = sorted(song_of(project, song).lanes, key=lambda lane: (lane.id != home, lane.id in others))
        goal = next((lane.id for lane in lanes if lane.id not in used and _has_room(lane, take, pan)), None)
        if goal is None:
            project, goal = _add_lane_below(project, song, used | set(homes))
        used.add(goal)
        if not lane_of(project, goal)[1].sections:
            project = set_lane_pan(project, goal, pan)
        centred = tuple(replace(part, pan=0.0) for part in take)
        project = with_sections(project, goal, (*lane_of(project, goal)[1].sections, *centred))
    return project


def put_instead(project: Project, sections: Iterable[Section]) -> Project:
    """Puts changed sections in the place of those with the same ids, on the same lanes."""
    for section in sections:
        _, lane, _ = section_of(project, section.id)
        rest = (part for part in lane.sections if part.id != section.id)
        project = with_sections(project, lane.id, (*rest, section))
    return project


def _home(project: Project, song: str, take: Take) -> str:
    ids = {part.id for part in take}
    lanes = song_of(project, song).lanes
    return next((lane.id for lane in lanes if any(part.id in ids for part in lane.sections)), "")


def _add_lane_below(project: Project, song: str, others: set[str]) -> tuple[Project, str]:
    """A new lane right below the lowest of the others, or below all lanes; also gives its id."""
    project = add_lane(project, song)
    *lanes, fresh = song_of(project, song).lanes
    below = max((place + 1 for place, lane in enumerate(lanes) if lane.id in others), default=len(lanes))
    lanes.insert(below, fresh)
    return change_song(project, song, lambda song: replace(song, lanes=tuple(lanes))), fresh.id


def _has_room(lane: Lane, take: Take, pan: float) -> bool:
    """Whether the take can lie there, and be panned about so, without changing how anything else sounds."""
    if lane.mute or (lane.sections and abs(lane.pan - pan) > _PANNED_ALIKE):
        return False
    start, end = take[0].start, max(part.end for part in take)
    return all(part.end <= start or part.start >= end for part in lane.sections)


def shifted(take: Take, by: int, start: int = 0) -> Take:
    """The take so many frames later; what would then sound before `start` is trimmed away, never all of a section."""
    moved = []
    for part in take:
        begin = part.start + by
        cut = min(max(start - begin, 0), part.length - 1)
        moved.append(replace(begun_at(part, part.start + cut), start=max(begin + cut, 0)))
    return tuple(moved)


def reaching_back(take: Take, start: int) -> Take:
    """The take with its first section begun at `start`, or as soon as its clip has any sound."""
    first = take[0]
    more = min(max(first.start - start, 0), first.offset)
    return (begun_at(first, first.start - more), *take[1:])


def unbroken_rows(sections: Sequence[Section]) -> list[Take]:
    """The sections of one lane, those together that go on unbroken in one clip."""
    rows: list[list[Section]] = [[sections[0]]] if sections else []
    for before, after in pairwise(sections):
        unbroken = before.clip == after.clip and before.end == after.start
        if unbroken and before.offset + before.length == after.offset:
            rows[-1].append(after)
        else:
            rows.append([after])
    return [tuple(row) for row in rows]
