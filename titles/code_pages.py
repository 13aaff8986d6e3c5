"""Which code page old text is in: before Unicode every script had several of its own, and files do not say which.

Each code page is tried, and what comes out is judged by what text of that script looks like: which of its letters are
frequent, whether capitals stand inside words, whether a word mixes two scripts.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

WESTERN = "cp1252"
_UNICODE = "utf-8"
_ENOUGH = 20_000
"""Bytes that are judged; more tell nothing more."""
_MARGIN = 0.12
_DOUBT = 1.5
"""By how much a code page must be better than Western text, which is by far the most frequent; a doubt that is shared
out among the bytes that tell."""

_RUSSIAN = "оеаинтсрвлкмдпу"
_MARKS = "“”„‘’‚«»–—…·№°´"
_SIGNS = "©®½¼¾¿¡§±×÷£€¥"


@dataclass(frozen=True)
class _Page:
    name: str
    script: str
    """What the Unicode names of its letters begin with; several, with strokes between."""
    frequent: str
    """The letters that text in it is mostly made of."""
    rows: tuple[int, int] = (0, 0)
    """Where two bytes make a letter: the first bytes of the usual ones."""


_LATIN = (
    _Page(WESTERN, "LATIN", "éèàáíóúñçäöüßåøæêâôîãëïœ"),
    _Page("cp1250", "LATIN", "áéíóöőúüűčěřšžýůłąęśćńżźťďňđ"),
    _Page("cp1254", "LATIN", "çğışöüâ"),
    _Page("cp1257", "LATIN", "āčēģīķļņšūžąęėįų"),
)
_OTHERS = (
    _Page("cp1251", "CYRILLIC", _RUSSIAN),
    _Page("koi8-r", "CYRILLIC", _RUSSIAN),
    _Page("cp866", "CYRILLIC", _RUSSIAN),
    _Page("cp1253", "GREEK", "αοιετσνηυρπκλμςίάό"),
    _Page("cp1255", "HEBREW", "יוהלארתבשמנדם"),
    _Page("cp1256", "ARABIC", "اليمونرتبةعدسفكحق"),
    _Page("cp874", "THAI", "านรอกเงมยลวดทสตหคปบแ"),
)
_ASIAN = (
    _Page("cp932", "HIRAGANA|KATAKANA|CJK", "のにるいをはたしてがとなれかんっ日人一大夜心空愛花夢風月", (0x88, 0x97)),
    _Page("euc_jp", "HIRAGANA|KATAKANA|CJK", "のにるいをはたしてがとなれかんっ日人一大夜心空愛花夢風月", (0xB0, 0xCF)),
    _Page("gb18030", "CJK", "的一是不了人我在有他这中大来上国们到说你爱心天夜风月花梦雨歌没无", (0xB0, 0xD7)),
    _Page("big5", "CJK", "的一是不了人我在有他這中大來上國們到說你愛心天夜風月花夢雨歌沒無", (0xA4, 0xC6)),
    _Page("cp949", "HANGUL", "이다는에의가을은로하고지사리나도기그자어너내아라한우날밤길별서", (0xB0, 0xC8)),
)


def code_page(raw: bytes) -> str:
    """The code page that the bytes are in, as Python names it: "utf-8" where they can be that."""
    try:
        raw.decode(_UNICODE)
        return _UNICODE
    except UnicodeDecodeError:
        pass
    raw = raw[:_ENOUGH].rpartition(b"\n")[0] if len(raw) > _ENOUGH else raw
    scores = {page.name: score for page in (*_LATIN, *_OTHERS, *_ASIAN) if (score := _score(raw, page)) is not None}
    western = scores.get(WESTERN, 0.0)
    best = max(scores, key=lambda name: scores[name], default=WESTERN)
    margin = _MARGIN + _DOUBT / max(1, sum(byte > 127 for byte in raw))
    return best if scores.get(best, 0.0) > western + margin else WESTERN


def decoded(raw: bytes, page: str) -> str:
    """The text in a code page; bytes that it does not have become U+FFFD."""
    return raw.decode(page, "replace")


def text_of(raw: bytes) -> str:
    """The text of a file, whatever it is encoded in; what cannot be read becomes U+FFFD."""
    if b"\0" in raw:
        return _utf_16(raw)
    return decoded(raw.removeprefix(codecs.BOM_UTF8), code_page(raw))


def _utf_16(raw: bytes) -> str:
    """The text in the order of its bytes that the mark at its start says, or else the one in which lines end."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace")
    return max(
        (raw.decode(order, "replace") for order in ("utf-16-le", "utf-16-be")),
        key=lambda text: sum(letter.isascii() and letter != "\0" for letter in text),
    )


def decode_together(texts: Sequence[str]) -> list[str]:
    """Texts whose code page is not known, decoded by the one that suits all of them.

    Args:
        texts: bytes beyond ASCII stand in them as lone surrogates, as Python's "surrogateescape" has it. Texts without
            any are left as they are.
    """
    page = code_page("\n".join(text for text in texts if _is_raw(text)).encode(_UNICODE, "surrogateescape"))
    return [decoded(text.encode(_UNICODE, "surrogateescape"), page) if _is_raw(text) else text for text in texts]


def _is_raw(text: str) -> bool:
    return any("\udc80" <= letter <= "\udcff" for letter in text)


def _score(raw: bytes, page: _Page) -> float | None:
    """How good the text in that page looks, for each letter beyond ASCII; None where it cannot be in it."""
    try:
        text = raw.decode(page.name)
    except UnicodeDecodeError:
        return None
    scripts = tuple(page.script.split("|"))
    total, count = 0.0, 0
    for before, letter, after in zip(" " + text, text, text[1:] + " ", strict=False):
        if letter.isascii():
            continue
        count += 1
        if page.rows != (0, 0):
            total += _of_asian(letter, page, scripts)
        else:
            total += _of_alphabet(before, letter, after, page, scripts)
    return total / count if count else None


def _of_alphabet(before: str, letter: str, after: str, page: _Page, scripts: tuple[str, ...]) -> float:
    if letter in _MARKS or letter == "\xa0":
        return 0.0 if before.isalpha() and after.isalpha() and letter not in "’‘´" else 0.6
    if not letter.isalpha() and not unicodedata.combining(letter):
        return 0.5 if letter in _SIGNS and not before.isalpha() else -1.5
    if not _is_in(letter, scripts):
        return -1.5
    value = 1.5 if letter.lower() in page.frequent else 0.7
    if letter.isupper() and before.islower():
        value -= 1.5
    neighbours = [other for other in (before, after) if other.isalpha()]
    if scripts == ("LATIN",):
        value -= sum(not other.isascii() for other in neighbours)
    else:
        value -= 1.5 * sum(other.isascii() for other in neighbours)
    return value


def _of_asian(letter: str, page: _Page, scripts: tuple[str, ...]) -> float:
    if "HALFWIDTH" in unicodedata.name(letter, "") or 0xE000 <= ord(letter) <= 0xF8FF:
        return -1.0
    if letter in page.frequent:
        return 2.0
    if not letter.isalpha():
        return 0.3 if unicodedata.name(letter, "").startswith(("IDEOGRAPHIC", "FULLWIDTH", "KATAKANA")) else -0.5
    if not _is_in(letter, scripts):
        return -1.0
    if not _is_in(letter, ("CJK", "HANGUL")):
        return 1.5  # kana
    first = letter.encode(page.name)[0]
    return 1.0 if page.rows[0] <= first <= page.rows[1] else -0.3


def _is_in(letter: str, scripts: tuple[str, ...]) -> bool:
    return unicodedata.name(letter, "").startswith(scripts)
