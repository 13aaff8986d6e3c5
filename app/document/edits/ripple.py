"""Edits that take time out of a song: what follows moves up."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from app.document.edits.sections import remove_sections, split_song
from app.document.edits.tree import change_song, lane_of, ordered, section_of, song_of, with_sections
from app.document.model import Project, Section, Song


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
    return change_song(remove_sections(project, within), song, lambda song: _without(song, start, end))


def _without(song: Song, start: int, end: int) -> Song:
    def now(frame: int) -> int:
        return frame if frame < start else max(frame - (end - start), start)

    lanes = tuple(
        ordered(lane, (replace(part, start=now(part.start)) for part in lane.sections)) for lane in song.lanes
    )
    markers = tuple(
        replace(marker, frame=now(marker.frame)) for marker in song.markers if not start < marker.frame < end
    )
    return replace(song, lanes=lanes, markers=markers)
