"""The form of a song: blocks of whole bars, some of which come back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

PART_BARS = 4
"""Bars of a part; twice as many in a long song."""
_LONG_BARS = 40
_INTRO, _BREAK, _END = "intro", "break", "end"
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
        return self.part in (_INTRO, _BREAK)


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
    named = [(_BREAK, _BREAK) if letter == "-" else (letter, letter) for letter in inner]
    if count > 3:
        named = [(_INTRO, _INTRO), *named]
    elif count == 3:
        named += [("B", "B")]
    if count > 1:
        named += [(_END, body[0])]
    lengths = [length] * (count - 1) + [bars - (count - 1) * length]
    return tuple(Block(name, part, each) for (name, part), each in zip(named, lengths, strict=True))
