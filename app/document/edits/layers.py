"""Edits that layer mono takes into a stereo picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec.structs import replace

from app.document.edits.songs import add_lane, gain_in_range, pan_in_range, solo_lane
from app.document.edits.windows import begun_at, ended_at
from app.document.model import Lane, Project, Section, Song
from app.document.tree import change_song, clip_of, lane_of, new_id, section_of, song_of, with_sections

WIDEST = 0.7
"""How far the outermost takes are panned, as in the paper's albums: not quite hard left and right."""

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
    """Gives each take a lane of its own, and pans its sections apart from those of the others; lanes stay as they are.

    A take stays on its lane where nothing else lies there meanwhile; else it goes to a lane that is free, or to a new
    one below the others of the takes. Sections of the takes that are in the song already are taken from where they are,
    and stay as loud as they were. What is to the left of another by now stays so.
    """
    homes = [_home(project, song, take) for take in takes]
    pans = _pans_near(project, song, takes, homes)
    levels = {lane.id: lane.gain_db for lane in song_of(project, song).lanes}
    solo = any(lane.solo for lane in song_of(project, song).lanes)
    moved = {part.id for take in takes for part in take}
    for lane in song_of(project, song).lanes:
        project = with_sections(project, lane.id, (part for part in lane.sections if part.id not in moved))
    used: set[str] = set()
    for take, home, pan in zip(takes, homes, pans, strict=True):
        taken = used.union(other for other in homes if other != home)
        lanes = sorted(song_of(project, song).lanes, key=lambda lane: lane.id != home)
        free = (lane for lane in lanes if lane.id not in taken and _has_room(lane, take, pan, solo=solo))
        goal = next((lane.id for lane in free), None)
        if goal is None:
            project, goal = _add_lane_below(project, song, used | set(homes), solo=solo)
        used.add(goal)
        _, lane = lane_of(project, goal)
        louder = levels.get(home, lane.gain_db) - lane.gain_db
        panned = (
            replace(part, pan=pan_in_range(pan - lane.pan), gain_db=gain_in_range(part.gain_db + louder))
            for part in take
        )
        project = with_sections(project, goal, (*lane.sections, *panned))
    return project


def put_instead(project: Project, sections: Iterable[Section]) -> Project:
    """Puts changed sections in the place of those with the same ids, on the same lanes."""
    for section in sections:
        _, lane, _ = section_of(project, section.id)
        rest = (part for part in lane.sections if part.id != section.id)
        project = with_sections(project, lane.id, (*rest, section))
    return project


def _pans_near(project: Project, song: str, takes: Sequence[Take], homes: Sequence[str]) -> list[float]:
    lanes = {lane.id: lane.pan for lane in song_of(project, song).lanes}
    heard = [take[0].pan + lanes.get(home, 0.0) for take, home in zip(takes, homes, strict=True)]
    pans = dict(zip(sorted(range(len(takes)), key=heard.__getitem__), pans_of(len(takes)), strict=True))
    return [pans[place] for place in range(len(takes))]


def _home(project: Project, song: str, take: Take) -> str:
    ids = {part.id for part in take}
    lanes = song_of(project, song).lanes
    return next((lane.id for lane in lanes if any(part.id in ids for part in lane.sections)), "")


def _add_lane_below(project: Project, song: str, others: set[str], *, solo: bool) -> tuple[Project, str]:
    """A new lane right below the lowest of the others, or below all lanes; also gives its id."""
    project = add_lane(project, song)
    project = solo_lane(project, song_of(project, song).lanes[-1].id, solo)
    *lanes, fresh = song_of(project, song).lanes
    below = max((place + 1 for place, lane in enumerate(lanes) if lane.id in others), default=len(lanes))
    lanes.insert(below, fresh)
    return change_song(project, song, lambda song: replace(song, lanes=tuple(lanes))), fresh.id


def _has_room(lane: Lane, take: Take, pan: float, *, solo: bool) -> bool:
    """Whether the take can lie there, be panned so and be heard, without changing how anything else sounds."""
    if lane.mute or lane.solo != solo or abs(pan - lane.pan) > 1.0:
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


def begun_together(takes: Sequence[Take]) -> list[Take]:
    """The takes without what sounds before the last of them begins; as they are where nothing of one would be left."""
    begin = max(take[0].start for take in takes)
    if begin >= min(take[-1].end for take in takes):
        return list(takes)
    return [tuple(begun_at(part, max(part.start, begin)) for part in take if part.end > begin) for take in takes]


def ended_together(project: Project, takes: Sequence[Take], end: int, reach: int) -> list[Take]:
    """The takes with their ends at `end`, or before it, where the clip of one ends.

    Those that end further from it than `reach` frames were meant to be shorter or longer, and stay so.
    """
    near = [take for take in takes if abs(take[-1].end - end) <= reach]
    end = min(end, *(take[-1].end + frames_behind(project, take[-1]) for take in near)) if near else end
    return [(*take[:-1], ended_at(take[-1], end)) if take in near and take[-1].start < end else take for take in takes]


def frames_behind(project: Project, part: Section) -> int:
    """How much more of its clip there is behind a section."""
    return max(clip_of(project, part.clip).frames - part.offset - part.length, 0)


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
