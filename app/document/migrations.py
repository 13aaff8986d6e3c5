"""How documents of older versions become those of today."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from app.document.model import Lane, Section, Song


def carry_fades_on(raw: dict[str, Any]) -> dict[str, Any]:
    """From version 1: there a fade that a split had cut was the first (or last) piece's alone, though longer than that,
    and was heard in those that went on from it. Now each piece says what of it is its own."""
    try:
        songs = msgspec.convert(raw.get("songs", ()), tuple[Song, ...])
    except msgspec.ValidationError:
        return raw  # what is wrong there is told when the whole is read
    songs = tuple(replace(song, lanes=tuple(map(_carried_on, song.lanes))) for song in songs)
    return {**raw, "songs": msgspec.to_builtins(songs)}


def _carried_on(lane: Lane) -> Lane:
    pieces: dict[str, Section] = {}
    for row in _rows(lane.sections):
        first, last = row[0], row[-1]
        for part in row[1:]:
            before = part.start - first.start
            if first.fade_in > before:
                fade = {"fade_in": first.fade_in, "fade_in_cut": before}
                part = replace(part, **fade, fade_in_curve=first.fade_in_curve)
            pieces[part.id] = part
        for part in row[:-1]:
            part, behind = pieces.get(part.id, part), last.end - part.end
            if last.fade_out > behind:
                fade = {"fade_out": last.fade_out, "fade_out_cut": behind}
                part = replace(part, **fade, fade_out_curve=last.fade_out_curve)
            pieces[part.id] = part
    return replace(lane, sections=tuple(pieces.get(part.id, part) for part in lane.sections))


def _rows(sections: Sequence[Section]) -> list[list[Section]]:
    """The pieces that were heard as one stretch: they go on unbroken in one clip, with no fade between them."""
    rows: list[list[Section]] = []
    for part in sorted(sections, key=lambda part: (part.start, part.id)):
        row = next((row for row in rows if _went_on(row[-1], part)), None)
        if row is None:
            rows.append([part])
        else:
            row.append(part)
    return rows


def _went_on(last: Section, part: Section) -> bool:
    same = last.clip == part.clip and last.end == part.start and last.offset + last.length == part.offset
    return same and not last.fade_out + part.fade_in


MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: carry_fades_on}
"""From a schema version to the function that turns its raw document into the next version's."""
