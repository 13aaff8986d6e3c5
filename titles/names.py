"""Names for albums and artists, made of the letters of what is there: Coditany of Timeness, Bot Prownies."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator

from titles.casing import Casing
from titles.inventing import TitleSettings, invent
from titles.nearness import Nearness

_ONSET = re.compile(r"^(qu|[^\Waeiouy\d_]*)(.+)$", re.IGNORECASE)
_FIRST_LETTER = re.compile(r"^([^\Waeiouy\d_]?)(.+)$", re.IGNORECASE)
_POOL = 400
_BEST = 24


def invent_name(corpus: Iterable[str], *, like: str = "", seed: int = 0) -> str:
    """A name of one to four words that is neither `like` nor any title of the corpus, nor a letter away from one.

    Drawn from the best that a chain of letters makes of the corpus and, where `like` has words whose beginnings
    can be swapped ("Pot Brownies", "Bot Prownies"), from those.

    Raises:
        TitleError: where neither the corpus nor `like` holds anything.
    """
    titles = tuple(corpus)
    source = random.Random(f"name of {like}, {seed}")
    near = Nearness((*titles, like))
    swapped = [name for name in _swapped(like) if name not in near]
    if swapped and source.random() < 0.3:
        return source.choice(swapped)
    made = invent((*titles, *([like] if like.strip() else [])), _POOL, TitleSettings(order=3, seed=seed)).titles
    short = [name for name in made if name not in near and 4 <= len(name) <= 28 and 1 <= len(name.split()) <= 4]
    pool = short[:_BEST] or list(made[:_BEST]) or swapped
    return source.choice(pool) if pool else "Untitled"


def _swapped(name: str) -> Iterator[str]:
    """The name with the beginnings of two of its longer words swapped, capitals where they were."""
    words = name.split()
    long = [at for at, word in enumerate(words) if len(word) > 2 and word.lower() not in ("the", "and", "for")]
    casing = Casing([name])
    for place, first in enumerate(long):
        for second in long[place + 1 :]:
            for onset in (_FIRST_LETTER, _ONSET):
                one, other = onset.match(words[first].lower()), onset.match(words[second].lower())
                if one is None or other is None or one[1] == other[1] or not (one[1] and other[1]):
                    continue
                mixed = [word.lower() for word in words]
                mixed[first], mixed[second] = other[1] + one[2], one[1] + other[2]
                yield casing.apply(" ".join(mixed))
