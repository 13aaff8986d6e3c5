"""Ten thousand titles from 250."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.bench.measuring import Figure, timed
from titles.inventing import TitleSettings, invent

_WORDS = """
    black iron winter blood river stone fire silence hollow king serpent ash golden road mother night crooked
    heaven machine broken tongue harvest bone mirror thunder widow salt empire ghost morning
"""


def measure() -> Iterator[tuple[str, Figure]]:
    words = _WORDS.split()
    draw = random.Random(0)
    corpus = tuple(" ".join(draw.sample(words, draw.randint(1, 4))).title() for _ in range(250))
    wild = timed(lambda: invent(corpus, 10_000, TitleSettings(order=2, by="letter", seed=0)), repeats=3)
    near = timed(lambda: invent(corpus, 10_000, TitleSettings(order=3, by="letter", seed=0)), repeats=3)
    yield "titles.10000.order2.seconds", wild
    yield "titles.10000.order3.seconds", near
    yield "titles.10000.seconds", max(wild, near, key=lambda figure: figure.value)
