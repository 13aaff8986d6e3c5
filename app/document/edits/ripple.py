"""Edits that take time out of a song: what follows moves up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from msgspec.structs import replace

from app.document.edits.sections import remove_sections, split_song
from app.document.model import Project, Section, Song
from app.document.tree import change_song, lane_of, ordered, section_of, song_of, with_sections


def remove_and_close(project: Project, ids: Iterable[str]) -> Project:
    """Ripple delete: what follows on the same lane moves up by the time that the sections took.

    Where they overlapped, that time is taken once. What follows keeps its distances, and comes no further than to where
    the deleted began; a section that lies wholly within what is deleted stays.
    """
    gone = [section_of(project, id) for id in ids]
    lanes = {lane.id: lane for _, lane, _ in gone}
    project = remove_sections(project, [section.id for _, _, section in gone])
    for id in lanes:
        sections = lane_of(project, id)[1].sections
        for start, end in reversed(_spans(section for _, lane, section in gone if lane.id == id)):
            sections = _closed(sections, start, end)
        project = with_sections(project, id, sections)
    return project


def _spans(sections: Iterable[Section]) -> list[tuple[int, int]]:
    """The stretches of time that sections take together, in order."""
    spans: list[tuple[int, int]] = []
    for part in sorted(sections, key=lambda part: part.start):
        if spans and part.start <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], part.end)
        else:
            spans.append((part.start, part.end))
    return spans


def _closed(sections: tuple[Section, ...], start: int, end: int) -> tuple[Section, ...]:
    following = {part.id for part in sections if part.start >= start and part.end > end}
    first = min((part.start for part in sections if part.id in following), default=end)
    by = min(end, first) - start
    return tuple(replace(part, start=part.start - by) if part.id in following else part for part in sections)


def remove_time(project: Project, song: str, start: int, end: int) -> Project:
    """Takes a stretch of time out of all lanes; what reaches into it is cut there, what follows moves up."""
    start = max(start, 0)
    if end <= start:
        return project
    project = split_song(split_song(project, song, start), song, end)
    within = [
        part.id
        for lane in song_of(project, song).lanes
        for part in lane.sections
        if start <= part.start and part.end <= end
    ]
    project = remove_sections(project, within)
    marked = song_of(project, song).markers
    kept = tuple(marker for marker in marked if not start < marker.frame < end)
    return change_song(project, song, lambda song: _moved_up(replace(song, markers=kept), start, end))


def close_new_silence(project: Project, before: Project, song: str) -> Project:
    """Takes the time out of a song in which nothing sounds any more, but did before, where anything follows.

    What follows moves up on all lanes alike, so that it sounds together as it did.
    """
    sounding, sounded = (_spans(_sections(song_of(value, song))) for value in (project, before))
    for start, end in reversed(_between(sounded, sounding)):
        if end < song_of(project, song).frames:
            project = change_song(project, song, partial(_moved_up, start=start, end=end))
    return project


def _sections(song: Song) -> Iterator[Section]:
    return (part for lane in song.lanes for part in lane.sections)


def _between(spans: list[tuple[int, int]], others: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What of some spans lies in none of the others, in order."""
    free = []
    for start, end in spans:
        for first, last in (*others, (end, end)):
            if start < min(first, end):
                free.append((start, min(first, end)))
            start = max(start, last)
    return free


def _moved_up(song: Song, start: int, end: int) -> Song:
    def now(frame: int) -> int:
        return frame if frame < start else max(frame - (end - start), start)

    lanes = tuple(
        ordered(lane, (replace(part, start=now(part.start)) for part in lane.sections)) for lane in song.lanes
    )
    markers = tuple(replace(marker, frame=now(marker.frame)) for marker in song.markers)
    return replace(song, lanes=lanes, markers=markers)
