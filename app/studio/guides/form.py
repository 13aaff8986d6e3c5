"""The form of a song: blocks of whole bars, some of which come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.document.guide_form import BREAK, END, INTRO, PART_BARS, QUIET_PARTS, plays

_LONG_BARS = 40
"""A song of so many bars has parts twice as long."""
_BODIES = ("ABAB-ABA", "AABA-BAA", "ABAC-ABC", "AABB-AAB")
"""Which part follows which between intro and end; a dash is a break."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a song."""

    name: str
    """What it is in the song: "intro", a letter, "break" or "end"."""
    part: str
    """Which part it plays, from that part's beginning: the end is a part that was heard before."""
    bars: int

    @property
    def is_quiet(self) -> bool:
        """Whether it is to stand back behind the rest."""
        return self.part in QUIET_PARTS


def form_of(bars: int, random: np.random.Generator) -> tuple[Block, ...]:
    """A form drawn for so many bars, 1 at least; the last block has what the others leave, so it may be shorter."""
    length = PART_BARS if bars < _LONG_BARS else 2 * PART_BARS
    count = -(-bars // length)
    body = _BODIES[int(random.integers(len(_BODIES)))]
    inner = [body[place % len(body)] for place in range(max(count - 2, 1))]
    if inner[-1] == "-":
        inner[-1] = body[0]
    if inner == ["A", "A"]:
        inner[1] = "B"
    named = [(BREAK, BREAK) if letter == "-" else (letter, letter) for letter in inner]
    if count > 3:
        named = [(INTRO, INTRO), *named]
    elif count == 3:
        named += [("B", "B")]
    if count > 1:
        named += [(END, body[0])]
    lengths = [length] * (count - 1) + [bars - (count - 1) * length]
    return tuple(Block(name, part, each) for (name, part), each in zip(named, lengths, strict=True))


def blocks_of(parts: Sequence[str], bars: int) -> tuple[Block, ...]:
    """A form that was chosen, as so many bars: parts of about one length, of whole fours or twos as far as there are
    bars enough; the last has what the others leave. Where there are fewer bars than parts, the first have one each.
    """
    used = parts[: max(bars, 1)]
    unit = next(unit for unit in (PART_BARS, PART_BARS // 2, 1) if unit * len(used) <= max(bars, 1))
    ends = [unit * round(place * bars / len(used) / unit) for place in range(1, len(used))]
    lengths = [end - begin for begin, end in pairwise((0, *ends, bars))]
    return tuple(Block(name, plays(name, parts), each) for name, each in zip(used, lengths, strict=True))
