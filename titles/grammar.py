"""Whether the words of a title could follow one another: a table of which kind of word comes after which.

English only. A corpus in another language is not judged by it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache
from itertools import pairwise

from titles.words import ADJECTIVES, CLOSED, NOUNS, VERBS

_START, _END = "<", ">"
_VOWEL_SOUND = re.compile(r"(?:[aeio]|u(?!ni|s[aeu])|hour|honest|hono)")
_ENGLISH = 0.3
"""Share of a corpus's words that are listed, from which on it counts as English."""

_AFTER: dict[str, dict[str, str]] = {
    # kind of word: the kinds that go well after it, and those that may; what stands in neither jars
    _START: {"well": "DPTCIYXJQRUMNVAH", "may": ""},
    "D": {"well": "NA", "may": "M"},
    "F": {"well": "DNAYOM", "may": "QJ"},
    "P": {"well": "DNAYOM", "may": "PQJ"},
    "T": {"well": "VDNYO", "may": "AXRM"},
    "C": {"well": "DNAVIYJQPH", "may": "XRTMU"},
    "I": {"well": "VX", "may": "R"},
    "O": {"well": _END + "PTUR", "may": "DNCVAJ"},
    "Y": {"well": _END + "VXPTRF", "may": "UCJ"},
    "X": {"well": "VRYID", "may": "ANPO"},
    "J": {"well": "VADNRP", "may": "YTUQ"},
    "Q": {"well": "IXDYJ", "may": "NVAT" + _END},
    "R": {"well": _END, "may": "DPTCIYXJQRUNVA"},
    "U": {"well": _END + "PTDF", "may": "NCYA"},
    "M": {"well": _END + "NA", "may": "PMC"},
    "H": {"well": _END + "HNIJXD", "may": "YPVAQR"},
    "N": {"well": _END + "PCNMF", "may": "XVTUR"},
    "V": {"well": _END + "DOYUPR", "may": "NATCQMH"},
    "A": {"well": "NA", "may": _END + "CTPF"},
}
_SCORE = {
    (one, other): {"well": 1.0, "may": 0.7}[how]
    for one, kinds in _AFTER.items()
    for how in kinds
    for other in kinds[how]
}
_JARS = 0.1

_KNOWN: dict[str, str] = {}
for _kind, _words in (*CLOSED.items(), ("N", NOUNS), ("V", VERBS), ("A", ADJECTIVES)):
    for _word in _words.split():
        _KNOWN[_word] = _KNOWN.get(_word, "") + _kind

_SUFFIXES = (
    ("ing", "VNA"), ("in'", "VA"), ("in’", "VA"), ("ed", "VA"), ("ly", "R"), ("ness", "N"), ("tion", "N"),
    ("sion", "N"), ("ment", "N"), ("ity", "N"), ("ism", "N"), ("ers", "N"), ("er", "N"), ("or", "N"), ("est", "A"),
    ("less", "A"), ("ful", "A"), ("ous", "A"), ("al", "NA"), ("ic", "NA"), ("ish", "A"), ("able", "A"),
)  # fmt: skip
_ANY_OPEN = "NA"
_IRREGULAR = frozenset(("is", "was", "has", "does", "this", "us", "his", "its", "ours", "yours", "hers", "thus", "yes"))


class Grammar:
    """Judges titles by the small words of English; says 1 of every title where the corpus is not English."""

    def __init__(self, words: Collection[str]) -> None:
        self.is_english = sum(_is_listed(word) for word in words) > _ENGLISH * max(len(words), 1)
        self.words: Collection[str] = _KNOWN if self.is_english else ()
        self._kinds: dict[str, str] = {}

    def knows(self, word: str) -> bool:
        """Whether it is a word of the language."""
        return self.is_english and _is_listed(word)

    def is_small(self, word: str) -> bool:
        """Whether it is an English function word, such as an article or a preposition."""
        return self.is_english and any(kind in CLOSED for kind in _KNOWN.get(word, ""))

    def score(self, words: Sequence[str]) -> float:
        """0..1: the worst of the joints counts most. All words in lower case."""
        if not self.is_english:
            return 1.0
        kinds = [_START, *(self._kind(word) for word in words), _END]
        joints = [_joint(one, other) for one, other in pairwise(kinds)]
        for one, other in pairwise(words):
            if one in ("a", "an") and (one == "an") != bool(_VOWEL_SOUND.match(other)):
                joints.append(_JARS)
        return 0.6 * min(joints) + 0.4 * sum(joints) / len(joints)

    def _kind(self, word: str) -> str:
        found = self._kinds.get(word)
        if found is None:
            found = self._kinds[word] = _kinds(word)
        return found


@cache
def _joint(ones: str, others: str) -> float:
    return max(_SCORE.get((one, other), _JARS) for one in ones for other in others)


def _is_listed(word: str) -> bool:
    return word in _KNOWN or bool(_base(word))


def _base(word: str) -> str:
    """The listed word that this one is a form of, or ""."""
    for ending, instead in (("'s", ""), ("’s", ""), ("s", ""), ("es", ""), ("ies", "y"), ("ing", ""), ("ing", "e")):
        if word.endswith(ending) and len(word) > len(ending) + 2 and word not in _IRREGULAR:
            base = word.removesuffix(ending) + instead
            if any(kind in "NV" for kind in _KNOWN.get(base, "")):
                return base
    return ""


def _kinds(word: str) -> str:
    if word in _KNOWN:
        return _KNOWN[word]
    if word.isdigit():
        return "M"
    if word.endswith(("'s", "’s")):
        return "DJ" if set(_KNOWN.get(word[:-2], "I")) & set("YQ") else "D"
    base = _base(word)
    if base and word.endswith("s"):
        return "".join(kind for kind in _KNOWN[base] if kind in "NV")
    return next(
        (kinds for suffix, kinds in _SUFFIXES if word.endswith(suffix) and len(word) > len(suffix) + 2), _ANY_OPEN
    )
