"""Guides re-cut from the album's own bars, in an order that the album does not have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.document.bars import seconds_of_bar
from app.document.guide_form import DRAWN_FORM, LETTERS, PART_BARS, QUIET_PARTS, GuideForm, Parts, plays
from app.document.model import BEATS_PER_BAR, FASTEST_BPM, SLOWEST_BPM, Tempo
from app.studio.guides.bars import Bars
from app.studio.guides.form import Block, blocks_of, form_of
from app.studio.guides.walker import BarTable, Walk, loudness
from samplernn.guides.framing import Floats
from samplernn.guides.notes import PEAK, REST
from samplernn.guides.notes import PER_SECOND as NOTES_PER_SECOND
from samplernn.guides.strokes import PER_SECOND, strokes_at

_FORMS = ("ABACABDA", "AABBACCA", "ABCABDCA", "AABACBDA")
"""Which part follows which within a clip."""
_MOST_DB = 12.0
"""By so much at most a guide is brought to the album's level."""
_MOST_STRETCHED = 0.08
"""Bars of a song are made longer or shorter by up to this share, so that a song is as long as whole bars."""
TAIL_SECONDS = 0.05
"""That a part goes on after its last bar, to fade out under what follows."""


@dataclass(frozen=True, slots=True, eq=False)
class Recut:
    """A guide that was re-cut: strokes [frames, 20], notes [frames, 62, 3], its tempo, and the plan, the name of each
    part that is at least begun."""

    strokes: Floats
    notes: Floats
    tempo: Tempo
    plan: Parts = ()
    whole: Recut | None = None
    """All of its form, from the same beginning on: it goes on so, and then begins anew."""

    @property
    def parts(self) -> tuple[tuple[str, float], ...]:
        """The name of each part and how many seconds it lasts."""
        return tuple((name, PART_BARS * seconds_of_bar(self.tempo.bpm)) for name in self.plan)


@dataclass(frozen=True, slots=True, eq=False)
class SongRecut:
    """The guides of a song: parts of whole bars in one tempo, and the order in which they are heard.

    Attributes:
        blocks: from the beginning of the song to its end.
        parts: a guide for each part that the blocks name; it begins with a bar and goes on a little after the last one.
        bar_seconds: length of each bar; the last one of the song may be cut off.
    """

    blocks: tuple[Block, ...]
    parts: dict[str, Recut]
    bar_seconds: float


def recut(
    album: Bars, seconds: float, seed: int, form: GuideForm = DRAWN_FORM, *, in_a_row: bool = False
) -> Recut | None:
    """A guide of this length; None where the album has too few bars to be cut anew.

    The strokes of one walk over the album's bars go with the notes of another, so that no bar is one of the album's.
    The tempo is that of the first bar, or the one that is chosen; each bar is stretched to it. A part is the same bars
    wherever it stands, and whatever stands around it. `in_a_row` as `Walk` has it.
    """
    table = BarTable.of(album)
    if table is None:
        return None
    random = np.random.default_rng(seed)
    first = table.draw_clear(random, form.bpm)
    bar_seconds = seconds_of_bar(form.bpm) if form.bpm else len(album.strokes[first]) / PER_SECOND
    parts = int(-(-seconds // (PART_BARS * bar_seconds)))
    drawn = _FORMS[int(random.integers(len(_FORMS)))]
    names = form.parts or tuple(drawn)
    plan = tuple(names[part % len(names)] for part in range(parts))
    needed = _in_walking_order([plays(name, names) for name in plan])
    # what goes on from a clip: drawn last, so that the clip is the same without it
    needed += [name for name in _in_walking_order([plays(name, names) for name in names]) if name not in needed]
    chosen = []
    for number, begins in enumerate((first, _other_first(table, first, random))):
        walk = Walk(table, begins, np.random.default_rng((seed, number)), in_a_row=in_a_row)
        chosen.append({name: walk.part(PART_BARS, quiet=name in QUIET_PARTS) for name in needed})

    def laid(order: Parts, length: float) -> Recut:
        bars = [[bar for name in order for bar in by_name[plays(name, names)]] for by_name in chosen]
        return replace(_laid(album, bars, bar_seconds, length), plan=order)

    made = replace(laid(plan, seconds), whole=laid(names, len(names) * PART_BARS * bar_seconds))
    return _louder(made, table.loudness - loudness(made.strokes))


def _in_walking_order(played: Sequence[str]) -> list[str]:
    """What a walk goes through, so that each part has the same bars whatever the plan is: all letters up to the last
    that is played, then quiet parts, as what a walk begins with is loud.
    """
    last = max((LETTERS.index(name) for name in played if name in LETTERS), default=-1)
    return [*LETTERS[: last + 1], *(name for name in QUIET_PARTS if name in played)]


def recut_song(
    album: Bars, seconds: float, seed: int, form: GuideForm = DRAWN_FORM, *, in_a_row: bool = False
) -> SongRecut | None:
    """The guides of a song of this length, made as `recut` does: a form, one tempo, whole bars where that allows."""
    table = BarTable.of(album)
    if table is None:
        return None
    random = np.random.default_rng(seed)
    first = table.draw_clear(random, form.bpm)
    if form.bpm:
        bar_seconds = seconds_of_bar(form.bpm)
        count = max(-int(-seconds // bar_seconds), 1)
    else:
        bar_seconds, count = _whole_bars(len(album.strokes[first]) / PER_SECOND, seconds)
    blocks = blocks_of(form.parts, count) if form.parts else form_of(count, random)
    others = _other_first(table, first, random)
    walks = [Walk(table, each, random, in_a_row=in_a_row) for each in (first, others)]
    parts: dict[str, Recut] = {}
    # a part that the walk begins with is loud: the quiet ones come last
    for block in sorted(blocks, key=lambda block: block.is_quiet):
        if block.part not in parts:
            bars = max(each.bars for each in blocks if each.part == block.part)
            taken = [walk.part(bars, quiet=block.is_quiet) for walk in walks]
            length = bars * bar_seconds
            whole = _laid(album, taken, bar_seconds, length)
            parts[block.part] = replace(_laid(album, taken, bar_seconds, length + TAIL_SECONDS), whole=whole)
    heard = np.concatenate([parts[block.part].strokes for block in blocks])
    louder = table.loudness - loudness(heard)
    return SongRecut(blocks, {name: _louder(part, louder) for name, part in parts.items()}, bar_seconds)


def _whole_bars(bar_seconds: float, seconds: float) -> tuple[float, int]:
    """How long a bar is to be, and how many of them make a song; the last is cut off where they would be stretched
    too much."""
    count = max(round(seconds / bar_seconds), 1)
    exact = seconds / count
    if abs(exact / bar_seconds - 1) <= _MOST_STRETCHED:
        return exact, count
    return bar_seconds, max(-int(-seconds // bar_seconds), 1)


def _other_first(table: BarTable, first: int, random: np.random.Generator) -> int:
    """A bar of like tempo, whose walk gives the notes."""
    apart = np.abs(np.log(table.lengths / table.lengths[first]))
    apart[~table.clear] = np.inf
    nearest = np.flatnonzero(apart <= max(np.log(1.1), np.sort(apart)[1]))
    return int(random.choice(nearest))


def _laid(album: Bars, bars: Sequence[Sequence[int]], bar_seconds: float, seconds: float) -> Recut:
    """Strokes of the first bars and notes of the others, one behind the other, each stretched to so many seconds."""
    strokes, notes = bars
    bpm = float(np.clip(BEATS_PER_BAR * 60 / bar_seconds, SLOWEST_BPM, FASTEST_BPM))
    return Recut(
        _stretched([album.strokes[bar] for bar in strokes], bar_seconds, seconds),
        _notes_of([album.notes[bar] for bar in notes], bar_seconds, seconds),
        Tempo(bpm=bpm),
    )


def _stretched(bars: Sequence[Floats], bar_seconds: float, seconds: float) -> Floats:
    """[seconds * 250, 20]; after the last bar, it goes on with the first."""
    bar, phase = _places(len(bars), max(round(seconds * PER_SECOND), 1), PER_SECOND, bar_seconds)
    strokes = np.empty((len(bar), bars[0].shape[1]), np.float32)
    for number, each in enumerate(bars):
        inside = bar == number
        strokes[inside] = strokes_at(each, phase[inside] * len(each))
    return strokes


def _notes_of(bars: Sequence[Floats], bar_seconds: float, seconds: float) -> Floats:
    """[seconds * 15.6, 62, 3]: the notes of the moment; they change too seldom to lie between."""
    bar, phase = _places(len(bars), max(round(seconds * NOTES_PER_SECOND), 1), NOTES_PER_SECOND, bar_seconds)
    return np.stack([bars[each][int(place * len(bars[each]))] for each, place in zip(bar, phase, strict=True)])


def _places(bars: int, frames: int, per_second: float, bar_seconds: float) -> tuple[np.ndarray, np.ndarray]:
    """In which bar each frame lies, and how far into it, 0..1."""
    places = np.arange(frames) / per_second / bar_seconds
    return places.astype(int) % bars, places % 1


def _louder(made: Recut, decibels: float) -> Recut:
    louder = np.float32(np.clip(decibels, -_MOST_DB, _MOST_DB))
    notes = made.notes.copy()
    notes[:, :, (PEAK, REST)] += louder
    whole = made.whole and _louder(made.whole, decibels)
    return replace(made, strokes=made.strokes + louder, notes=notes, whole=whole)
