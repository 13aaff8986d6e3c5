"""How documents of older versions become those of today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from heapq import heappop, heappush
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
    going_on: defaultdict[tuple[str, int, int], list[int]] = defaultdict(list)
    """From a clip, a place in the song and one in the clip to the rows that end there, the first on top."""
    for part in sorted(sections, key=lambda part: (part.start, part.id)):
        before = [] if part.fade_in else going_on[part.clip, part.start, part.offset]
        row = heappop(before) if before else len(rows)
        if row == len(rows):
            rows.append([])
        rows[row].append(part)
        if not part.fade_out:
            heappush(going_on[part.clip, part.end, part.offset + part.length], row)
    return rows


def keep_sound_as_made(raw: dict[str, Any]) -> dict[str, Any]:
    """From version 2, which knew no finish: what was arranged then sounds as it did."""
    release = raw.get("release", {})
    return {**raw, "release": {**release, "finish": "made"}} if isinstance(release, dict) else raw


MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: carry_fades_on, 2: keep_sound_as_made}
"""From a schema version to the function that turns its raw document into the next version's."""
