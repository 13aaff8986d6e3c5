"""Which invented titles float up: new, sayable, and like the artist's."""

from __future__ import annotations

import heapq
import math
import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from titles.nearness import Nearness

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SMALL = """
a ain't am an and are as at be but by don't for from i if i'm i've in into is it's i'll me my no not of on or our than
that the their they this to was we when where while who with you you're you've your
"""
_OPEN_END = frozenset(_SMALL.split()) - {"me", "you", "this", "that"}
_LITTLE = frozenset(_SMALL.split())
_SEAM = 6
"""Letters; a run of this many that no original has is where something new was joined."""


class Ranking:
    """Scores titles against the corpus they were invented from. All texts in lower case."""

    def __init__(self, originals: Sequence[str]) -> None:
        self._runs = {run for title in originals for run in _runs(title, _SEAM)}
        self._words = Counter(word for title in originals for word in set(_WORD.findall(title)))
        self._last = {words[-1] for title in originals if (words := _WORD.findall(title))}
        self._triples: Counter[str] = Counter(run for word in self._words for run in _runs(f" {word} ", 3))
        self._pairs: Counter[str] = Counter(run for word in self._words for run in _runs(f" {word} ", 2))
        known = [word for word in self._words if len(word) > 2]
        self._heads = {word[:at] for word in known for at in range(3, len(word) + 1)}
        self._tails = {word[-at:] for word in known for at in range(3, len(word) + 1)}
        self._parts = {
            word[at:end] for word in known for at in range(len(word)) for end in range(at + 1, len(word) + 1)
        }
        self._misspelt = Nearness(word for word in known if len(word) > 3)
        self._letters = max(30, len({letter for word in self._words for letter in word}))
        self._pairings = {pair for title in originals for pair in _pairings(title)}
        self._length = _Spread([len(title) for title in originals])
        self._count = _Spread([len(_WORD.findall(title)) for title in originals])

    def score(self, title: str) -> float:
        words = _WORD.findall(title)
        if not words:
            return -10.0
        return (
            1.1 * self._novelty(title)
            + 1.3 * self._sayable(words)
            + 1.2 * self._likeness(title, words)
            - 1.5 * self._dangling(title, words)
        )

    def _novelty(self, title: str) -> float:
        """0..1: how much of it no original has as it stands, best at about a third."""
        runs = list(_runs(title, _SEAM))
        new = sum(run not in self._runs for run in runs) / max(len(runs), 1)
        pairs = list(_pairings(title))
        paired = sum(pair not in self._pairings for pair in pairs) / len(pairs) if pairs else new
        return min(1.0, 2.2 * new) * 0.6 + 0.4 * paired

    def _sayable(self, words: Sequence[str]) -> float:
        """About 0..1: the worst of the words counts most."""
        ease = sorted(self._ease(word) for word in words)
        return 0.6 * ease[0] + 0.4 * sum(ease) / len(ease)

    def _ease(self, word: str) -> float:
        if word in self._words:
            return 1.0
        if len(word) == 1:
            return 0.3
        chances = [
            (self._triples[run] + 0.2) / (self._pairs[run[:2]] + 0.2 * self._letters) for run in _runs(f" {word} ", 3)
        ]
        ease = 1 + 0.22 * (sum(math.log(chance) for chance in chances) / len(chances) + 1.6)
        return max(0.0, min(1.0, ease) - _clumsy(word) - self._accident(word))

    def _accident(self, word: str) -> float:
        """A word that nobody knows should be two known ones grown together, not one cut short or misspelt."""
        if word in self._parts or len(word) < 4:
            return 0.45
        if word in self._misspelt:
            return 0.35
        if len(word) > 5 and any(
            word[:at] in self._heads and word[at:] in self._tails for at in range(3, len(word) - 2)
        ):
            return 0.0
        return 0.2

    def _likeness(self, title: str, words: Sequence[str]) -> float:
        """0..1: length and number of words as usual here, at best one word that nobody knows."""
        unknown = sum(word not in self._words for word in words)
        mixture = (0.85, 1.0, 0.45, 0.15)[min(unknown, 3)]
        return 0.35 * self._length.usual(len(title)) + 0.25 * self._count.usual(len(words)) + 0.4 * mixture

    def _dangling(self, title: str, words: Sequence[str]) -> float:
        """Ends in the air, says a word twice, stumbles from one small word to the next, or has odd marks."""
        loose = words[-1] in _OPEN_END or (len(words[-1]) < 3 and words[-1] not in self._last)
        repeated = len(words) - len(set(words))
        marks = sum(not letter.isalnum() and letter not in " '’" for letter in title)
        stumbles = sum(
            one in _LITTLE and other in _LITTLE and (one, other) not in self._pairings
            for one, other in _pairings(title)
        )
        return 0.6 * loose + 0.3 * repeated + 0.12 * marks + 0.25 * stumbles


class _Spread:
    def __init__(self, values: Sequence[int]) -> None:
        self._middle = statistics.median(values)
        self._width = max(1.0, statistics.pstdev(values))

    def usual(self, value: int) -> float:
        return math.exp(-0.5 * ((value - self._middle) / self._width) ** 2)


def _runs(text: str, length: int) -> Iterable[str]:
    return (text[at : at + length] for at in range(len(text) - length + 1))


def _pairings(title: str) -> Iterable[tuple[str, str]]:
    words = _WORD.findall(title)
    return pairwise(words)


def _clumsy(word: str) -> float:
    """For Latin letters: no vowel, four consonants or three vowels on end, a letter thrice, or no end to it."""
    plain = unicodedata.normalize("NFD", word).encode("ascii", "ignore").decode()
    if len(plain) < len(word) or not plain.isalpha():
        return 0.0
    clumsy = 0.0
    if not re.search(r"[aeiouy]", plain):
        clumsy += 0.5
    if re.search(r"[^aeiouy]{4,}", plain):
        clumsy += 0.25
    if re.search(r"[aeiou]{3,}", plain) or re.search(r"(.)\1\1", plain):
        clumsy += 0.25
    if len(plain) < 3:
        clumsy += 0.3
    return clumsy + 0.08 * max(0, len(plain) - 10)


def ranked(scores: Mapping[str, float]) -> list[str]:
    """Best first; a title whose words have stood above it already waits, so that the top is varied."""
    seen: Counter[str] = Counter()
    heap = [(-score, title) for title, score in scores.items()]
    heapq.heapify(heap)
    order: list[str] = []
    while heap:
        _, title = heapq.heappop(heap)
        words = [word for word in _WORD.findall(title) if len(word) > 3] or [title]
        due = -scores[title] + 0.16 * sum(min(seen[word], 12) for word in words) / len(words) ** 0.5
        if heap and due > heap[0][0] + 1e-9:
            heapq.heappush(heap, (due, title))
            continue
        order.append(title)
        seen.update(words)
    return order
