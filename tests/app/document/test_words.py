"""Numbers and names within sentences."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import app
from app.document.words import isolate_names, isolated, plural

HEBREW, ARABIC = "שיר ערב", "أغنية"


def test_one_is_not_many() -> None:
    assert [plural(count, "section") for count in (0, 1, 2, 1234)] == [
        "0 sections",
        "1 section",
        "2 sections",
        "1\u2009234 sections",
    ]
    assert plural(1, "copy", "copies") == "1 copy"
    assert plural(3, "copy", "copies") == "3 copies"


def test_no_plural_is_made_by_hand() -> None:
    by_hand = re.compile(r"""(else|if [^{}]*) ["']s["']|["']s["'] if|\} (sections|clips|songs|tracks|epochs|lanes)\b""")
    found = [
        f"{path}:{number}: {line.strip()}"
        for path in Path(app.__file__).parent.rglob("*.py")
        if path.name not in ("words.py", "smoke.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if by_hand.search(line) and "plural(" not in line
    ]
    assert found == []


def test_a_name_from_right_to_left_turns_nothing_around_it() -> None:
    assert isolated("Hollow Engine") == "Hollow Engine"
    assert isolated(HEBREW) == f"\u2068{HEBREW}\u2069"
    assert isolate_names(f"“{ARABIC}” and “Tin” are finished.") == f"“\u2068{ARABIC}\u2069” and “Tin” are finished."


@given(st.text(alphabet=f"ab 1{HEBREW}{ARABIC}\u202e\u202b\u2066\u2067\u2069\u202c\u200f"))
def test_what_turns_never_reaches_beyond_a_name(name: str) -> None:
    shown = isolated(name)
    inside = shown.removeprefix("\u2068").removesuffix("\u2069")
    assert not set(inside) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert isolate_names(isolate_names(f"“{name}” is there.")) == isolate_names(f"“{name}” is there.")
