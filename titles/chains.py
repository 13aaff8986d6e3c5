"""Markov chains over titles, by letter and by word."""

from __future__ import annotations

import bisect
import random
from collections.abc import Sequence
from itertools import accumulate

import markovify
from markovify.chain import BEGIN, END


class Titles(markovify.Text):  # type: ignore[misc]  # markovify has no types
    """Titles as markovify's text: each is one sentence, whatever its punctuation. Word by word."""

    def sentence_split(self, text: str) -> list[str]:
        """One sentence per line."""
        return text.splitlines()

    def test_sentence_input(self, sentence: str) -> bool:
        """Whether markovify takes the title: any that is not empty."""
        return bool(sentence.strip())


class LetterTitles(Titles):
    """Letter by letter."""

    def word_split(self, sentence: str) -> list[str]:
        """Each letter is a word to the chain."""
        return list(sentence)

    def word_join(self, words: Sequence[str]) -> str:
        """The letters put together again."""
        return "".join(words)


class Walker:
    """Random walks through the chain of a text, from a generator of its own: markovify draws from the global one."""

    def __init__(self, text: Titles, source: random.Random) -> None:
        self._text = text
        self._random = source.random
        self._start = (BEGIN,) * text.state_size
        self._next: dict[tuple[str, ...], tuple[tuple[str, ...], list[int]]] = {
            state: (tuple(follows), list(accumulate(follows.values()))) for state, follows in text.chain.model.items()
        }

    def walk(self, longest: int) -> str | None:
        """One title, or None where it has not ended after `longest` letters or words."""
        state = self._start
        steps: list[str] = []
        for _ in range(longest + 1):
            choices, until = self._next[state]
            step = choices[bisect.bisect(until, self._random() * until[-1])] if len(choices) > 1 else choices[0]
            if step == END:
                joined: str = self._text.word_join(steps)
                return joined
            steps.append(step)
            state = (*state[1:], step)
        return None


def walker(titles: Sequence[str], order: int, by: str, source: random.Random) -> Walker:
    """A walker over the chain of `order` letters or words (`by`) that the titles make."""
    kind = LetterTitles if by == "letter" else Titles
    return Walker(kind("\n".join(titles), state_size=order, retain_original=False, well_formed=False), source)
