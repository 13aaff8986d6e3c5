"""Edits of sections: place, move, trim, split, delete, level.

None of them makes a section without length, outside its clip, or before the start of the song. A clip is never
changed, so whatever is trimmed away can be pulled out again.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from app.document.edits.songs import add_lane, gain_in_range, pan_in_range
from app.document.edits.windows import before_cut, begun_at, behind_cut, ended_at
from app.document.model import FadeCurve, Lane, Project, Section, Song
from app.document.tree import (
    change_section,
    change_sections,
    change_song,
    clip_of,
    lane_of,
    new_id,
    ordered,
    section_of,
    song_of,
    with_sections,
)


def place_clip(
    project: Project, lane: str, clip: str, start: int, *, offset: int = 0, length: int | None = None
) -> Project:
    """Puts a clip, or the part of it from `offset` on, on a lane as a new section."""
    frames = clip_of(project, clip).frames
    if frames < 1:
        return project
    offset = min(max(offset, 0), frames - 1)
    length = min(max(length if length is not None else frames, 1), frames - offset)
    section = Section(id=new_id(project, "x"), clip=clip, start=max(start, 0), offset=offset, length=length)
    return _put(project, lane, section)


def place_clips(project: Project, lane: str, clips: Iterable[str], start: int) -> Project:
    """Puts clips on a lane one behind the other."""
    for clip in clips:
        project = place_clip(project, lane, clip, start)
        start = max(start, 0) + clip_of(project, clip).frames
    return project


def place_clips_on_new_lane(project: Project, song: str, clips: Iterable[str], start: int) -> Project:
    """As `place_clips`, on a lane added below the others of the song."""
    project = add_lane(project, song)
    return place_clips(project, song_of(project, song).lanes[-1].id, clips, start)


def place_clips_behind(project: Project, song: str, clips: Iterable[str]) -> Project:
    """Puts clips one behind the other on the first lane, behind all that is in the song."""
    if not song_of(project, song).lanes:
        project = add_lane(project, song)
    found = song_of(project, song)
    return place_clips(project, found.lanes[0].id, clips, found.frames)


def _put(project: Project, lane: str, section: Section) -> Project:
    return with_sections(project, lane, (*lane_of(project, lane)[1].sections, section))


def move_sections(project: Project, ids: Iterable[str], by: int, *, lanes: int = 0) -> Project:
    """Shifts sections by so many frames and lanes, all alike.

    Together they go no further than the start of the song and the first and last lane.
    """
    chosen = frozenset(ids)
    touched = [song for song in project.songs if any(chosen & _ids_on(lane) for lane in song.lanes)]
    if not touched:
        return project
    starts = [part.start for song in touched for lane in song.lanes for part in lane.sections if part.id in chosen]
    by = max(by, -min(starts))
    for song in touched:
        places = [place for place, lane in enumerate(song.lanes) if chosen & _ids_on(lane)]
        lanes = min(max(lanes, -min(places)), len(song.lanes) - 1 - max(places))
    if not by and not lanes:
        return project
    for song in touched:
        project = change_song(project, song.id, lambda song: _shifted(song, chosen, by, lanes))
    return project


def _shifted(song: Song, chosen: frozenset[str], by: int, lanes: int) -> Song:
    rows: list[list[Section]] = [[part for part in lane.sections if part.id not in chosen] for lane in song.lanes]
    for place, lane in enumerate(song.lanes):
        for part in lane.sections:
            if part.id in chosen:
                rows[place + lanes].append(replace(part, start=part.start + by))
    return replace(song, lanes=tuple(ordered(lane, row) for lane, row in zip(song.lanes, rows, strict=True)))


def _ids_on(lane: Lane) -> frozenset[str]:
    return frozenset(part.id for part in lane.sections)


def trim_start(project: Project, id: str, start: int) -> Project:
    """Drags the left edge to `start` while the sound stays where it is in the song."""
    _, _, section = section_of(project, id)
    earliest = max(section.start - section.offset, 0)
    start = min(max(start, earliest), section.end - 1)
    return change_section(project, id, lambda section: begun_at(section, start))


def trim_end(project: Project, id: str, end: int) -> Project:
    """Drags the right edge to `end`."""
    _, _, section = section_of(project, id)
    latest = section.start + clip_of(project, section.clip).frames - section.offset
    end = min(max(end, section.start + 1), latest)
    return change_section(project, id, lambda section: ended_at(section, end))


def split_section(project: Project, id: str, at: int) -> Project:
    """Cuts a section in two at a place in the song; nothing changes where that is outside it.

    A fade under the cut goes on in both: side by side they sound as before, to the last bit, and each by itself as it
    did there.
    """
    _, lane, section = section_of(project, id)
    if not section.start < at < section.end:
        return project
    right = replace(behind_cut(section, at), id=new_id(project, "x"))
    return _put(change_section(project, id, lambda section: before_cut(section, at)), lane.id, right)


def split_sections(project: Project, ids: Iterable[str], at: int) -> Project:
    """Splits those of the sections that lie under `at`."""
    for id in ids:
        project = split_section(project, id, at)
    return project


def split_song(project: Project, song: str, at: int) -> Project:
    """Splits every section of the song that lies under `at`."""
    parts = [part.id for lane in song_of(project, song).lanes for part in lane.sections if part.start < at < part.end]
    return split_sections(project, parts, at)


def join_sections(project: Project, left: str, right: str) -> Project:
    """Undoes a split: two neighbours that go on unbroken in the same clip become one; others stay as they are."""
    _, lane, first = section_of(project, left)
    _, other_lane, second = section_of(project, right)
    if first.start > second.start:
        first, second = second, first
    unbroken = first.end == second.start and first.offset + first.length == second.offset
    alike = (first.gain_db, first.pan, first.motif) == (second.gain_db, second.pan, second.motif)
    if lane.id != other_lane.id or first.clip != second.clip or not unbroken or not alike:
        return project
    whole = replace(
        first,
        length=first.length + second.length,
        fade_out=second.fade_out,
        fade_out_cut=second.fade_out_cut,
        fade_out_curve=second.fade_out_curve,
    )
    return change_section(remove_sections(project, [second.id]), first.id, lambda _: whole)


def remove_sections(project: Project, ids: Iterable[str]) -> Project:
    """Takes sections off their lanes."""
    by_lane: dict[str, set[str]] = {}
    for id in ids:
        _, lane, _ = section_of(project, id)
        by_lane.setdefault(lane.id, set()).add(id)
    for lane_id, gone in by_lane.items():
        _, lane = lane_of(project, lane_id)
        project = with_sections(project, lane_id, (part for part in lane.sections if part.id not in gone))
    return project


def join_row(project: Project, ids: Iterable[str]) -> Project:
    """Joins those of the sections that follow each other unbroken."""
    chosen = frozenset(ids)
    for song in project.songs:
        for lane in song.lanes:
            row = [part.id for part in lane.sections if part.id in chosen]
            while len(row) > 1:
                before = project
                project = join_sections(project, row[0], row[1])
                del row[0 if project is before else 1]
    return project


def heal_splits(project: Project, ids: Iterable[str]) -> Project:
    """Joins each of the sections with its neighbours on both sides, as far as they go on unbroken."""
    for id in list(ids):
        try:
            _, lane, _ = section_of(project, id)
        except KeyError:  # it is a part of one before it by now
            continue
        row = [part.id for part in lane.sections]
        place = row.index(id)
        while place + 1 < len(row):
            joined = join_sections(project, id, row.pop(place + 1))
            if joined is project:
                break
            project = joined
        kept = id
        for before in reversed(row[:place]):
            joined = join_sections(project, before, kept)
            if joined is project:
                break
            project, kept = joined, before
    return project


def trim_starts(project: Project, ids: Iterable[str], start: int) -> Project:
    """Drags the left edges of those that end behind `start` there."""
    for id in ids:
        if section_of(project, id)[2].end > start:
            project = trim_start(project, id, start)
    return project


def trim_ends(project: Project, ids: Iterable[str], end: int) -> Project:
    """Drags the right edges of those that begin before `end` there."""
    for id in ids:
        if section_of(project, id)[2].start < end:
            project = trim_end(project, id, end)
    return project


def set_gain(project: Project, ids: Iterable[str], gain_db: float) -> Project:
    """Sets the gain of sections, in dB."""
    return change_sections(project, ids, lambda part: replace(part, gain_db=gain_in_range(gain_db)))


def set_pan(project: Project, ids: Iterable[str], pan: float) -> Project:
    """Sets the pan of sections, -1 (left) to 1 (right)."""
    return change_sections(project, ids, lambda part: replace(part, pan=pan_in_range(pan)))


def set_fade_in(project: Project, ids: Iterable[str], frames: int) -> Project:
    """Lets them rise until so many frames after their starts; one that was cut amid a fade goes on from there."""

    def faded(part: Section) -> Section:
        reach = _reach(frames, part.length, part.fade_out_reach)
        cut = part.fade_in_cut if reach and part.fade_in_reach else 0
        return replace(part, fade_in=cut + reach, fade_in_cut=cut)

    return change_sections(project, ids, faded)


def set_fade_out(project: Project, ids: Iterable[str], frames: int) -> Project:
    """Lets them fall from so many frames before their ends on; see `set_fade_in`."""

    def faded(part: Section) -> Section:
        reach = _reach(frames, part.length, part.fade_in_reach)
        cut = part.fade_out_cut if reach and part.fade_out_reach else 0
        return replace(part, fade_out=cut + reach, fade_out_cut=cut)

    return change_sections(project, ids, faded)


def fade_in_until(project: Project, ids: Iterable[str], at: int) -> Project:
    """Lets those of the sections that lie under `at` rise until there."""
    for part in _sections_under(project, ids, at):
        project = set_fade_in(project, [part.id], at - part.start)
    return project


def fade_out_from(project: Project, ids: Iterable[str], at: int) -> Project:
    """Lets those of the sections that lie under `at` fall from there on."""
    for part in _sections_under(project, ids, at):
        project = set_fade_out(project, [part.id], part.end - at)
    return project


def _sections_under(project: Project, ids: Iterable[str], at: int) -> list[Section]:
    """Those of the sections that sound at the frame `at` of their song."""
    sections = (section_of(project, id)[2] for id in ids)
    return [part for part in sections if part.start <= at <= part.end]


def set_fade_in_curve(project: Project, ids: Iterable[str], curve: FadeCurve) -> Project:
    """Sets how the fades in of sections rise."""
    return change_sections(project, ids, lambda part: replace(part, fade_in_curve=curve))


def set_fade_out_curve(project: Project, ids: Iterable[str], curve: FadeCurve) -> Project:
    """Sets how the fades out of sections fall."""
    return change_sections(project, ids, lambda part: replace(part, fade_out_curve=curve))


def _reach(frames: int, length: int, other: int) -> int:
    """How far a fade can reach: not into the other one, where that leaves any room."""
    return min(max(frames, 0), length - other if other < length else length)
