"""The artist's own habit of capital letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_SMALL_ENOUGH = 4
"""Letters; words up to this length may be small inside a title ("of", "with") where the artist writes them so."""


class Casing:
    """Learns from titles whether they are in Title Case, lower case, UPPER CASE or Sentence case, and word by word
    how the artist writes those that are known ("II", "K.G.L.W.", "of")."""

    def __init__(self, titles: Sequence[str]) -> None:
        kinds = Counter(kind for title in titles if (kind := _kind(title)))
        self.habit = kinds.most_common(1)[0][0] if kinds else "title"
        forms: dict[str, Counter[str]] = {}
        for title in titles:
            if _kind(title) in (self.habit, ""):
                words = title.split()
                for place, word in enumerate(words):
                    bare = _bare(word)
                    inside = 0 < place < len(words) - 1
                    if bare and (self.habit != "title" or inside or len(bare) > _SMALL_ENOUGH or not bare.istitle()):
                        forms.setdefault(bare.lower(), Counter())[bare] += 1
        self._forms = {
            word: found.most_common(1)[0][0]
            for word, found in forms.items()
            if self.habit != "lower" or len(word) == 1 or (len(found) == 1 and found.total() > 2)
        }

    def apply(self, title: str) -> str:
        """A title in lower case, written as this artist would."""
        words = title.split()
        return " ".join(self._word(word, place in (0, len(words) - 1), place == 0) for place, word in enumerate(words))

    def _word(self, word: str, edge: bool, first: bool) -> str:
        bare = _bare(word)
        if not bare:
            return word
        form = self._forms.get(bare)
        if form is None:
            form = {"title": _capital(bare), "upper": bare.upper(), "sentence": _capital(bare) if first else bare}.get(
                self.habit, bare
            )
        elif (edge and self.habit == "title") or (first and self.habit == "sentence"):
            form = _capital(form)
        # a letter whose capital is that of another one (ı, whose capital is I) stays as it is
        return word.replace(bare, form, 1) if form.casefold() == bare.casefold() else word


def _bare(word: str) -> str:
    """The word without the brackets and marks around it."""
    start, end = 0, len(word)
    while start < end and not word[start].isalnum():
        start += 1
    while end > start and not word[end - 1].isalnum() and not (word[end - 1] == "." and "." in word[start : end - 1]):
        end -= 1
    return word[start:end]


def _capital(word: str) -> str:
    """Also after a stroke or a stop inside the word: Head On/Pill, D-Day, K.G.L.W."""
    return re.sub(r"(?:^|[/.–—-])[^\W\d_]", lambda found: found[0].upper(), word)


def _kind(title: str) -> str:
    """One of the four habits, or "" for a title that shows none, as a single word with a capital."""
    words = [bare for word in title.split() if (bare := _bare(word)) and any(letter.isalpha() for letter in bare)]
    if not words or not any(letter.isupper() or letter.islower() for word in words for letter in word):
        return ""
    joined = "".join(words)
    if joined.islower():
        return "lower"
    if joined.isupper() and len(joined) > 4:
        return "upper"
    telling = [word for word in words[1:] if len(word) > _SMALL_ENOUGH or word == words[-1]]
    if words[0][:1].islower():
        return "lower"  # "when I get home"
    if not telling:
        return ""
    return "title" if 2 * sum(word[:1].isupper() for word in telling) >= len(telling) else "sentence"
