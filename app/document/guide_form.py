"""The form of guides that are cut from bars: which part follows which, and in which tempo.

A part is four bars. Parts of one name are the same bars again; "intro" and "break" are of quiet bars, and "end" is the
part that was heard first, once more.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.document.bars import seconds_of_bar
from app.document.errors import UserError
from app.document.model import FASTEST_BPM, SLOWEST_BPM

PART_BARS = 4
"""Bars of a part."""
INTRO, BREAK, END = "intro", "break", "end"
LETTERS = "ABCDEFGH"
PART_NAMES = (INTRO, *LETTERS, BREAK, END)
"""All that a part can be called."""
QUIET_PARTS = (INTRO, BREAK)
"""Those that stand back behind the rest."""
MOST_PARTS = 64
_DRAWN_LETTERS = "ABCD"
"""Those that a form that is drawn by chance may have."""
_INTRO_CHANCE, _END_CHANCE, _BREAK_CHANCE = 0.6, 0.7, 0.2
_AGAIN_CHANCE, _BACK_CHANCE = 0.25, 0.45
"""Of the part before, and of any part that was there."""
_SHORTEST_WITH_BREAK = 4
"""Parts between intro and end."""
_TRIES = 20

Parts = tuple[str, ...]
"""Names of `PART_NAMES`, in the order in which they are heard."""


@dataclass(frozen=True, slots=True)
class GuideForm:
    """The order of parts and the tempo, as far as they are chosen.

    Attributes:
        parts: empty where they are drawn by chance for each clip. A clip that is longer begins them anew.
        bpm: None where the tempo is that of one of the album's bars.

    Raises:
        ValueError: a part is none, or there are too many; a tempo that no song has.
    """

    parts: Parts = ()
    bpm: float | None = None

    def __post_init__(self) -> None:
        if len(self.parts) > MOST_PARTS or any(part not in PART_NAMES for part in self.parts):
            raise ValueError("no form has such parts")
        if self.bpm is not None and not SLOWEST_BPM <= self.bpm <= FASTEST_BPM:
            raise ValueError("no song has such a tempo")


DRAWN_FORM = GuideForm()
"""All is drawn by chance."""


def form_seconds(parts: Sequence[str], bpm: float) -> float:
    """Length of so many parts."""
    return len(parts) * PART_BARS * seconds_of_bar(bpm)


def plays(part: str, parts: Sequence[str]) -> str:
    """The part whose bars are heard: itself, and at the end the first that is not quiet."""
    if part != END:
        return part
    return next((name for name in parts if name in LETTERS), LETTERS[0])


def parsed_parts(text: str) -> Parts:
    """Parts from "intro A B A break B end"; letters may stand together, as in "intro ABA end".

    Raises:
        UserError: a word is none of them, or there are none, or too many.
    """
    parts: list[str] = []
    for word in re.split(r"[\s,]+", text.strip()):
        if word.lower() in (INTRO, BREAK, END):
            parts.append(word.lower())
        elif word and all(letter in LETTERS for letter in word.upper()):
            parts += word.upper()
        else:
            raise UserError(
                f"“{word}” is no part of a form.",
                f"Write intro, break, end and letters from {LETTERS[0]} to {LETTERS[-1]}: “intro A B A break B end”.",
            )
    if len(parts) > MOST_PARTS:
        raise UserError(f"A form has {MOST_PARTS} parts at most.", "Leave some out; longer clips begin it anew.")
    return tuple(parts)


# edits


def with_moved(parts: Parts, place: int, before: int) -> Parts:
    """One part put before the one that is at `before` now; behind the last where that is their number."""
    rest = parts[:place] + parts[place + 1 :]
    at = before - 1 if before > place else before
    return (*rest[:at], parts[place], *rest[at:])


def with_part(parts: Parts, before: int, name: str) -> Parts:
    """One more part; the same parts where there are as many as there can be."""
    return parts if len(parts) >= MOST_PARTS else (*parts[:before], name, *parts[before:])


def without_part(parts: Parts, place: int) -> Parts:
    """One part less; the last one stays."""
    return parts if len(parts) == 1 else parts[:place] + parts[place + 1 :]


def with_name(parts: Parts, place: int, name: str) -> Parts:
    """Another part at this place."""
    return (*parts[:place], name, *parts[place + 1 :])


def other_parts(parts: Parts, seed: int) -> Parts:
    """A form of as many parts, drawn by chance; another one than this, where there is any."""
    chance = random.Random(seed)
    for _ in range(_TRIES):
        drawn = _drawn(len(parts), chance)
        if drawn != parts:
            break
    return drawn


def _drawn(count: int, chance: random.Random) -> Parts:
    begins = [INTRO] if count > 2 and chance.random() < _INTRO_CHANCE else []
    ends = [END] if count > 2 and chance.random() < _END_CHANCE else []
    inner = count - len(begins) - len(ends)
    body = [_DRAWN_LETTERS[0]]
    while len(body) < inner:
        there = sorted(set(body) - {BREAK})
        is_inside = inner >= _SHORTEST_WITH_BREAK and 1 < len(body) < inner - 1
        if is_inside and BREAK not in body and chance.random() < _BREAK_CHANCE:
            body.append(BREAK)
        elif body[-1] != BREAK and body[-2:-1] != body[-1:] and chance.random() < _AGAIN_CHANCE:
            body.append(body[-1])
        elif len(there) == len(_DRAWN_LETTERS) or (len(there) > 1 and chance.random() < _BACK_CHANCE):
            body.append(chance.choice([name for name in there if name != body[-1]]))
        else:
            body.append(_DRAWN_LETTERS[len(there)])
    return (*begins, *body, *ends)
