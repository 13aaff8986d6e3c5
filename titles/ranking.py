"""Which invented titles float up: new, sayable, well joined, and like the artist's."""

from __future__ import annotations

import heapq
import math
import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, pairwise

from titles.grammar import Grammar
from titles.nearness import Nearness

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*['’]?")
_SEAM = 6
"""Letters; a run of this many that no original has is where something new was joined."""
_OWN, _LISTED = 3, 1
"""How much a word of the corpus and one of the language weigh in what is sayable."""

_TIRES = (0.03, 0.16)
"""What a title loses for each that stands above it with the same word, a short one or a longer."""


class Ranking:
    """Scores titles against the corpus they were invented from. All texts in lower case."""

    def __init__(self, originals: Sequence[str]) -> None:
        self._runs = {run for title in originals for run in _runs(title, _SEAM)}
        self._words = Counter(word for title in originals for word in set(_words(title)))
        self._grammar = Grammar(self._words)
        small = filter(self._is_small, self._words)
        self._coined = _Coined(self._words, small, self._grammar.words)
        self._pairings = {pair for title in originals for pair in pairwise(_words(title))}
        self._shapes = {self._shape(_words(title)) for title in originals}
        self._length = _Spread([len(title) for title in originals])
        self._count = _Spread([len(_words(title)) for title in originals])

    def score(self, title: str) -> float:
        """How good an invented title is; more is better. All in lower case."""
        words = _words(title)
        if not words:
            return -10.0
        return (
            0.8 * self._novelty(title, words)
            + 1.6 * self._sayable(words)
            + 1.6 * self._joined(words)
            + 1.0 * self._likeness(title, words)
            - self._blemishes(title, words)
        )

    def _novelty(self, title: str, words: Sequence[str]) -> float:
        """0..1: how much of it no original has as it stands, best at about a third."""
        runs = list(_runs(title, _SEAM))
        new = sum(run not in self._runs for run in runs) / max(len(runs), 1)
        pairs = list(pairwise(words))
        paired = sum(pair not in self._pairings for pair in pairs) / len(pairs) if pairs else new
        return min(1.0, 2.2 * new) * 0.6 + 0.4 * paired

    def _sayable(self, words: Sequence[str]) -> float:
        """About 0..1: the worst of the words counts most."""
        ease = sorted(self._ease(word) for word in words)
        return 0.7 * ease[0] + 0.3 * sum(ease) / len(ease)

    def _ease(self, word: str) -> float:
        if word in self._words:
            return 1.0
        if self._grammar.knows(word):
            return 0.95
        return self._coined.ease(word)

    def _joined(self, words: Sequence[str]) -> float:
        """0..1: as the language joins words, and as this artist does."""
        return 0.75 * self._grammar.score(words) + 0.25 * (self._shape(words) in self._shapes)

    def _shape(self, words: Sequence[str]) -> tuple[str, ...]:
        """The title with its big words taken out: "the _ of _"."""
        return tuple(word if self._is_small(word) else "_" for word in words)

    def _is_small(self, word: str) -> bool:
        return self._grammar.is_small(word) or (len(word) < 4 and self._words[word] > 2)

    def _likeness(self, title: str, words: Sequence[str]) -> float:
        """0..1: length and number of words as usual here, at best one word that nobody knows."""
        unknown = sum(word not in self._words and not self._grammar.knows(word) for word in words)
        mixture = (1.0, 0.9, 0.3, 0.0)[min(unknown, 3)]
        return 0.35 * self._length.usual(len(title)) + 0.25 * self._count.usual(len(words)) + 0.4 * mixture

    def _blemishes(self, title: str, words: Sequence[str]) -> float:
        """A word said twice, a lone letter, a figure, odd marks; a heap of big words; a known one with an article."""
        shape = self._shape(words)
        repeated = len(words) - len(set(words))
        lone = sum(len(word) == 1 and word not in "aio0123456789" for word in words)
        figures = sum(word[0].isdigit() for word in words)
        marks = sum(not letter.isalnum() and letter not in " '’" for letter in title)
        heap = max(0, max(len(list(run)) for _, run in groupby(shape)) - 2) if "_" in shape else 1
        bare = len(words) == 2 and shape[0] in ("the", "a", "an") and words[1] in self._words
        return 0.5 * repeated + 0.4 * lone + 0.2 * figures + 0.15 * marks + 0.25 * heap + 0.35 * bare


class _Coined:
    """How easily a word that does not exist could: said aloud, and made of words that do."""

    def __init__(self, own: Iterable[str], small: Iterable[str], listed: Iterable[str]) -> None:
        own = frozenset(own)
        weights = dict.fromkeys(listed, _LISTED) | dict.fromkeys(own, _OWN)
        self._triples: Counter[str] = Counter()
        self._pairs: Counter[str] = Counter()
        for word, weight in weights.items():
            for run in _runs(f" {word} ", 3):
                self._triples[run] += weight
                self._pairs[run[:2]] += weight
        known = [word for word in sorted(own.difference(small)) if len(word) > 3]
        self._whole = frozenset(known)
        self._heads = {word[:at] for word in known for at in range(3, len(word) + 1)}
        self._tails = {word[-at:] for word in known for at in range(3, len(word) + 1)}
        self._parts = {
            word[at:end] for word in known for at in range(len(word)) for end in range(at + 1, len(word) + 1)
        }
        self._misspelt = Nearness(word for word in weights if len(word) > 3)
        self._letters = max(30, len({letter for word in own for letter in word}))

    def ease(self, word: str) -> float:
        """0..1."""
        if len(word) < 3:
            return 0.2
        chances = [
            math.log((self._triples[run] + 0.2) / (self._pairs[run[:2]] + 0.2 * self._letters))
            for run in _runs(f" {word} ", 3)
        ]
        usual = sum(chances) / len(chances)
        ends = sum(chances[-2:]) / 2
        ease = 0.9 + 0.12 * (usual + 1.6) + 0.05 * (ends + 1.4) + 0.05 * (min(chances) + 2.5)
        return max(0.0, min(0.97, ease) - _clumsy(word) - self._accident(word))

    def _accident(self, word: str) -> float:
        """A word that nobody knows should be two known ones grown together, not one cut short or misspelt."""
        if word in self._parts or len(word) < 5:
            return 0.5
        if word in self._misspelt:
            return 0.45
        head = max((at for at in range(3, len(word)) if word[:at] in self._heads), default=0)
        tail = max((at for at in range(3, len(word)) if word[-at:] in self._tails), default=0)
        overlap = head + tail - len(word)
        if min(head, tail) > 3 and overlap > 0:
            return 0.0
        if min(head, tail) > 2 and word[:head] in self._whole and word[head:] in self._whole:
            return 0.05
        return 0.15 if min(head, tail) > 2 and overlap > 0 else 0.35


class _Spread:
    def __init__(self, values: Sequence[int]) -> None:
        self._middle = statistics.median(values)
        self._width = max(1.0, statistics.pstdev(values))

    def usual(self, value: int) -> float:
        return math.exp(-0.5 * ((value - self._middle) / self._width) ** 2)


def _words(title: str) -> list[str]:
    return _WORD.findall(title)


def _runs(text: str, length: int) -> Iterable[str]:
    return (text[at : at + length] for at in range(len(text) - length + 1))


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
    return clumsy + 0.08 * max(0, len(plain) - 10)


def ranked(scores: Mapping[str, float]) -> list[str]:
    """Best first; a title whose words have stood above it already waits, so that the top is varied."""
    seen: Counter[str] = Counter()
    heap = [(-score, title) for title, score in scores.items()]
    heapq.heapify(heap)
    order: list[str] = []
    while heap:
        _, title = heapq.heappop(heap)
        words = [word[:5].removesuffix("s") for word in _words(title)] or [title]
        due = -scores[title] + sum(_TIRES[len(word) > 3] * min(seen[word], 12) for word in words) / len(words) ** 0.5
        if heap and due > heap[0][0] + 1e-9:
            heapq.heappush(heap, (due, title))
            continue
        order.append(title)
        seen.update(words)
    return order
