"""Repeating: one section, or several that are a motif and repeat as one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from msgspec.structs import replace

from app.document.bars import block_frames
from app.document.model import Lane, Project, Section, Song
from app.document.tree import change_sections, new_ids, ordered, section_of


def make_motif(project: Project, ids: Iterable[str]) -> Project:
    """From now on these are chosen, moved and repeated as one; a single section needs no motif."""
    chosen = frozenset(ids)
    if len(chosen) < 2:
        return project
    [motif] = new_ids(project, "m", 1)
    return change_sections(project, chosen, lambda part: replace(part, motif=motif))


def take_motif_apart(project: Project, ids: Iterable[str]) -> Project:
    """Makes the sections of a motif single sections again."""
    return change_sections(project, ids, lambda part: replace(part, motif=""))


def whole_motifs(song: Song, ids: Iterable[str]) -> frozenset[str]:
    """These sections, and all that are of one motif with any of them."""
    chosen = frozenset(ids)
    parts = [part for lane in song.lanes for part in lane.sections]
    motifs = {part.motif for part in parts if part.id in chosen} - {""}
    return chosen.union(part.id for part in parts if part.motif in motifs)


def twins(project: Project, sections: Iterable[Section]) -> list[Section]:
    """Copies of sections with ids of their own; those of a motif are a new motif."""
    sections = list(sections)
    motifs = list(dict.fromkeys(part.motif for part in sections if part.motif))
    fresh = dict(zip(motifs, new_ids(project, "m", len(motifs)), strict=True))
    ids = new_ids(project, "x", len(sections))
    return [replace(part, id=id, motif=fresh.get(part.motif, "")) for part, id in zip(sections, ids, strict=True)]


def repeat_sections(project: Project, ids: Iterable[str], times: int = 1) -> tuple[Project, tuple[str, ...]]:
    """Puts so many copies of the sections, as a block, behind them; also gives the ids of the last copy.

    What comes after them on the same lanes moves on to make room. What is whole bars long begins again on a bar.
    """
    found = [section_of(project, id)[2] for id in dict.fromkeys(ids)]
    if not found or times < 1:
        return project, ()
    span = block_frames(found, {clip.id: clip for clip in project.clips})
    project = _with_room(project, {part.id for part in found}, span * times)
    copies: dict[str, Section] = {}
    for turn in range(1, times + 1):
        fresh = twins(project, (replace(part, start=part.start + span * turn) for part in found))
        copies = {part.id: twin for part, twin in zip(found, fresh, strict=True)}
        project = _with_copies(project, copies)
    return project, tuple(twin.id for twin in copies.values())


def _with_room(project: Project, chosen: set[str], by: int) -> Project:
    def moved(lane: Lane) -> Lane:
        last = max(place for place, part in enumerate(lane.sections) if part.id in chosen)
        after = (replace(part, start=part.start + by) for part in lane.sections[last + 1 :])
        return replace(lane, sections=(*lane.sections[: last + 1], *after))

    return _on_lanes_of(project, chosen, moved)


def _with_copies(project: Project, copies: Mapping[str, Section]) -> Project:
    def filled(lane: Lane) -> Lane:
        return ordered(lane, (*lane.sections, *(copies[part.id] for part in lane.sections if part.id in copies)))

    return _on_lanes_of(project, copies.keys(), filled)


def _on_lanes_of(project: Project, ids: Collection[str], change: Callable[[Lane], Lane]) -> Project:
    """Changes the lanes that have any of these sections."""
    songs = []
    for song in project.songs:
        if any(part.id in ids for lane in song.lanes for part in lane.sections):
            lanes = (change(lane) if any(part.id in ids for part in lane.sections) else lane for lane in song.lanes)
            song = replace(song, lanes=tuple(lanes))
        songs.append(song)
    return replace(project, songs=tuple(songs))
