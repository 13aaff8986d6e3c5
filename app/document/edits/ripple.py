"""Edits that take time out of a song: what follows moves up."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from app.document.edits.sections import remove_sections, split_song
from app.document.edits.tree import change_song, lane_of, ordered, section_of, song_of, with_sections
from app.document.model import Project, Section, Song


def remove_and_close(project: Project, ids: Iterable[str]) -> Project:
    """Ripple delete: what follows on the same lane moves up by the length that went."""
    gone = [section_of(project, id) for id in ids]
    project = remove_sections(project, [section.id for _, _, section in gone])
    for _, lane, section in sorted(gone, key=lambda place: -place[2].start):
        _, rest = lane_of(project, lane.id)
        project = with_sections(project, lane.id, (_moved_up(part, section) for part in rest.sections))
    return project


def _moved_up(part: Section, gone: Section) -> Section:
    return replace(part, start=max(part.start - gone.length, 0)) if part.start >= gone.start else part


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
