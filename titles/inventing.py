"""Inventing titles: thousands from the words and letters of a catalogue, none of them real."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from resources.progress import Cancelled, never, stop_if
from titles.casing import Casing
from titles.chains import walker
from titles.cleaning import clean
from titles.errors import TitleError
from titles.nearness import Nearness
from titles.ranking import Ranking, ranked
from titles.words import UNWANTED

SMALL_CORPUS = 20
"""Titles; from fewer a chain of the full order would say them all over again."""
_LONGEST = 60
_MOST_WORDS = 10
_BATCH = 2000
_CHOICE, _MOST_CHOSEN_FROM = 8, 12_000
"""So many times the titles asked for are made, up to so many, and the best of them kept."""
_STUTTER = re.compile(r"([^\W\d_]{1,4})\1\1|['’]\w*['’]\w")
_ARTICLE = re.compile(r"\b(?:the|an?) (?=.{3})")
_LUCK = 0.2
"""How much chance moves a title up, so that another seed shows others where the chain has few."""
_BARE_WORD = re.compile(r"[^\W\d_]+")
_PAIRS = {"(": ")", "[": "]", "{": "}", "“": "”", "«": "»"}


@dataclass(frozen=True)
class TitleSettings:
    """How titles are made; the same settings and corpus give the same titles."""

    order: int = 3
    """How many letters or words the next one follows from: 1 to 4."""
    by: str = "letter"
    """What a title is made of: "letter" or "word"."""
    seed: int = 0


DEFAULT_SETTINGS = TitleSettings()


@dataclass(frozen=True)
class Invented:
    """Titles, best first, and a plain remark where it did not go as asked ("" where it did)."""

    titles: tuple[str, ...]
    note: str = ""


def invent(
    corpus: Iterable[str],
    count: int,
    settings: TitleSettings = DEFAULT_SETTINGS,
    *,
    besides: Iterable[str] = (),
    cancelled: Cancelled = never,
) -> Invented:
    """Up to `count` different titles, best first, in the artist's own habit of capitals; the same for the same seed.

    None is in the corpus or one letter away from a title that is. Where the chain of their order runs dry, lower orders
    fill up; a corpus of fewer than 20 titles begins one order lower. `note` tells of either.

    Args:
        besides: titles that must not come up again, such as those invented before.

    Raises:
        TitleError: where there is no corpus, or for an order or kind that is not known.
        CancelledError: soon after `cancelled()`.
    """
    order, by, seed = settings.order, settings.by, settings.seed
    if by not in ("letter", "word"):
        raise TitleError(f"Titles cannot be made by {by}.", "Choose letter or word.")
    if not 1 <= order <= 4:
        raise TitleError(f"There is no order {order}.", "Choose 2 or 3.")
    originals = clean(corpus)
    if not originals:
        raise TitleError("There are no titles to learn from.", "Add an album or a list of titles first.")
    lowered = [title.lower() for title in originals]
    small = len(originals) < SMALL_CORPUS
    found: dict[str, int] = {}
    wanted = max(count, min(_CHOICE * count, _MOST_CHOSEN_FROM))
    rules = _Rules(lowered, besides)
    for lower in range(max(1, order - small), -1, -1):
        stop_if(cancelled)
        if lower == 0 and not small and len(found) >= len(originals):
            break  # halves of titles put together are a last resort: titles that share no words make no chain
        source = random.Random(f"{seed} {by} {lower}")
        walk = _walk(lowered, lower, by, source)
        for title in _new(walk, rules, cancelled):
            if len(found) >= wanted:
                break
            found.setdefault(title, lower)
        if len(found) >= count:
            break
    ranking, casing = Ranking(lowered), Casing(originals)
    luck = random.Random(f"{seed} luck")
    scores: dict[str, float] = {}
    for title, made in found.items():
        stop_if(cancelled)
        scores[title] = ranking.score(title) - 0.6 * (order - made) + _LUCK * luck.random()
    titles = tuple(casing.apply(title) for title in ranked(scores)[:count])
    return Invented(titles, _note(len(originals), count, order, found))


def _note(corpus: int, count: int, order: int, found: dict[str, int]) -> str:
    if not found and count > 0:
        return "Nothing new can be made of so few titles. Add more of the catalogue."
    remarks = []
    if corpus < SMALL_CORPUS:
        only = "There is only one title" if corpus == 1 else f"There are only {corpus} titles"
        highest = max(found.values(), default=1)
        how = f"of order {highest} at most" if highest else "put together from halves"
        remarks.append(f"{only} to learn from, so the new ones are {how}.")
    elif found and min(found.values()) < order:
        full = sum(made == order for made in found.values())
        lowest = "put together from halves" if min(found.values()) == 0 else "of a lower order"
        dry = (
            f"Order {order} ran dry after {full}; the rest are"
            if full
            else f"Order {order} gave nothing new; these are"
        )
        remarks.append(f"{dry} {lowest}.")
    if len(found) < count:
        remarks.append(f"No more than {len(found)} different ones could be made.")
    return " ".join(remarks)


def _walk(titles: Sequence[str], order: int, by: str, source: random.Random) -> Callable[[], str | None]:
    """What makes one title after another; at order 0 the head of one title and the tail of another."""
    if order == 0:
        return lambda: _spliced(source.choice(titles), source.choice(titles), source)
    chain = walker(titles, order, by, source)
    longest = _LONGEST if by == "letter" else _MOST_WORDS
    return lambda: chain.walk(longest)


def _spliced(one: str, other: str, source: random.Random) -> str:
    """Cut between words where both have several, else between letters."""
    first, second = one.split(), other.split()
    if len(first) > 1 and len(second) > 1:
        return " ".join((*first[: source.randrange(1, len(first))], *second[source.randrange(1, len(second)) :]))
    return one[: source.randint(1, len(one))] + other[source.randint(0, len(other) - 1) :]


def _new(walk: Callable[[], str | None], rules: _Rules, cancelled: Cancelled) -> Iterator[str]:
    """New titles as they come, until hardly any more do."""
    seen: set[str] = set()
    while True:
        fresh = 0
        for _ in range(_BATCH):
            stop_if(cancelled)
            title = walk()
            if title is None or title in seen:
                continue
            seen.add(title)
            if rules.allow(title):
                fresh += 1
                yield title
        if fresh < _BATCH // 200:
            return


class _Rules:
    """What a title must not be, however well the chain likes it."""

    def __init__(self, originals: Sequence[str], besides: Iterable[str]) -> None:
        lengths = sorted(len(title) for title in originals)
        self._shortest = min(3, lengths[0])
        self._longest = max(12, min(_LONGEST, int(1.15 * lengths[int(0.97 * (len(lengths) - 1))])))
        self._near = Nearness((*originals, *map(_without_article, originals)))
        self._besides = {title.casefold() for title in besides}
        self._all = "\n".join(originals)
        self._unwanted = frozenset(UNWANTED.split()).difference(_BARE_WORD.findall(self._all))

    def allow(self, title: str) -> bool:
        return (
            self._shortest <= len(title) <= self._longest
            and any(letter.isalpha() for letter in title)
            and (title[0].isalnum() or title[0] in _PAIRS or title[0] in "¿¡'’$#")
            and title[-1] not in ",-–—/&(:;"
            and "  " not in title
            and title == title.strip()
            and _closed(title)
            and self._unwanted.isdisjoint(_BARE_WORD.findall(title))
            and not _STUTTER.search(title)
            and title not in self._all
            and title.casefold() not in self._besides
            and title not in self._near
            and _without_article(title) not in self._near
        )


def _without_article(title: str) -> str:
    return _ARTICLE.sub("", title)


def _closed(title: str) -> bool:
    """Every bracket is closed again, in order, with something in it."""
    waiting: list[str] = []
    before = ""
    for letter in title:
        if letter in _PAIRS:
            waiting.append(_PAIRS[letter])
        elif letter in _PAIRS.values() and (not waiting or waiting.pop() != letter or before in _PAIRS):
            return False
        before = letter
    return not waiting and title.count('"') % 2 == 0
