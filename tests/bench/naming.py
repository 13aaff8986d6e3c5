"""Ten thousand titles from 250."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.bench.measuring import Figure, seconds_of
from titles.inventing import invent

_WORDS = """
    black iron winter blood river stone fire silence hollow king serpent ash golden road mother night crooked
    heaven machine broken tongue harvest bone mirror thunder widow salt empire ghost morning
"""


def measure() -> Iterator[tuple[str, Figure]]:
    words = _WORDS.split()
    draw = random.Random(0)
    corpus = tuple(" ".join(draw.sample(words, draw.randint(1, 4))).title() for _ in range(250))
    for order in (2, 3):
        taken = seconds_of(lambda order=order: invent(corpus, 10_000, order=order, by="letter", seed=0))
        yield f"titles.10000.order{order}.seconds", Figure(taken, "s")
