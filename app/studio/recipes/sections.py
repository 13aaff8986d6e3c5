"""The recipe “sections”, after Coditany of Timeness: unbroken sections of the last epoch that lead somewhere, chosen by
the measures and put in the order of an album."""

from __future__ import annotations

import bisect
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace

from app.document.model import SONG_RATE, Project
from app.document.words import plural
from app.studio.recipes.choosing import Chooser, Stretch, accent_near
from app.studio.recipes.drafts import Draft, faded_in, faded_out, put_drafts, section_of_clip
from app.studio.recipes.flow import album_order, place_names, sounding
from app.studio.recipes.joining import BEFORE_ACCENT, MARGIN, REACH, Piece, joined
from app.studio.recipes.material import Batch, HeardClip, Learnt, Material, Wishes

LONGEST_SECONDS = 240.0
"""Of a section, as in the paper; a longer song is made of several."""
_ROOM = 1.25
"""Clips are so much longer than the sections that are cut from them."""
_SPARE = 1.5
"""So many times the sections that are used are there to choose from."""
_PARTS = 8
"""A section leads somewhere where its eighths differ from each other."""
_PLACES = 40
"""Places of a clip that are compared, at most."""


def sections_of_song(wishes: Wishes) -> int:
    """How many sections a song is made of: one, as long as it is not longer than a section."""
    return max(math.ceil(wishes.song_seconds / LONGEST_SECONDS), 1)


def sections_clips(wishes: Wishes, learnt: Learnt) -> Iterator[Batch]:
    """Long clips of the last epoch, more than are used."""
    each = sections_of_song(wishes)
    seconds = wishes.song_seconds / each * _ROOM + MARGIN / SONG_RATE
    yield Batch(learnt.newest, math.ceil(_SPARE * each * wishes.songs) + 1, seconds, wishes.seed)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A section that may be chosen.

    Attributes:
        closeness: to the album, 0 to 1.
        worth: the same, times how much goes on.
        change: how far its eighths lie apart from each other, in standard deviations of the album.
    """

    stretch: Stretch
    closeness: float
    worth: float
    change: float


def sections_recipe(project: Project, wishes: Wishes, material: Material) -> Project:
    """Adds the songs, in the order of an album."""
    each = sections_of_song(wishes)
    length = wishes.frames // each + (MARGIN if each > 1 else 0)
    chooser = Chooser(wishes.seed)
    chosen = _best(material, chooser, length, wishes.songs * each)
    groups = [chosen[first : first + each] for first in range(0, len(chosen), each)]
    order = album_order([sounding(group[0].stretch) for group in groups], wishes.seed)
    total = sum(heard.clip.frames for heard in material.clips) / SONG_RATE
    told = (
        f"Chosen from {plural(len(material.clips), 'clip')}, {total / 60:.0f} min, of epoch {material.learnt.newest}."
    )
    drafts = [
        _draft([groups[place][number] for number in range(each)], name, told, wishes, material)
        for place, name in zip(order, place_names(len(order)), strict=True)
    ]
    return put_drafts(project, "sections", drafts)


def _best(material: Material, chooser: Chooser, length: int, count: int) -> list[_Candidate]:
    """The best section of each clip, the best of them first; clips come again, elsewhere, only when all have been."""
    found = [candidate for heard in material.clips for candidate in _candidates(heard, length, chooser)]
    ranks = _ranks(found)
    found.sort(key=lambda one: ranks[one.stretch], reverse=True)
    chosen: list[_Candidate] = []
    for fresh_only in (True, False):
        for candidate in found:
            if len(chosen) == count:
                return chosen
            mine = [one.stretch for one in chosen if one.stretch.heard is candidate.stretch.heard]
            here = candidate.stretch
            overlaps = any(here.offset < one.end and one.offset < here.end for one in mine)
            if not (mine if fresh_only else overlaps):
                chosen.append(candidate)
    while len(chosen) < count:
        stretch = chooser.stretch(material.clips, length)
        chosen.append(_measured(stretch))
    return chosen


def _candidates(heard: HeardClip, length: int, chooser: Chooser) -> list[_Candidate]:
    starts = heard.starts(length)
    if len(starts) > _PLACES:
        starts = starts[np.linspace(0, len(starts) - 1, _PLACES).astype(int)]
    made = [_measured(Stretch(heard, int(start), length)) for start in starts]
    chooser.draw.shuffle(made)  # where nothing is known, none is better
    return made


def _measured(stretch: Stretch) -> _Candidate:
    heard, part = stretch.heard, (stretch.offset, stretch.length)
    return _Candidate(stretch, heard.closeness(*part), heard.worth(*part), progression(stretch))


def progression(stretch: Stretch) -> float:
    """How much a stretch changes in its course: the mean distance between the mean features of its eighths, each with
    each; 0 where nothing is known."""
    profile = stretch.heard.profile
    if profile is None:
        return 0.0
    known = profile.features[stretch.heard.part(stretch.offset, stretch.length)]
    if len(known) < 2:
        return 0.0
    parts = np.stack([part.mean(axis=0) for part in np.array_split(known, min(_PARTS, len(known)))]).astype(np.float64)
    apart = np.sqrt(np.square(parts[:, None] - parts).mean(axis=2))
    return float(apart.sum() / (len(parts) * (len(parts) - 1)))


def _ranks(found: Sequence[_Candidate]) -> dict[Stretch, float]:
    """What each candidate is worth beside the others: its places among them, 0 to 1, by worth and by change."""
    worths, changes = sorted(one.worth for one in found), sorted(one.change for one in found)

    def place(values: Sequence[float], value: float) -> float:
        return bisect.bisect_left(values, value) / len(values)

    return {one.stretch: place(worths, one.worth) + place(changes, one.change) for one in found}


def _draft(sections: Sequence[_Candidate], name: str, told: str, wishes: Wishes, material: Material) -> Draft:
    why = f"{name}. {told}" if name else told
    if len(sections) > 1:
        lane = joined([Piece(one.stretch, _why(one)) for one in sections], wishes.frames, material)
        return Draft((lane,), why=why)
    stretch = sections[0].stretch
    heard, frames = stretch.heard, stretch.heard.clip.frames
    last = min(stretch.offset + REACH, max(frames - wishes.frames, stretch.offset))
    accent = accent_near(heard, stretch.offset, stretch.offset + BEFORE_ACCENT, last)
    offset = stretch.offset if accent is None else accent - BEFORE_ACCENT
    part = section_of_clip(heard.clip, 0, offset, wishes.frames, _why(sections[0]))
    part = replace(part, gain_db=material.gain_db(heard))
    return Draft(((faded_out(faded_in(part)),),), why=why)


def _why(one: _Candidate) -> str:
    seconds = one.stretch.length / SONG_RATE
    told = f"{seconds:.0f} s unbroken, nothing in them stuck or silent" if one.stretch.is_fit else f"{seconds:.0f} s"
    if one.stretch.heard.profile is None:
        return f"{told}."
    return f"{told}; close to the album by {100 * one.closeness:.0f} of 100, changes by {one.change:.1f}."
